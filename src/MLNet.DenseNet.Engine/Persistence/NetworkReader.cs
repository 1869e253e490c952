using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Reads the layout of <see cref="NetworkFormat"/>. Every length is checked against what is there before memory is allocated for it.</summary>
internal static class NetworkReader
{
    /// <exception cref="FormatException">The data is not a network, damaged, or of a newer version.</exception>
    public static Network Read(BinaryReader source)
    {
        if (!source.BaseStream.CanSeek)
            throw new ArgumentException("A network is read from a seekable stream; copy the data to memory first.", nameof(source));
        return NetworkFormat.Frame.Read(source, (reader, _) => ReadContents(reader, source.BaseStream));
    }

    private static Network ReadContents(BinaryReader reader, Stream inner)
    {
        var dimensions = new int[ReadCount(reader, "dimensions", Shape.MaxDimensions)];
        for (var i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        var layers = ReadLayers(reader);

        var inputShape = new Shape(dimensions);
        var expected = NetworkSizes.Of(inputShape, layers).ValueCount;
        var count = reader.ReadInt32();
        if (count != expected)
            throw new DamageException(FormattableString.Invariant($"its layers have {expected} values, {count} are given"));
        if (count > (inner.Length - inner.Position) / sizeof(float))
            throw new DamageException("it ends before its parameters do");

        var network = NetworkBuilder.Build(inputShape, layers);
        foreach (var parameter in network.Parameters)
        {
            var values = new float[parameter.Shape.Size];
            FloatBytes.Read(reader.BaseStream, values);
            parameter.Set(values);
            if (!FiniteValues.All(values))
                throw new DamageException($"its parameter '{parameter.Name}' has values that are not finite");
        }

        return network;
    }

    private static Layer[] ReadLayers(BinaryReader reader)
    {
        using var layers = new LayerReader(reader.BaseStream);
        return layers.ReadLayers(ReadCount(layers, "layers", Layer.MaxCount), mayEndInEnsemble: true);
    }

    /// <summary>More than a network can have are taken for damage.</summary>
    private static int ReadCount(BinaryReader reader, string what, int highest)
    {
        var count = reader.ReadInt32();
        return count >= 1 && count <= highest ? count : throw new DamageException(FormattableString.Invariant($"it has {count} {what}, expected 1 to {highest}"));
    }
}
