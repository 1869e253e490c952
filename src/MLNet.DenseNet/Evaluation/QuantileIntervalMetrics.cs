namespace MLNet.DenseNet;

/// <summary>How good the intervals between the lowest and the highest of several predicted quantiles are: of two that hold as many labels the narrower is the better one.</summary>
public sealed class QuantileIntervalMetrics
{
    internal QuantileIntervalMetrics(double confidence, double coverage, double meanWidth) => (Confidence, Coverage, MeanWidth) = (confidence, coverage, meanWidth);

    /// <summary>The share of labels that should be inside: the highest quantile minus the lowest.</summary>
    public double Confidence { get; }

    /// <summary>The share of labels that are inside, the ends included, in [0, 1].</summary>
    public double Coverage { get; }

    /// <summary>The mean over rows of the highest quantile's score minus the lowest one's.</summary>
    public double MeanWidth { get; }
}
