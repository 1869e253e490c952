using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Drops elements at random, by 16 random bits each: dropout.</summary>
internal static class RandomMask
{
    /// <summary>The elements of a group, which takes <see cref="Words"/> words: their lower bits are for its first half, their upper bits for its second half.</summary>
    public const int Elements = 32;

    /// <summary>The words of a group.</summary>
    public const int Words = Elements / 2;

    /// <summary>How many values 16 bits have.</summary>
    public const int Values = 1 << 16;

    /// <summary>destination[i] = 0 where the element's bits are below the threshold, else scale * source[i].</summary>
    /// <param name="words">At least <see cref="Words"/> for each group of the elements, the last one included.</param>
    /// <param name="threshold">From 0, which drops none, to <see cref="Values"/>, which drops all.</param>
    /// <param name="scale">The factor of the elements that are kept.</param>
    /// <param name="source">(count).</param>
    /// <param name="destination">(count); may be the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Apply(ReadOnlySpan<uint> words, uint threshold, float scale, ReadOnlySpan<float> source, Span<float> destination)
    {
        Lengths.Check(destination.Length, source.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(words.Length, (source.Length + Elements - 1) / Elements * Words);
        fixed (uint* bits = words)
        fixed (float* from = source, to = destination)
        {
            var index = 0;
            var word = bits;
            for (; index <= source.Length - Elements; index += Elements, word += Words)
            {
                if (Vector512.IsHardwareAccelerated)
                {
                    var both = Vector512.Load(word);
                    Keep(both & Vector512.Create(Values - 1u), threshold, scale, from + index, to + index);
                    Keep(both >> 16, threshold, scale, from + index + Words, to + index + Words);
                    continue;
                }

                for (var i = 0; i < Words; i += Vector256<uint>.Count)
                {
                    var both = Vector256.Load(word + i);
                    Keep(both & Vector256.Create(Values - 1u), threshold, scale, from + index + i, to + index + i);
                    Keep(both >> 16, threshold, scale, from + index + Words + i, to + index + Words + i);
                }
            }

            for (var rest = 0; index < source.Length; rest++, index++)
            {
                var both = word[rest % Words];
                to[index] = (rest < Words ? both & (Values - 1) : both >> 16) < threshold ? 0 : from[index] * scale;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Keep(Vector512<uint> bits, uint threshold, float scale, float* source, float* destination)
    {
        var keep = Vector512.GreaterThanOrEqual(bits, Vector512.Create(threshold)).AsSingle();
        Vector512.ConditionalSelect(keep, Vector512.Load(source) * scale, Vector512<float>.Zero).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Keep(Vector256<uint> bits, uint threshold, float scale, float* source, float* destination)
    {
        var keep = Vector256.GreaterThanOrEqual(bits, Vector256.Create(threshold)).AsSingle();
        Vector256.ConditionalSelect(keep, Vector256.Load(source) * scale, Vector256<float>.Zero).Store(destination);
    }
}
