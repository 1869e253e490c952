using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Values as bytes in this machine's order, such as checksums are of.</summary>
internal static class RawBytes
{
    private const int ValuesOfSlice = 1 << 20;

    /// <summary>Writes them in slices whose number of bytes fits an int.</summary>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values) where T : unmanaged
    {
        for (; values.Length > ValuesOfSlice; values = values[ValuesOfSlice..])
            stream.Write(MemoryMarshal.AsBytes(values[..ValuesOfSlice]));
        stream.Write(MemoryMarshal.AsBytes(values));
    }
}
