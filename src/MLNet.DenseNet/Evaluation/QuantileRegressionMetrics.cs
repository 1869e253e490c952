namespace MLNet.DenseNet;

/// <summary>How good a regression of several quantiles is: over all quantiles, quantile by quantile, and the intervals between them.</summary>
public sealed class QuantileRegressionMetrics
{
    internal QuantileRegressionMetrics(IReadOnlyList<QuantileMetrics> quantiles, QuantileIntervalMetrics? interval) =>
        (Quantiles, Interval, MeanPinballLoss) = (quantiles, interval, quantiles.Average(quantile => quantile.PinballLoss));

    /// <summary>The mean over rows and quantiles of the pinball loss, in the label's units: what a <see cref="MultiQuantileLoss"/> makes small. It judges all at once: shares that are right with intervals that are too wide, and narrow intervals with shares that are wrong, both make it larger.</summary>
    public double MeanPinballLoss { get; }

    /// <summary>Of each quantile, ascending.</summary>
    public IReadOnlyList<QuantileMetrics> Quantiles { get; }

    /// <summary>Of the intervals between the lowest and the highest quantile; null where there is only one.</summary>
    public QuantileIntervalMetrics? Interval { get; }

    /// <summary>All metrics but the losses of single quantiles, in a line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Quantiles.Count} quantile{(Quantiles.Count == 1 ? "" : "s")}: mean pinball loss {MeanPinballLoss:G4}, coverage ")
        + string.Join(", ", Quantiles.Select(quantile => FormattableString.Invariant($"of {quantile.Quantile}: {quantile.Coverage:F4}")))
        + (Interval is null ? "" : FormattableString.Invariant($"; intervals of {Interval.Confidence:G4}: {Interval.Coverage:F4} inside, mean width {Interval.MeanWidth:G4}"));
}
