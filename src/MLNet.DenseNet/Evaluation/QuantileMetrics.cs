namespace MLNet.DenseNet;

/// <summary>How good the predictions of one quantile are.</summary>
public sealed class QuantileMetrics
{
    internal QuantileMetrics(float quantile, double pinballLoss, double coverage) => (Quantile, PinballLoss, Coverage) = (quantile, pinballLoss, coverage);

    /// <summary>The share of labels that should be at or below what is predicted, in (0, 1).</summary>
    public float Quantile { get; }

    /// <summary>The mean over rows of max(q e, (q - 1) e) for e = label - score, the loss that is smallest where the scores are the quantiles. As scikit-learn's mean_pinball_loss; Koenker and Bassett, "Regression quantiles" (1978).</summary>
    public double PinballLoss { get; }

    /// <summary>The share of labels that are at or below what is predicted, in [0, 1]: near to <see cref="Quantile"/> where the predictions are right.</summary>
    public double Coverage { get; }
}
