using System.Text;

namespace MLNet.DenseNet.Engine;

/// <summary>Writes a network in the layout of <see cref="NetworkFormat"/>.</summary>
internal static class NetworkWriter
{
    public static void Write(Network network, BinaryWriter destination) => NetworkFormat.Frame.Write(destination, writer =>
    {
        writer.Write(network.InputShape.Dimensions.Length);
        foreach (var dimension in network.InputShape.Dimensions)
            writer.Write(dimension);
        WriteLayers(network, writer);
        writer.Write(network.Parameters.Sum(p => p.Shape.Size));
        foreach (var parameter in network.Parameters)
            FloatBytes.Write(parameter.ToArray(), writer);
    });

    /// <summary>Writes the layers with all their settings, without parameters.</summary>
    public static void WriteLayers(Network network, Stream destination)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        WriteLayers(network, writer);
    }

    /// <summary>Whether parameters of one network mean the same in another: layers are the same in all settings, such as the columns of an embedding, of which their text has the number only. What a standardization makes of missing values is left out: its statistics do not depend on it.</summary>
    public static bool HaveSameLayers(Network network, Network other) =>
        network.InputShape == other.InputShape && network.Layers.Count == other.Layers.Count && network.Layers.Zip(other.Layers).All(pair => AreSame(pair.First.Layer, pair.Second.Layer));

    private static void WriteLayers(Network network, BinaryWriter destination) => LayerKinds.WriteInner([.. network.Layers.Select(layer => layer.Layer)], destination);

    private static bool AreSame(Layer layer, Layer other) =>
        (layer, other) is (StandardizationLayer one, StandardizationLayer another) ? one.Limit == another.Limit : Bytes(layer).AsSpan().SequenceEqual(Bytes(other));

    private static byte[] Bytes(Layer layer)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        LayerKinds.Write(layer, writer);
        return stream.ToArray();
    }
}
