using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>When to end training before the last epoch: after some epochs in a row that were no better than the best before them.</summary>
/// <remarks>Prechelt, "Early stopping - but when?" (1998), its third class of criteria, counted in epochs as Keras does.</remarks>
public sealed class EarlyStopping
{
    /// <summary>Ends training when a metric no longer gets better.</summary>
    /// <param name="metric">What is to get better; the loss by default, which tells more than whether a class is right.</param>
    /// <param name="patience">After how many epochs in a row without improvement training ends, at least 1; 10 by default.</param>
    /// <param name="minimumImprovement">By how much an epoch must be better than the best one to count as an improvement, finite and at least 0; 0 by default. It has the unit of the metric; <see cref="EpochSummary.MonitoredLoss"/> has none where a regression standardizes its targets.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public EarlyStopping(EarlyStoppingMetric metric = EarlyStoppingMetric.Loss, int patience = 10, double minimumImprovement = 0)
    {
        if (!Enum.IsDefined(metric))
            throw new ArgumentOutOfRangeException(nameof(metric), metric, $"metric must be one of {string.Join(", ", Enum.GetNames<EarlyStoppingMetric>())}.");
        if (patience < 1)
            throw new ArgumentOutOfRangeException(nameof(patience), FormattableString.Invariant($"patience must be at least 1; {patience} was given."));
        if (minimumImprovement is not (>= 0 and < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(minimumImprovement), FormattableString.Invariant($"minimumImprovement must be finite and at least 0; {minimumImprovement} was given."));
        Metric = metric;
        Patience = patience;
        MinimumImprovement = minimumImprovement;
    }

    /// <summary>What is to get better.</summary>
    public EarlyStoppingMetric Metric { get; }

    /// <summary>After how many epochs in a row without improvement training ends.</summary>
    public int Patience { get; }

    /// <summary>By how much an epoch must be better than the best one.</summary>
    public double MinimumImprovement { get; }

    /// <summary>Such as "after 10 epochs without a better loss".</summary>
    public override string ToString() => FormattableString.Invariant(
        $"after {Patience} epoch{(Patience == 1 ? "" : "s")} without a better {(Metric == EarlyStoppingMetric.Loss ? "loss" : "metric")}{(MinimumImprovement > 0 ? $", by at least {MinimumImprovement.ToString(System.Globalization.CultureInfo.InvariantCulture)}" : "")}");

    /// <summary>Whether training is to end after these epochs.</summary>
    internal bool IsOver(IReadOnlyList<EpochSummary> epochs)
    {
        var best = new BestValue();
        var without = 0;
        foreach (var epoch in epochs)
            without = best.Improve(epoch.MonitoredValue(Metric), MinimumImprovement) ? 0 : without + 1;

        return without >= Patience;
    }
}
