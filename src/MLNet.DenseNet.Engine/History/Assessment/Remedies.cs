namespace MLNet.DenseNet.Engine;

/// <summary>The remedies against each fault, the most helpful first. What is in force already is not proposed again.</summary>
internal static class Remedies
{
    private const float MostDropout = 0.5f;

    private const string TellingFeatures = "More telling features: these may not tell the label, or the labels not belong to their rows. What the features do not hold, no network finds.";

    /// <param name="fit">The verdict.</param>
    /// <param name="history">The training.</param>
    /// <param name="mayTellNothing">Whether the features may not tell the label.</param>
    public static IReadOnlyList<string> For(TrainingFit fit, TrainingHistory history, bool mayTellNothing) => [.. (fit switch
    {
        TrainingFit.Overfits => AgainstOverfitting(history),
        TrainingFit.Underfits => AgainstUnderfitting(history, mayTellNothing),
        TrainingFit.Diverges => AgainstDivergence(history),
        TrainingFit.LearnedNothing => AgainstLearningNothing(history),
        TrainingFit.TooShort => AgainstTooFewEpochs(history),
        TrainingFit.Unknown when history.Settings.ValidationRows > 0 => ["Validation rows like those that it learns from: a feature may be of another unit, or a number of one row far outside of all others."],
        TrainingFit.Unknown => ["A validation set: ValidationFraction = 0.1f splits one off."],
        _ => (IEnumerable<string?>)[],
    }).OfType<string>()];

    private static IEnumerable<string?> AgainstOverfitting(TrainingHistory history)
    {
        var settings = history.Settings;
        var size = history.Network is { } network ? FormattableString.Invariant($"; it has {network.ParameterCount:N0} parameters") : "";
        return
        [
            EndedAtItsBest(history) ? FormattableString.Invariant($"More epochs than {settings.NumberOfEpochs}: the validation loss was at its lowest in the last one.") : null,
            FormattableString.Invariant($"More data: it learned from {settings.TrainingRows:N0} row{(settings.TrainingRows == 1 ? "" : "s")}."),
            settings.Augmentation is { } augmentation
                ? $"A stronger Augmentation than {augmentation}."
                : $"Augmentation = new {(NamedLayers.IsOfImages(history) ? "ImageAugmentation" : "TableAugmentation")}(...): rows that are varied at random while training.",
            $"A smaller network: fewer units or layers in {Layers(history)}{size}.",
            (NamedLayers.DropoutRate(history), NamedLayers.AreDense(history)) switch
            {
                (0, true) => "Dropout: DropoutRate = 0.2f to 0.5f.",
                (0, false) => "Dropout: DropoutLayer objects in Layers, of rates 0.2f to 0.5f.",
                (< MostDropout and var rate, true) => FormattableString.Invariant($"More dropout: a larger DropoutRate than {rate}, up to 0.5f."),
                (< MostDropout and var rate, false) => FormattableString.Invariant($"More dropout: larger rates than {rate}, up to 0.5f."),
                _ => null,
            },
            settings.WeightDecay == 0
                ? "Weight decay: WeightDecay = 0.0001f, with AdamW 0.01f, then ten times as large each try."
                : FormattableString.Invariant($"More weight decay: a larger WeightDecay than {settings.WeightDecay:G3}, three times as large each try."),
            history.RestoredEpoch is not null ? null
                : settings.EarlyStopping is null ? "Early stopping: EarlyStopping = new EarlyStopping() ends training in time and keeps the weights of the best epoch."
                : "RestoreBestWeights = true, which keeps the weights of the best epoch.",
        ];
    }

    private static bool EndedAtItsBest(TrainingHistory history) => history.End == TrainingEnd.Completed && (history.RestoredEpoch ?? history.Count) == history.Count
        && history.Settings.ValidationRows > 0 && history.SkipLast(1).All(epoch => epoch.ValidationObjective > history[^1].ValidationObjective);

    private static IEnumerable<string?> AgainstUnderfitting(TrainingHistory history, bool mayTellNothing)
    {
        var (settings, dropout) = (history.Settings, NamedLayers.DropoutRate(history));
        string?[] holdingBack = [dropout > 0 ? FormattableString.Invariant($"{(NamedLayers.AreDense(history) ? "DropoutRate" : "rate of dropout")}, {dropout}") : null, settings.WeightDecay > 0 ? FormattableString.Invariant($"WeightDecay, {settings.WeightDecay:G3}") : null];
        var rate = FormattableString.Invariant($"Another learning rate than {settings.LearningRate:G3}: FindLearningRate suggests one.");
        var hasLearnedNothing = LearnedShare.Of(history)?.Training(history.Count - 1) < TrainingAssessment.LearnedNothing;
        return
        [
            mayTellNothing ? TellingFeatures : null,
            hasLearnedNothing ? rate : null,
            $"More units or layers: {Layers(history)}.",
            dropout > 0 || settings.WeightDecay > 0 ? $"Less that holds it back: a smaller {string.Join(", or ", holdingBack.OfType<string>())}." : null,
            hasLearnedNothing ? null : rate,
            NamedLayers.IsStandardized(history) ? null : "Features of zero mean and unit variance.",
            mayTellNothing ? null : "More telling features: what the features do not hold, no network finds.",
        ];
    }

    private static IEnumerable<string?> AgainstLearningNothing(TrainingHistory history) =>
    [
        TellingFeatures,
        FormattableString.Invariant($"More data: it learned from {history.Settings.TrainingRows:N0} row{(history.Settings.TrainingRows == 1 ? "" : "s")}, too few for a weak relation to show."),
        FormattableString.Invariant($"Where they are known to tell it: {(history.End == TrainingEnd.EarlyStopped ? $"more patience than {history.Count} epochs (NumberOfEpochs, or EarlyStopping's InitialPatience), " : "")}another learning rate than {history.Settings.LearningRate:G3} (FindLearningRate suggests one), or other {Layers(history)}."),
    ];

    private static IEnumerable<string?> AgainstDivergence(TrainingHistory history) =>
    [
        FormattableString.Invariant($"A smaller learning rate: LearningRate = {history.Settings.LearningRate / 3:G2}f or less (it was {history.Settings.LearningRate:G3}); FindLearningRate suggests one."),
        NamedLayers.IsStandardized(history) ? null : "Features, and the targets of a regression, of zero mean and unit variance.",
        history.Settings.LearningRateSchedule.Contains("warm-up", StringComparison.OrdinalIgnoreCase) ? null : "A warm-up: LearningRateSchedule = new WarmUpSchedule(...).",
        history.Settings.GradientNormLimit is null ? "Gradient clipping: GradientNormLimit = 1." : null,
    ];

    /// <summary>The option that the layers come from.</summary>
    private static string Layers(TrainingHistory history) => NamedLayers.AreDense(history) ? "HiddenLayers" : "Layers";

    private static IEnumerable<string?> AgainstTooFewEpochs(TrainingHistory history)
    {
        var (settings, planned) = (history.Settings, history.Settings.NumberOfEpochs);
        if (history.End is TrainingEnd.Canceled or TrainingEnd.StoppedByCallback && history.Count < planned)
            return [FormattableString.Invariant($"Letting it go on: it was ended after {history.Count:N0} of {planned:N0} epochs.")];
        if (history.End == TrainingEnd.EarlyStopped)
            return [$"A larger patience of EarlyStopping, which ended training {settings.EarlyStopping}."];
        var hasValidation = settings.ValidationRows > 0;
        return
        [
            hasValidation ? null : "A validation set: ValidationFraction = 0.1f splits one off, which tells when to stop.",
            FormattableString.Invariant($"More epochs: NumberOfEpochs = {2L * Math.Max(planned, 10)}{(settings.EarlyStopping is null ? " with EarlyStopping = new EarlyStopping(), which ends training when it no longer gets better" : "")}."),
            FormattableString.Invariant($"A larger learning rate than {settings.LearningRate:G3}, if the curves are smooth: FindLearningRate suggests one."),
        ];
    }
}
