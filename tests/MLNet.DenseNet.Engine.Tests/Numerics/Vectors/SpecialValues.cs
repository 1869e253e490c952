namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>The numbers that fast kernels get wrong: signed zeros, subnormal numbers, infinities and not-a-number.</summary>
internal static class SpecialValues
{
    public const float Smallest = float.Epsilon;
    public const float LargestSubnormal = 1.1754942e-38f;

    public static IReadOnlyList<float> All { get; } =
        [0, -0f, Smallest, -Smallest, 1e-39f, LargestSubnormal, -LargestSubnormal, float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    /// <summary>Ordinary numbers with a special one in every few places.</summary>
    public static float[] Among(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(8) == 0 ? All[random.Next(All.Count)] : 2 * random.NextSingle() - 1)];
    }

    /// <summary>Whether two results are the same to the bit, the sign of zeros included. All not-a-numbers count as the same.</summary>
    public static bool AreSame(float expected, float actual) =>
        float.IsNaN(expected) ? float.IsNaN(actual) : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual);
}
