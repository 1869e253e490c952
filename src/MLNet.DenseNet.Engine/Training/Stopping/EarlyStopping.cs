namespace MLNet.DenseNet;

/// <summary>When to end training before the last epoch: after some epochs in a row that were no better than the best before them. One whose loss or metric is not finite is no better. A few epochs of annealing may follow.</summary>
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

    /// <summary>
    /// The patience as long as learning has not begun, at least 1; where it is less than <see cref="Patience"/>, as by default, that one counts. Learning has begun once a tenth of what there is to learn is: once
    /// R-squared is 0.1, or an accuracy has come a tenth of the way from the share of the commonest class to 1. Where neither tells, as with several labels a row, it counts as begun: then <see cref="Patience"/> counts from the first epoch on.
    /// </summary>
    /// <remarks>A network may stay on a plateau for long before it finds what there is to learn: where no feature tells anything by itself, say.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int InitialPatience
    {
        get => Math.Max(field, Patience);
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(InitialPatience), FormattableString.Invariant($"{nameof(InitialPatience)} is {value}; it must be at least 1."));
    }

    /// <summary>
    /// The epochs of annealing, at least 0; 0 by default. Where patience ends, or so many epochs before the last one, training goes back to the weights of its best epoch, if they are kept, and goes on from there while
    /// the learning rate falls to 0 along a straight line. Then it ends.
    /// </summary>
    /// <remarks>
    /// A high rate finds the region of good weights soon, but its last steps are too large to settle there: with annealing, patience can be short. Hägele and others, "Scaling laws and compute-optimal training beyond fixed
    /// training durations" (2024), call it a cooldown.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0.</exception>
    public int AnnealingEpochs
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(AnnealingEpochs), FormattableString.Invariant($"{nameof(AnnealingEpochs)} is {value}; it must be at least 0."));
    }

    /// <summary>Such as "after 10 epochs without a better loss".</summary>
    public override string ToString()
    {
        var atFirst = InitialPatience > Patience ? FormattableString.Invariant($", at first {InitialPatience},") : "";
        var metric = Metric == EarlyStoppingMetric.Loss ? "loss" : "metric";
        var improvement = MinimumImprovement > 0 ? FormattableString.Invariant($", by at least {MinimumImprovement}") : "";
        var annealing = AnnealingEpochs > 0 ? $", and {Epochs(AnnealingEpochs)} of annealing" : "";
        return $"after {Epochs(Patience)}{atFirst} without a better {metric}{improvement}{annealing}";
    }

    private static string Epochs(int count) => FormattableString.Invariant($"{count} epoch{(count == 1 ? "" : "s")}");
}
