namespace MLNet.DenseNet.Engine;

/// <summary>What helps against what, the most helpful first.</summary>
internal static class Remedies
{
    public static IReadOnlyList<string> For(TrainingFit fit, TrainingHistory history) => fit switch
    {
        TrainingFit.Overfits => AgainstOverfitting(history),
        TrainingFit.Underfits =>
        [
            "More units or layers: HiddenLayers.",
            "Less that holds it back: smaller DropoutRate and WeightDecay.",
            FormattableString.Invariant($"Another learning rate than {history.Settings.LearningRate}: FindLearningRate suggests one."),
            "Features of zero mean and unit variance, and more telling ones: what the features do not hold, no network finds.",
        ],
        TrainingFit.Diverges =>
        [
            FormattableString.Invariant($"A smaller learning rate: LearningRate = {history.Settings.LearningRate / 3:G2}f or less (it was {history.Settings.LearningRate}); FindLearningRate suggests one."),
            "Features, and the targets of a regression, of zero mean and unit variance.",
            "A warm-up: LearningRateSchedule = new WarmUpSchedule(...).",
            "Gradient clipping: GradientNormLimit = 1.",
        ],
        TrainingFit.TooShort =>
        [
            FormattableString.Invariant($"More epochs: NumberOfEpochs = {2L * Math.Max(history.Settings.NumberOfEpochs, 10)} with EarlyStopping = new EarlyStopping(), which ends training when it no longer gets better."),
            FormattableString.Invariant($"A larger learning rate than {history.Settings.LearningRate}, if the curves are smooth: FindLearningRate suggests one."),
        ],
        TrainingFit.Unknown => ["A validation set: ValidationFraction = 0.1f splits one off."],
        _ => [],
    };

    private static List<string> AgainstOverfitting(TrainingHistory history)
    {
        var size = history.Network is { } network ? FormattableString.Invariant($"; it has {network.ParameterCount:N0} parameters") : "";
        List<string> remedies =
        [
            FormattableString.Invariant($"More data: it learned from {history.Settings.TrainingRows:N0} rows."),
            history.Settings.Augmentation is { } augmentation
                ? $"A stronger Augmentation than {augmentation}."
                : "Augmentation = new ImageAugmentation(...) or TableAugmentation(...): rows that are varied at random while training.",
            $"A smaller network: fewer units or layers in HiddenLayers{size}.",
            "Dropout: DropoutRate = 0.2f to 0.5f.",
            FormattableString.Invariant($"Weight decay: a larger WeightDecay than {history.Settings.WeightDecay}, ten times as large each try, from 0.0001 on."),
        ];
        if (history.RestoredEpoch is null)
            remedies.Add("Early stopping: EarlyStopping = new EarlyStopping() ends training in time and keeps the weights of the best epoch.");
        return remedies;
    }
}
