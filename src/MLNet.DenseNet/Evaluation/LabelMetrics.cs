namespace MLNet.DenseNet;

/// <summary>How good the predictions of one label of several are.</summary>
public sealed class LabelMetrics
{
    internal LabelMetrics(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) =>
        (TruePositives, FalsePositives, FalseNegatives, TrueNegatives) = (truePositives, falsePositives, falseNegatives, trueNegatives);

    /// <summary>Rows where it is true and predicted.</summary>
    public long TruePositives { get; }

    /// <summary>Rows where it is predicted, but false.</summary>
    public long FalsePositives { get; }

    /// <summary>Rows where it is true, but not predicted.</summary>
    public long FalseNegatives { get; }

    /// <summary>Rows where it is neither.</summary>
    public long TrueNegatives { get; }

    /// <summary>The share of rows where it is predicted right.</summary>
    public double Accuracy => (double)(TruePositives + TrueNegatives) / (TruePositives + TrueNegatives + FalsePositives + FalseNegatives);

    /// <summary>How often it is true where it is predicted; 0 where it never is predicted.</summary>
    public double Precision => Share(TruePositives, FalsePositives);

    /// <summary>How often it is predicted where it is true; 0 where it never is true.</summary>
    public double Recall => Share(TruePositives, FalseNegatives);

    /// <summary>The harmonic mean of precision and recall; 0 where it is never true nor predicted.</summary>
    public double F1 => F1Of(TruePositives, FalsePositives, FalseNegatives);

    internal static double F1Of(long truePositives, long falsePositives, long falseNegatives) =>
        truePositives == 0 ? 0 : 2.0 * truePositives / (2.0 * truePositives + falsePositives + falseNegatives);

    private static double Share(long right, long wrong) => right == 0 ? 0 : (double)right / (right + wrong);
}
