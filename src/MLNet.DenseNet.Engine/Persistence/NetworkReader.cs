using System.Text;
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

        var stream = new ChecksumStream(source.BaseStream);
        try
        {
            Network network;
            using (var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true))
                network = Read(reader, stream, source.BaseStream);
            if (source.ReadUInt32() != stream.Checksum)
                throw new DamageException("its checksum does not fit its bytes");
            return network;
        }
        // What the constructors of shapes and layers refuse was never saved, nor what a compressed stream cannot make bytes of.
        catch (Exception exception) when (exception is DamageException or EndOfStreamException or ArgumentException or OverflowException or InvalidDataException)
        {
            throw new FormatException($"The saved network is damaged: {DamageException.Describe(exception, stream)}.", exception);
        }
    }

    private static Network Read(BinaryReader reader, ChecksumStream stream, Stream inner)
    {
        Span<byte> signature = stackalloc byte[NetworkFormat.Signature.Length];
        reader.BaseStream.ReadExactly(signature);
        if (!signature.SequenceEqual(NetworkFormat.Signature))
            throw new FormatException("The data is not a saved network: its signature is missing.");
        var version = reader.ReadUInt16();
        if (version != NetworkFormat.Version)
            throw new FormatException($"The saved network is of version {version}; this library reads version {NetworkFormat.Version}.");

        var dimensions = new int[ReadCount(reader, "dimensions", NetworkFormat.MaxDimensions)];
        for (var i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        var layers = new Layer[ReadCount(reader, "layers", NetworkFormat.MaxLayers)];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = LayerKinds.Read(reader, mayBeEnsemble: i == layers.Length - 1);

        var inputShape = new Shape(dimensions);
        var expected = Network.Measure(inputShape, layers).ValueCount;
        var count = reader.ReadInt32();
        if (count != expected)
            throw new DamageException(FormattableString.Invariant($"its layers have {expected} values, {count} are given"));
        if (count == 0)
            throw new DamageException("it has no parameters");
        if (count > (inner.Length - inner.Position) / sizeof(float))
            throw new DamageException("it ends before its parameters do");

        var network = Network.CreateUninitialized(inputShape, layers);
        foreach (var parameter in network.Parameters)
        {
            var values = new float[parameter.Shape.Size];
            FloatBytes.Read(stream, values);
            parameter.Set(values);
            if (!FiniteValues.All(values))
                throw new DamageException($"its parameter '{parameter.Name}' has values that are not finite");
        }

        return network;
    }

    private static int ReadCount(BinaryReader reader, string what, int highest)
    {
        var count = reader.ReadInt32();
        return count >= 1 && count <= highest ? count : throw new DamageException(FormattableString.Invariant($"it has {count} {what}, expected 1 to {highest}"));
    }
}
