namespace MLNet.DenseNet.Benchmarks;

/// <summary>How good a multi-label classification is.</summary>
/// <param name="MicroF1">Over the labels of all rows together.</param>
/// <param name="MacroF1">The mean of the labels' F1.</param>
/// <param name="SubsetAccuracy">The share of rows all of whose labels are right.</param>
/// <param name="RankingLoss">The share of pairs of a true and a false label in the wrong order.</param>
internal sealed record MultiLabelScore(double MicroF1, double MacroF1, double SubsetAccuracy, double RankingLoss)
{
    public static MultiLabelScore Of(MultiLabelMetrics metrics) => new(metrics.MicroF1, metrics.MacroF1, metrics.SubsetAccuracy, metrics.RankingLoss);

    public IReadOnlyList<double> Values => [MicroF1, MacroF1, SubsetAccuracy, RankingLoss];

    /// <summary>The formulas of both sides are the same, or a comparison tells nothing.</summary>
    public static void CheckSame(MultiLabelScore ours, MultiLabelScore theirs)
    {
        if (ours.Values.Zip(theirs.Values).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-9))
            throw new InvalidOperationException($"Of the same scores, our metrics are {ours}, those of scikit-learn {theirs}.");
    }
}
