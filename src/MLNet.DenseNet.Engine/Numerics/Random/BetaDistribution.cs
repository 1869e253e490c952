namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Numbers from the symmetric beta distribution Beta(alpha, alpha), the same bits everywhere.</summary>
/// <remarks>
/// x / (x + y) for x and y from Gamma(alpha). Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), make them: a number from Gamma(alpha + 1)
/// by rejection, times u^(1 / alpha) for a uniform u. It is computed in logarithms, since for a small alpha x and y are too small for float32.
/// </remarks>
internal static class BetaDistribution
{
    // An attempt takes one position and is accepted 19 times out of 20, so this many positions do not run out.
    private const int PositionsOfGamma = 1 << 10;

    // Numbers are 0 or 1 long before. Logarithms of smaller ones could be infinite.
    private const float SmallestAlpha = 1e-30f;

    /// <param name="alpha">Above 0.</param>
    /// <param name="random">Where the number comes from.</param>
    /// <param name="position">The first of 2048 positions that belong to this number.</param>
    /// <returns>In [0, 1].</returns>
    public static float Draw(float alpha, RandomBits random, ulong position) =>
        ElementaryFunctions.Sigmoid(new Scalar(LogGamma(alpha, random, position) - LogGamma(alpha, random, position + PositionsOfGamma))).Value;

    /// <summary>The logarithm of a number from Gamma(alpha).</summary>
    private static float LogGamma(float alpha, RandomBits random, ulong position)
    {
        alpha = Math.Max(alpha, SmallestAlpha);
        var d = alpha + 1 - 1f / 3;
        var c = 1 / MathF.Sqrt(9 * d);
        while (true)
        {
            var (normal, uniform, power, _) = random[position++];
            var x = ElementaryFunctions.NormalQuantile(new Scalar(UniformNumbers.BetweenSigns(normal))).Value;
            var root = 1 + c * x;
            if (root <= 0)
                continue;
            var v = root * root * root;
            if (Log(UniformNumbers.BetweenZeroAndOne(uniform)) < 0.5f * x * x + d - d * v + d * Log(v))
                return Log(d * v) + Log(UniformNumbers.BetweenZeroAndOne(power)) / alpha;
        }
    }

    private static float Log(float x) => ElementaryFunctions.Log(new Scalar(x)).Value;
}
