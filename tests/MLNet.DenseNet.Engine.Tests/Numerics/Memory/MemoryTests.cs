using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class MemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(4096)]
    public unsafe void Buffer_is_zeroed_and_starts_at_a_multiple_of_64_bytes(int length)
    {
        var buffer = new AlignedBuffer(length);
        Assert.Equal(new float[length], buffer.Span.ToArray());
        if (length > 0)
            Assert.Equal(0, (nint)Unsafe.AsPointer(ref buffer.Span[0]) % 64);
    }

    /// <summary>Products of sizes are computed in 64 bits, so none overflows to a small number.</summary>
    [Theory]
    [InlineData(-1L)]
    [InlineData((long)AlignedBuffer.MaxLength + 1)]
    [InlineData(1024L * 4_359_200)]
    [InlineData(1L << 32)]
    public void Lengths_that_one_block_cannot_hold_are_refused(long length) =>
        Assert.Contains("A block of memory holds at most 2,147,418,112 values", Assert.Throws<ArgumentOutOfRangeException>(nameof(length), () => new AlignedBuffer(length)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    public void Lengths_round_up_to_whole_units(int length, int expected) => Assert.Equal(expected, AlignedBuffer.RoundUp(length));

    [Fact]
    public void A_value_that_is_not_finite_is_found_wherever_it_is()
    {
        for (var length = 0; length <= 40; length++)
        {
            var values = Enumerable.Repeat(float.MaxValue, length).ToArray();
            Assert.True(FiniteValues.All(values));
            for (var i = 0; i < length; i++)
            {
                foreach (var bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                {
                    values[i] = bad;
                    Assert.False(FiniteValues.All(values));
                    values[i] = 0;
                }
            }
        }
    }

    /// <summary>Bytes of 2 GiB and more do not fit one span. The memory is zero, and none is taken for it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData((1 << 20) - 1)]
    [InlineData((1 << 20) + 1)]
    [InlineData((1 << 29) + 1)]
    public unsafe void Values_of_any_number_are_written_as_bytes(int count)
    {
        var values = (float*)NativeMemory.AllocZeroed((nuint)count, sizeof(float));
        try
        {
            if (count > 0)
                values[count - 1] = 1;
            using var stream = new ChecksumStream(Stream.Null);
            RawBytes.Write(stream, new ReadOnlySpan<float>(values, count));
            Assert.Equal((long)count * sizeof(float), stream.Count);

            if (count > 1 << 29)
                return;
            using var whole = new ChecksumStream(Stream.Null);
            whole.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(values, count)));
            Assert.Equal(whole.Checksum, stream.Checksum);
        }
        finally
        {
            NativeMemory.Free(values);
        }
    }
}
