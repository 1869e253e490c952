namespace MLNet.DenseNet.Engine.Tests.Persistence;

/// <summary>Networks as bytes and back, and bytes that a writer would never write.</summary>
internal static class SavedNetworks
{
    public static byte[] Save(Network network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    public static Network Load(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return Network.Load(stream);
    }

    /// <summary>Replaces the last four bytes by the checksum of those before, so that a change is not found by the checksum.</summary>
    public static byte[] WithRightChecksum(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using var checksummed = new ChecksumStream(stream);
        checksummed.Write(bytes.AsSpan(0, bytes.Length - sizeof(uint)));
        return [.. bytes[..^sizeof(uint)], .. BitConverter.GetBytes(checksummed.Checksum)];
    }

    /// <summary>The header of a network of one dense layer and then 8 bytes.</summary>
    public static byte[] HeaderOnly(int inputs, int units, int parameters)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("MLDN"u8);
        writer.Write((ushort)1);
        foreach (var value in (int[])[1, inputs, 1])
            writer.Write(value);
        writer.Write((byte)1);
        writer.Write(units);
        writer.Write((byte)1);
        writer.Write(parameters);
        writer.Write(0L);
        writer.Flush();
        return stream.ToArray();
    }
}
