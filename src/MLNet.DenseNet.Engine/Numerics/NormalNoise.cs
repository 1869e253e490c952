using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Normally distributed noise of counter-based random bits: one word for each value, through the quantile function.</summary>
internal static unsafe class NormalNoise
{
    private const int ValuesAtOnce = 256;

    /// <summary>values[i] += deviations[i] * z[i] for independent standard normal z, each from -5.4 to 5.4 by its position.</summary>
    /// <param name="values">(length).</param>
    /// <param name="deviations">(length).</param>
    /// <param name="length">How many.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="position">The first position; each stands for four values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* values, float* deviations, int length, RandomBits random, ulong position)
    {
        var uniform = stackalloc float[ValuesAtOnce];
        for (var first = 0; first < length; first += ValuesAtOnce)
        {
            var count = Math.Min(ValuesAtOnce, length - first);
            random.Fill(MemoryMarshal.Cast<float, uint>(new Span<float>(uniform, count)), position + (ulong)(first / RandomBits.WordsOfPosition));
            // Whole vectors: what lies behind the last value is not looked at.
            for (var i = 0; i < count; i += Vector<float>.Count)
                ToOpenInterval(Vector.Load((int*)uniform + i)).Store(uniform + i);
            Elementwise.Run(new Kernel(uniform, deviations + first, values + first), count);
        }
    }

    /// <summary>The middle of one of 2^24 equal parts of (-1, 1); every operation is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ToOpenInterval(Vector<int> words) =>
        (Vector.ConvertToSingle(Vector.ShiftRightLogical(words, 8) - new Vector<int>(1 << 23)) + new Vector<float>(0.5f)) * (1f / (1 << 23));

    private readonly struct Kernel(float* uniform, float* deviations, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Load(deviations + index), ElementaryFunctions.NormalQuantile(TV.Load(uniform + index)), TV.Load(values + index)).Store(values + index);
    }
}
