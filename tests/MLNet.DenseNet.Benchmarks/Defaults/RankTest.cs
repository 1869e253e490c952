using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using MathNet.Numerics.RootFinding;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// Whether trainers differ in their mean ranks over tables by more than chance: Friedman's test, without a correction for equal ranks, and that of Nemenyi for which of them. Demšar, "Statistical comparisons of classifiers over multiple data sets" (2006), section 3.2.
/// </summary>
/// <param name="meanRanks">Of each trainer, over all tables.</param>
/// <param name="tables">How many tables.</param>
internal sealed class RankTest(IReadOnlyList<double> meanRanks, int tables)
{
    private const double Significance = 0.05;

    private double Trainers => meanRanks.Count;

    /// <summary>12 N / (k (k + 1)) (Σ of squared mean ranks - k (k + 1)² / 4) for k trainers and N tables.</summary>
    public double ChiSquared => 12 * tables / (Trainers * (Trainers + 1)) * (meanRanks.Sum(rank => rank * rank) - Trainers * (Trainers + 1) * (Trainers + 1) / 4);

    /// <summary>How probable so large a value is where trainers differ by chance alone; it follows a chi-squared distribution with k - 1 degrees of freedom then.</summary>
    public double Probability => SpecialFunctions.GammaUpperRegularized((Trainers - 1) / 2, Math.Max(0, ChiSquared) / 2);

    /// <summary>The difference of two mean ranks from which on it is significant: q √(k (k + 1) / 6N), where q √2 is what the range of k standard normal numbers exceeds with a probability of 5 %.</summary>
    public double CriticalDifference { get; } = CriticalDifferenceOf(meanRanks.Count, tables);

    private static double CriticalDifferenceOf(double trainers, int tables) =>
        Brent.FindRoot(range => RangeProbability(range, trainers) - (1 - Significance), 0.1, 20) / Math.Sqrt(2) * Math.Sqrt(trainers * (trainers + 1) / (6 * tables));

    /// <summary>The probability that k standard normal numbers lie no farther apart: the integral of k times the density of the least one, times the probability that the others lie up to the range above it.</summary>
    private static double RangeProbability(double range, double trainers) => GaussLegendreRule.Integrate(
        least => trainers * Normal.PDF(0, 1, least) * Math.Pow(Normal.CDF(0, 1, least + range) - Normal.CDF(0, 1, least), trainers - 1), -9, 9, order: 128);
}
