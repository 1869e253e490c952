using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Normally distributed noise of counter-based random bits. A word makes two values, the coordinates of a point in the plane: its upper half gives the distance from 0,
/// its lower half the direction. Box and Muller, "A note on the generation of random normal deviates" (1958).
/// </summary>
internal static unsafe class NormalNoise
{
    private const int HalfWord = 16;
    private const int HalfWordValues = 1 << HalfWord;

    // Value i of the first half of a group and value i of its second half come from the same word.
    private const int GroupValues = 32;
    private const int GroupWords = GroupValues / 2;
    private const int GroupsAtOnce = 8;

    /// <summary>values[i] += deviations[i] * z[i] for independent standard normal z[i], each determined by its position and within -4.86 and 4.86.</summary>
    /// <param name="values">(length).</param>
    /// <param name="deviations">(length).</param>
    /// <param name="length">How many.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="position">The first position; each makes eight values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>The upper half of each word as the middle of one of 2^16 equal pieces of (0, 1), the lower half as that of one of (-1, 1). Every operation is exact.</summary>
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
