namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Numbers from the symmetric beta distribution Beta(alpha, alpha), the same bits everywhere.</summary>
/// <remarks>
/// x / (x + y) for x and y from Gamma(alpha), by Marsaglia and Tsang, "A simple method for generating gamma variables" (2000): those of Gamma(alpha + 1) by
/// rejection, times u^(1/alpha). In logarithms, since x and y themselves are too small for float32 where alpha is small.
/// </remarks>
internal static class BetaDistribution
{
    // Each attempt takes a position and is accepted 19 times out of 20.
    private const int PositionsOfGamma = 1 << 10;

    /// <param name="alpha">Above 0.</param>
    /// <param name="random">Where the number comes from.</param>
    /// <param name="position">The first of some thousand positions.</param>
    /// <returns>In [0, 1].</returns>
    public static float Draw(float alpha, RandomBits random, ulong position) =>
        ElementaryFunctions.Sigmoid(new Scalar(LogGamma(alpha, random, position) - LogGamma(alpha, random, position + PositionsOfGamma))).Value;

    /// <summary>The logarithm of a number from Gamma(alpha).</summary>
    private static float LogGamma(float alpha, RandomBits random, ulong position)
    {
        var d = alpha + 1 - 1f / 3;
        var c = 1 / MathF.Sqrt(9 * d);
        while (true)
        {
            var (normal, uniform, power, _) = random[position++];
            var x = ElementaryFunctions.NormalQuantile(new Scalar(ToOpenInterval(normal, lowest: -1))).Value;
            var root = 1 + c * x;
            if (root <= 0)
                continue;
            var v = root * root * root;
            if (Log(ToOpenInterval(uniform, lowest: 0)) < 0.5f * x * x + d - d * v + d * Log(v))
                return Log(d * v) + Log(ToOpenInterval(power, lowest: 0)) / alpha;
        }
    }

    private static float ToOpenInterval(uint word, int lowest) =>
        lowest == 0 ? ((word >> 9) + 0.5f) * (1f / (1 << 23)) : ((int)(word >> 8) - (1 << 23) + 0.5f) * (1f / (1 << 23));

    private static float Log(float x) => ElementaryFunctions.Log(new Scalar(x)).Value;
}
