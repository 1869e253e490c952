namespace MLNet.DenseNet.Engine;

/// <summary>Writes a network in the layout of <see cref="NetworkFormat"/>.</summary>
internal static class NetworkWriter
{
    public static void Write(Network network, BinaryWriter destination) => NetworkFormat.Frame.Write(destination, writer =>
    {
        writer.Write(network.InputShape.Dimensions.Length);
        foreach (var dimension in network.InputShape.Dimensions)
            writer.Write(dimension);
        LayerKinds.WriteInner([.. network.Layers.Select(layer => layer.Layer)], writer);
        writer.Write(network.Parameters.Sum(p => p.Shape.Size));
        foreach (var parameter in network.Parameters)
            FloatBytes.Write(parameter.ToArray(), writer);
    });
}
