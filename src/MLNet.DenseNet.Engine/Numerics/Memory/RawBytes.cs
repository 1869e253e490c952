using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Values as bytes in this machine's order, such as checksums are of.</summary>
internal static class RawBytes
{
    // The bytes of so many fit an int.
    private const int ValuesOfSlice = 1 << 20;

    /// <summary>Writes any number of them.</summary>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values) where T : unmanaged
    {
        for (; values.Length > ValuesOfSlice; values = values[ValuesOfSlice..])
            stream.Write(MemoryMarshal.AsBytes(values[..ValuesOfSlice]));
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Reads any number of them.</summary>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    public static void Read<T>(Stream stream, Span<T> values) where T : unmanaged
    {
        for (; values.Length > ValuesOfSlice; values = values[ValuesOfSlice..])
            stream.ReadExactly(MemoryMarshal.AsBytes(values[..ValuesOfSlice]));
        stream.ReadExactly(MemoryMarshal.AsBytes(values));
    }
}
