using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Drops elements by random words.</summary>
internal static class RandomMask
{
    /// <summary>destination[i] = 0 where words[i] is below the threshold, else scale * source[i]. All spans are equally long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<uint> words, uint threshold, float scale, ReadOnlySpan<float> source, Span<float> destination)
    {
        Elementwise.CheckSameLength(source.Length, words.Length);
        Elementwise.CheckSameLength(destination.Length, words.Length);
        var index = 0;
        for (; index <= words.Length - Vector256<uint>.Count; index += Vector256<uint>.Count)
        {
            var keep = Vector256.GreaterThanOrEqual(Vector256.Create(words[index..]), Vector256.Create(threshold)).AsSingle();
            (Vector256.ConditionalSelect(keep, Vector256.Create(source[index..]) * scale, Vector256<float>.Zero)).CopyTo(destination[index..]);
        }

        for (; index < words.Length; index++)
            destination[index] = words[index] < threshold ? 0 : source[index] * scale;
    }
}
