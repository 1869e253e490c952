namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Uniformly distributed numbers of counter-based random bits.</summary>
internal static class UniformNumbers
{
    private const int Bits = 24;
    private const int Half = 1 << (Bits - 1);

    /// <summary>A word as a number from the uniform distribution over [-1, 1): one of 2^24 equally spaced ones.</summary>
    public static float Of(uint word) => ((int)(word >> (32 - Bits)) - Half) * (1f / Half);

    /// <summary>A word as a number from (-1, 1), neither end included: the middle of one of 2^24 equal pieces.</summary>
    public static float BetweenSigns(uint word) => ((int)(word >> (32 - Bits)) - Half + 0.5f) * (1f / Half);

    /// <summary>A word as a number from (0, 1), neither end included: the middle of one of 2^23 equal pieces, the most whose middles float32 can tell from 1.</summary>
    public static float BetweenZeroAndOne(uint word) => ((word >> (32 - Bits + 1)) + 0.5f) * (1f / Half);

    /// <summary>A word as a whole number from 0 to count - 1, each equally likely but for a bias below count / 2^32.</summary>
    public static int Index(uint word, int count) => (int)(((ulong)word * (uint)count) >> 32);

    /// <summary>Fills with numbers from the uniform distribution over [-limit, limit), each by its position.</summary>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="destination">The numbers.</param>
    /// <param name="limit">The largest magnitude.</param>
    /// <param name="first">The position of the first number.</param>
    public static void FillUniform(this RandomBits random, Span<float> destination, float limit, ulong first = 0)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = Of(random[first + (ulong)i].X0) * limit;
    }
}
