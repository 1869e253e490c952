namespace MLNet.DenseNet.Engine;

/// <summary>How much of what there is to learn a model has learned, by the task's metric: 0 for a guess without features, 1 for no error.</summary>
/// <param name="baseline">The metric of the guess.</param>
/// <param name="training">The metric of the training rows, an epoch each.</param>
/// <param name="validation">The metric of the validation rows; null without any.</param>
/// <param name="name">The metric's name.</param>
/// <param name="isShareOfRows">Whether the metric counts rows; where it does not, it is R-squared.</param>
/// <param name="validationRows">How many validation rows there are.</param>
/// <param name="losses">The loss of the validation rows, and that of the guess; null where one of them is not known.</param>
internal sealed class LearnedShare(double baseline, SmoothedCurve training, SmoothedCurve? validation, string name, bool isShareOfRows, int validationRows, (SmoothedCurve Validation, double Guess)? losses)
{
    // A gap is a tenth of all there is to learn, and half as much error again. A model that has learned less than that has learned nothing by heart either.
    private const double LeastGap = 0.1;
    private const double LeastRatio = 1.5;

    // A share up to this counts as nothing, even where there are enough rows to exclude chance.
    private const double Nothing = 0.02;

    // By so many standard deviations chance is excluded. Numbers that have nothing to do with the classes lower the mean loss in nats by at most half their square through the number of rows.
    private const double LossDeviations = 3;

    public bool IsShareOfRows { get; } = isShareOfRows;

    public string Name { get; } = name;

    public double Baseline { get; } = baseline;

    /// <remarks>With class weights, accuracy is by these: a model that finds the rare classes may well be right less often than a guess.</remarks>
    /// <returns>
    /// Null where the history has no metric, or one that is not finite, or an accuracy without that of a guess. So it is of several labels a row: where most of them are rare, a guess has nearly all right, and a model that learned much has
    /// hardly more.
    /// </returns>
    public static LearnedShare? Of(TrainingHistory history)
    {
        var first = history[0];
        var (name, training, validation) =
            first.ClassWeightedAccuracy is not null ? ("accuracy, classes by their weights,", Curve(e => e.ClassWeightedAccuracy), Curve(e => e.ValidationClassWeightedAccuracy))
            : first.Accuracy is not null ? ("accuracy", Curve(e => e.Accuracy), Curve(e => e.ValidationAccuracy))
            : ("R-squared", Curve(e => e.RSquared), Curve(e => e.ValidationRSquared));
        var isShareOfRows = first.Accuracy is not null;
        var losses = history.BaselineLoss is { } guess && Curve(e => e.ValidationObjective) is { } curve ? (curve, guess) : ((SmoothedCurve, double)?)null;
        return training is null || (isShareOfRows ? history.BaselineAccuracy : 0) is not ({ } baseline and < 1) ? null : new LearnedShare(baseline, training, validation, name, isShareOfRows, history.Settings.ValidationRows, losses);

        SmoothedCurve? Curve(Func<EpochSummary, double?> metric) =>
            history.All(e => metric(e) is { } value && double.IsFinite(value)) ? new SmoothedCurve([.. history.Select(e => metric(e)!.Value)]) : null;
    }

    public double Training(int epoch) => (training[epoch] - Baseline) / (1 - Baseline);

    public double? Validation(int epoch) => validation is null ? null : (validation[epoch] - Baseline) / (1 - Baseline);

    /// <summary>The better of the two. Training rows may have the worse one, since they are measured under changing weights and with dropout on.</summary>
    public double Best(int epoch) => Math.Max(Training(epoch), Validation(epoch) ?? double.NegativeInfinity);

    /// <summary>The share on validation rows, or on training rows where there are no others.</summary>
    public double Generalized(int epoch) => Validation(epoch) ?? Training(epoch);

    /// <summary>The most that the share of new rows may be, as far as so many validation rows tell; without any, that of the training rows.</summary>
    public double MayGeneralize(int epoch) => Validation(epoch) is { } validated ? validated + 2 * Error(epoch) : Training(epoch);

    /// <summary>Whether the model does better on its training rows by more than chance explains with so many validation rows.</summary>
    public bool HasGap(int epoch)
    {
        if (Validation(epoch) is not { } validated)
            return false;
        var gap = Training(epoch) - validated;
        return Training(epoch) > LeastGap && gap > LeastGap && gap > 2 * Error(epoch) && 1 - validated >= LeastRatio * (1 - Training(epoch));
    }

    /// <summary>Whether the validation rows are predicted no better than by a guess, as far as so many rows tell, by the model of an epoch and by that of the best epoch.</summary>
    public bool IsGuess(int epoch)
    {
        if (validation is null)
            return false;
        var best = validation.Highest;
        // By chance, the best of many epochs is further above the mean than a single one is.
        return Validation(epoch) <= Chance(epoch, 2) && Validation(best) <= Chance(best, 3) && !IsLossBelowGuess(epoch);
    }

    /// <summary>The share that a guess may have by chance. R-squared of a model and that of the guess are of the same rows: numbers that have nothing to do with the targets come to at most deviations² / rows, where their variance is the most favorable.</summary>
    private double Chance(int epoch, double deviations) => Math.Max(Nothing, IsShareOfRows ? deviations * Error(epoch) : deviations * deviations / validationRows);

    /// <summary>Whether probabilities tell more than a guess by more than chance. Where one class is rare, a model that tells much is right hardly more often than a guess.</summary>
    private bool IsLossBelowGuess(int epoch) =>
        losses is var (loss, guess) && guess - loss[epoch] > Math.Max(Nothing * guess, LossDeviations * LossDeviations / (2.0 * validationRows));

    /// <summary>Whether rows are predicted clearly worse than by a guess, without even the training rows being learned: the mark of steps that lead nowhere.</summary>
    public bool IsWrecked(int epoch) =>
        Training(epoch) < TrainingAssessment.LearnedNothing && Math.Min(Training(epoch), Generalized(epoch)) < -Math.Max(TrainingAssessment.LearnedNothing, validation is null ? 0 : 3 * Error(epoch));

    /// <summary>The standard error of the share on validation rows: that of an accuracy, or of a mean of squares.</summary>
    private double Error(int epoch) => IsShareOfRows
        ? Math.Sqrt(Math.Clamp(validation![epoch] * (1 - validation[epoch]), 0, 1) / validationRows) / (1 - Baseline)
        : Math.Max(0, 1 - validation![epoch]) * Math.Sqrt(2.0 / validationRows);

    /// <summary>Both values in words.</summary>
    public string Describe(int epoch) => validation is null
        ? FormattableString.Invariant($"The {Name} of the training rows is {MetricText.Of(training.Value(epoch), 3)}{Guess}.")
        : FormattableString.Invariant($"The {Name} is {MetricText.Of(training.Value(epoch), 3)} on the training rows and {MetricText.Of(validation.Value(epoch), 3)} on the validation rows{Guess}.");

    private string Guess => Baseline > 0 ? FormattableString.Invariant($"; always guessing the commonest class reaches {MetricText.Of(Baseline, 3)}") : "";
}
