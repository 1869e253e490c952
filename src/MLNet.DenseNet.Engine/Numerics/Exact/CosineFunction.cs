namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The cosine in float64 as a polynomial of correctly rounded operations, so that it gives the same bits on every machine.</summary>
internal static class CosineFunction
{
    // The Taylor coefficients of x^(2k+1) in the sine. On [-pi/2, pi/2] the rest of the series is below 1e-17.
    private static readonly double[] SineSeries =
    [
        1, -1.0 / 6, 1.0 / 120, -1.0 / 5_040, 1.0 / 362_880, -1.0 / 39_916_800, 1.0 / 6_227_020_800, -1.0 / 1_307_674_368_000,
        1.0 / 355_687_428_096_000, -1.0 / 121_645_100_408_832_000, 1.0 / 51_090_942_171_709_440_000d,
    ];

    /// <summary>cos(pi x) for x in [0, 1], within 1e-15.</summary>
    public static double OfHalfTurns(double x)
    {
        var angle = Math.PI * (0.5 - x);
        var square = angle * angle;
        var sum = 0.0;
        for (var k = SineSeries.Length - 1; k >= 0; k--)
            sum = sum * square + SineSeries[k];
        return sum * angle;
    }
}
