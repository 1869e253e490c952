using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Arrays of float32 as little-endian bytes.</summary>
internal static class FloatBytes
{
    public static void Write(ReadOnlySpan<float> values, BinaryWriter writer)
    {
        if (BitConverter.IsLittleEndian)
        {
            RawBytes.Write(writer.BaseStream, values);
        }
        else
        {
            foreach (var value in values)
                writer.Write(value);
        }
    }

    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    public static void Read(Stream stream, Span<float> values)
    {
        RawBytes.Read(stream, values);
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<float, int>(values);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
