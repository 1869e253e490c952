namespace MLNet.DenseNet;

/// <summary>How good a multi-label classification is, over all labels and label by label.</summary>
public sealed class MultiLabelMetrics
{
    internal MultiLabelMetrics(IReadOnlyList<LabelMetrics> labels, double subsetAccuracy, double rankingLoss)
    {
        (Labels, SubsetAccuracy, RankingLoss) = (labels, subsetAccuracy, rankingLoss);
        MicroF1 = LabelMetrics.F1Of(labels.Sum(label => label.TruePositives), labels.Sum(label => label.FalsePositives), labels.Sum(label => label.FalseNegatives));
        MacroF1 = labels.Average(label => label.F1);
        HammingLoss = labels.Average(label => 1 - label.Accuracy);
    }

    /// <summary>F1 over the labels of all rows together: 2 true positives / (2 true positives + false positives + false negatives), in [0, 1]; 0 where there are none of either.</summary>
    public double MicroF1 { get; }

    /// <summary>The mean of the labels' F1: rare labels count as much as frequent ones.</summary>
    public double MacroF1 { get; }

    /// <summary>The share of rows all of whose labels are predicted right.</summary>
    public double SubsetAccuracy { get; }

    /// <summary>The share of labels that are predicted wrong.</summary>
    public double HammingLoss { get; }

    /// <summary>
    /// The mean over rows of the share of pairs of a true and a false label whose scores are in the wrong order, or equal; rows with true labels only, or false ones only, have 0. As scikit-learn's label_ranking_loss; Tsoumakas, Katakis and
    /// Vlahavas, "Mining multi-label data" (2010).
    /// </summary>
    public double RankingLoss { get; }

    /// <summary>Of each label, in the order of the label column's slots.</summary>
    public IReadOnlyList<LabelMetrics> Labels { get; }

    /// <summary>The metrics over all labels, in a line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Labels.Count} labels: micro F1 {MicroF1:F4}, macro F1 {MacroF1:F4}, subset accuracy {SubsetAccuracy:F4}, Hamming loss {HammingLoss:F4}, ranking loss {RankingLoss:F4}");
}
