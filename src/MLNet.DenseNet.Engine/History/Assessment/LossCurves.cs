namespace MLNet.DenseNet.Engine;

/// <summary>The losses that a training is judged by, epoch by epoch, and which epoch's model was kept.</summary>
internal sealed class LossCurves
{
    // A gap is a fifth of all there was to learn, and half the loss of the training rows again.
    private const double LeastGap = 0.2;
    private const double LeastRatio = 1.5;

    // A loss has risen where it is above its lowest epoch by this share of that loss, and by this share of all there was to learn.
    private const double ClearRise = 0.1;
    private const double Negligible = 0.01;

    // Losses of both sets count as the same where they differ by less than this share of all there was to learn.
    private const double Together = 0.05;

    // A loss this many times as large as all there was to learn shows steps that are too large.
    private const double Burst = 100;

    private readonly int _validationRows;

    /// <param name="history">At least one epoch, all losses finite.</param>
    /// <param name="learned">The metric; null where there is none.</param>
    public LossCurves(TrainingHistory history, LearnedShare? learned)
    {
        Training = new SmoothedCurve([.. history.Select(e => e.Objective)]);
        Validation = history.All(e => e.ValidationObjective is not null) ? new SmoothedCurve([.. history.Select(e => e.ValidationObjective!.Value)]) : null;
        Kept = history.RestoredEpoch is { } restored ? Math.Max(0, history.ToList().FindIndex(e => e.Epoch == restored)) : history.Count - 1;
        // R-squared tells the loss of a guess. The first epoch does not: a network that has learned nothing yet may be far above it, and one that learns fast far below.
        var guess = learned is { IsShareOfRows: false } ? Judged.Last / (1 - learned.Generalized(history.Count - 1)) : 0;
        Worth = guess is > 0 and < double.PositiveInfinity ? guess : Math.Max(Math.Abs(Training.First), Math.Abs(Judged.First));
        _validationRows = history.Settings.ValidationRows;
    }

    public SmoothedCurve Training { get; }

    /// <summary>Null without validation rows.</summary>
    public SmoothedCurve? Validation { get; }

    /// <summary>The curve that tells most: the validation loss where there is one.</summary>
    public SmoothedCurve Judged => Validation ?? Training;

    /// <summary>The epoch, from 0, whose model was kept.</summary>
    public int Kept { get; }

    /// <summary>About the loss of a guess without features: all there was to learn.</summary>
    public double Worth { get; }

    /// <summary>Whether the validation loss of an epoch is clearly above its lowest one before, while the training loss is not.</summary>
    public bool HasRisen(int epoch)
    {
        if (Validation is null)
            return false;
        var best = Validation.BestUpTo(epoch);
        var risen = Validation[epoch] - Validation[best];
        return Validation.IsClear(risen) && risen > ClearRise * Math.Abs(Validation[best]) && risen > Negligible * Worth && !Training.IsClear(Training[epoch] - Training[best]);
    }

    /// <summary>Whether the loss of an epoch is higher on the validation rows by more than chance explains with so many of them.</summary>
    public bool HasGap(int epoch)
    {
        if (Validation is null)
            return false;
        var gap = Validation[epoch] - Training[epoch];
        // The standard deviation of the rows' losses is about twice their mean.
        var error = 2 * Math.Abs(Validation[epoch]) / Math.Sqrt(_validationRows);
        return gap > LeastGap * Worth && gap > 2 * error && Validation[epoch] >= LeastRatio * Training[epoch];
    }

    /// <summary>Whether the losses of both sets are about the same, so that nothing was learned by heart.</summary>
    public bool AreTogether => Validation is null || Validation[Kept] - Training[Kept] < Together * Worth;

    /// <summary>Whether the loss of an epoch was so far above that of a guess that the steps must have been too large.</summary>
    public bool HasBurst => Training[Training.Highest] > Burst * Worth;

    /// <summary>Whether the training loss still fell after the epoch that was kept. Then the network was not too small.</summary>
    public bool WentOn => Training.IsClear(Training[Kept] - Training.Last) && Training[Kept] - Training.Last > 2 * Negligible * Worth;
}
