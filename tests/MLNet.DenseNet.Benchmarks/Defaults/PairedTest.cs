using MathNet.Numerics.Distributions;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Whether two trainers differ on a table by more than chance: the t-test of their differences fold by fold, whose variance is corrected for folds that learn from the same rows. Nadeau and Bengio, "Inference for the generalization error" (2003), section 3.</summary>
internal static class PairedTest
{
    /// <summary>The probability that the difference of what folds say would be as large by chance alone; 1 where all are the same.</summary>
    /// <param name="differences">Of each fold, in turn for each repetition.</param>
    public static double Probability(double[] differences)
    {
        var (mean, error) = Measurements.Summarize(differences);
        // Of k folds, a test set is 1 / (k - 1) as large as what is learned from.
        var corrected = error * Math.Sqrt(1 + (double)differences.Length / (Fold.Count - 1));
        return corrected == 0 ? 1 : 2 * StudentT.CDF(0, 1, differences.Length - 1, -Math.Abs(mean) / corrected);
    }
}
