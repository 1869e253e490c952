namespace MLNet.DenseNet.Engine;

/// <summary>Writes a network in the layout of <see cref="NetworkFormat"/>.</summary>
internal static class NetworkWriter
{
    public static void Write(Network network, BinaryWriter destination) => NetworkFormat.Frame.Write(destination, writer =>
    {
        WriteLayers(network, writer);
        writer.Write(network.Parameters.Sum(p => p.Shape.Size));
        foreach (var parameter in network.Parameters)
            FloatBytes.Write(parameter.ToArray(), writer);
    });

    /// <summary>Whether two networks have the same layers in all their settings, such as the columns of an embedding, of which their text has the number only.</summary>
    public static bool HaveSameLayers(Network network, Network other) => LayersOf(network).AsSpan().SequenceEqual(LayersOf(other));

    private static byte[] LayersOf(Network network)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        WriteLayers(network, writer);
        return stream.ToArray();
    }

    private static void WriteLayers(Network network, BinaryWriter writer)
    {
        writer.Write(network.InputShape.Dimensions.Length);
        foreach (var dimension in network.InputShape.Dimensions)
            writer.Write(dimension);
        LayerKinds.WriteInner([.. network.Layers.Select(layer => layer.Layer)], writer);
    }
}
