using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Normally distributed noise of counter-based random bits. A word stands for two values: half of it for their distance from 0 in the plane, half for the direction.
/// Box and Muller, "A note on the generation of random normal deviates" (1958).
/// </summary>
internal static unsafe class NormalNoise
{
    private const int HalfWord = 16;
    private const int HalfWordValues = 1 << HalfWord;

    // Of as many values, the second half are the partners of the first.
    private const int GroupValues = 32;
    private const int GroupWords = GroupValues / 2;
    private const int GroupsAtOnce = 8;

    /// <summary>values[i] += deviations[i] * z[i] for independent standard normal z, each from -4.86 to 4.86 by its position.</summary>
    /// <param name="values">(length).</param>
    /// <param name="deviations">(length).</param>
    /// <param name="length">How many.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="position">The first position; each stands for eight values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Add(float* values, float* deviations, int length, RandomBits random, ulong position)
    {
        var shares = stackalloc float[GroupsAtOnce * GroupWords];
        var halfTurns = stackalloc float[GroupsAtOnce * GroupWords];
        var normal = stackalloc float[GroupsAtOnce * GroupValues];
        for (var first = 0; first < length; first += GroupsAtOnce * GroupValues)
        {
            var count = Math.Min(GroupsAtOnce * GroupValues, length - first);
            var words = (count + GroupValues - 1) / GroupValues * GroupWords;
            random.Fill(new Span<uint>(shares, words), position + (ulong)(first / 2 / RandomBits.WordsOfPosition));
            for (var i = 0; i < words; i += Vector<float>.Count)
                Split(Vector.Load((uint*)shares + i), shares + i, halfTurns + i);
            Elementwise.Run(new Pairs(shares, halfTurns, normal), words);
            Elementwise.Run(new Sum(normal, deviations + first, values + first), count);
        }
    }

    /// <summary>Words as the middles of 2^16 equal parts, of (0, 1) and of (-1, 1); every operation is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(Vector<uint> words, float* shares, float* halfTurns)
    {
        var (upper, lower) = (Vector.ShiftRightLogical(words, HalfWord).As<uint, int>(), (words & new Vector<uint>(HalfWordValues - 1)).As<uint, int>());
        var half = new Vector<float>(0.5f);
        ((Vector.ConvertToSingle(upper) + half) * (1f / HalfWordValues)).Store(shares);
        ((Vector.ConvertToSingle(lower - new Vector<int>(HalfWordValues / 2)) + half) * (2f / HalfWordValues)).Store(halfTurns);
    }

    private readonly struct Pairs(float* shares, float* halfTurns, float* normal) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var radius = TV.Sqrt(TV.Broadcast(-2f) * ElementaryFunctions.Log(TV.Load(shares + index)));
            var (sine, cosine) = ElementaryFunctions.SineAndCosine(TV.Load(halfTurns + index));
            var place = normal + index + (index & -GroupWords);
            (radius * cosine).Store(place);
            (radius * sine).Store(place + GroupWords);
        }
    }

    private readonly struct Sum(float* normal, float* deviations, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Load(deviations + index), TV.Load(normal + index), TV.Load(values + index)).Store(values + index);
    }
}
