using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The sum of values that lie next to each other, in float32: 16 sums side by side, then these in pairs, then what fills no 16. The order depends on the length alone, whatever the width of vectors.</summary>
internal static unsafe class LaneSums
{
    /// <param name="term">What is summed.</param>
    /// <param name="length">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run<TTerm>(in TTerm term, int length) where TTerm : struct, ISumTerm
    {
        var lanes = stackalloc float[Simd512.Count];
        var (sum, index) = (Simd512.Broadcast(0f), 0);
        for (; index <= length - Simd512.Count; index += Simd512.Count)
            sum = term.Add(sum, index);
        var rest = new Scalar(0);
        for (; index < length; index++)
            rest = term.Add(rest, index);
        sum.Store(lanes);
        (Simd256.Load(lanes) + Simd256.Load(lanes + Simd256.Count)).Store(lanes);
        (Simd128.Load(lanes) + Simd128.Load(lanes + Simd128.Count)).Store(lanes);
        return lanes[0] + lanes[2] + (lanes[1] + lanes[3]) + rest.Value;
    }
}
