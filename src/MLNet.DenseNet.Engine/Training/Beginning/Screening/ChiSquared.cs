namespace MLNet.DenseNet.Engine;

/// <summary>The distribution of a sum of squares of normal numbers, divided by how many these are, so that its mean is 1.</summary>
/// <remarks>Wilson and Hilferty, "The distribution of chi-square" (1931): its cube root is nearly normal. With whole powers and roots alone, it has the same bits on every machine.</remarks>
internal static class ChiSquared
{
    /// <summary>The value below which a normal number of as many deviations says that it lies; 0 deviations for the median.</summary>
    /// <param name="degrees">How many squares add up, above 0.</param>
    /// <param name="deviations">Of a standard normal distribution.</param>
    public static double Quantile(double degrees, double deviations)
    {
        var variance = 2 / (9 * degrees);
        var root = 1 - variance + deviations * Math.Sqrt(variance);
        return root * root * root;
    }

    /// <summary>How surely a sum of squares is no such one: 1 - c / F, where F is its mean square and c a quantile, at least 0.</summary>
    /// <param name="sum">The sum of squares.</param>
    /// <param name="degrees">How many add up, above 0.</param>
    /// <param name="deviations">Those of the quantile.</param>
    public static double Excess(double sum, double degrees, double deviations) => Math.Max(0, 1 - degrees * Quantile(degrees, deviations) / sum);
}
