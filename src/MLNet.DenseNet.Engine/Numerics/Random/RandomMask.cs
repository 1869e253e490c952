using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Drops elements by 16 random bits each.</summary>
internal static class RandomMask
{
    /// <summary>Elements that share <see cref="Words"/> words: those of the first half take the lower bits, the others the upper ones.</summary>
    public const int Elements = 32;

    /// <summary>Words for <see cref="Elements"/> elements.</summary>
    public const int Words = Elements / 2;

    /// <summary>The values of 16 bits.</summary>
    public const int Values = 1 << 16;

    /// <summary>destination[i] = 0 where the element's bits are below the threshold, else scale * source[i].</summary>
    /// <param name="words">At least as many as the elements need.</param>
    /// <param name="threshold">From 0, which drops none, to <see cref="Values"/>, which drops all.</param>
    /// <param name="scale">A factor of the elements that stay.</param>
    /// <param name="source">The elements.</param>
    /// <param name="destination">As many; may be the source.</param>
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

                for (var part = 0; part < Words; part += Vector256<uint>.Count)
                {
                    var both = Vector256.Load(word + part);
                    Keep(both & Vector256.Create(Values - 1u), threshold, scale, from + index + part, to + index + part);
                    Keep(both >> 16, threshold, scale, from + index + Words + part, to + index + Words + part);
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
