using OxyPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>All charts that a history has data for, in the order of the report.</summary>
internal static class ReportCharts
{
    public static IReadOnlyList<Chart> Of(TrainingHistory history, ReportEvaluation? evaluation, IDenseNeuralNetModel? model = null)
    {
        List<Chart> charts = history.Count > 0 ? [Loss(history)] : [];
        if (history.Any(e => e.Metric is not null))
            charts.Add(Metric(history));
        if (evaluation is not null)
            charts.AddRange(evaluation.Charts);
        if (history.Network is { } network)
            charts.Add(NetworkDrawing.Of(network));
        if (model is not null && FilterChart.Of(model) is { } filters)
            charts.Add(filters);
        if (history.Count > 0)
            charts.Add(LearningRate(history));
        charts.AddRange(LayerCharts.Of(history));
        return charts;
    }

    /// <summary>What the task's metric is called, in the middle of a sentence.</summary>
    public static string MetricName(TrainingHistory history) => history.Select(e => e.MetricName).FirstOrDefault(name => name is not null) ?? "R-squared";

    /// <summary>A name at the beginning of a title.</summary>
    public static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>The epoch, from 1, whose weights the model has.</summary>
    public static int KeptEpoch(TrainingHistory history) => history.RestoredEpoch ?? history.Count;

    private static (int Epoch, string Name) Kept(TrainingHistory history) => (KeptEpoch(history), $"model: epoch {KeptEpoch(history)}");

    private static Chart Loss(TrainingHistory history) => Chart.OfPlot(
        "loss", "Loss", $"The {history.Settings.Loss} of each epoch. That of the training rows is taken while {WhileTraining(history)}, so it may lie above that of validation.{Jump(history)}{(history.ValidationCaveat is { } caveat ? $" {caveat}" : "")}", Plot.Height(3),
        theme => CurvePlot.Of(
            theme, "loss", [("training", theme.Training, [.. history.Select(e => (double?)e.Loss)]), .. Validation(history, theme, e => e.ValidationLoss)], Kept(history), mayBeLogarithmic: true));

    private static string WhileTraining(TrainingHistory history)
    {
        var hasDropout = history.Network?.Layers.Any(l => l.Layer.Contains("dropout ", StringComparison.OrdinalIgnoreCase)) == true;
        string[] reasons = ["weights change", .. hasDropout ? (string[])["dropout is on"] : [], .. history.Settings.Augmentation is null ? (string[])[] : ["rows are varied"]];
        return reasons.Length == 1 ? reasons[0] : $"{string.Join(", ", reasons[..^1])} and {reasons[^1]}";
    }

    private static Chart Metric(TrainingHistory history)
    {
        var name = MetricName(history);
        return Chart.OfPlot(
            "metric", Title(name), Meaning(history), Plot.Height(3),
            theme => CurvePlot.Of(
                theme, name,
                [
                    ("training", theme.Training, [.. history.Select(e => e.Metric)]),
                    .. Validation(history, theme, e => e.ValidationMetric),
                ],
                Kept(history)));
    }

    private static string Meaning(TrainingHistory history) => history.Any(e => e.Accuracy is not null) ? HasSeveralLabels(history) ? "The share of labels classified right, of which each row has several." : "The share of rows classified right."
        : history.Any(e => e.Ndcg is not null) ? "How well the rows of a group are ordered, the first ten of them: 1 is the best order."
        : "The share of the targets' variation that is explained: 1 is perfect, 0 is no better than the mean.";

    // One of several classes is told by a softmax.
    private static bool HasSeveralLabels(TrainingHistory history) => history.Network?.Layers[^1] is { OutputShape.Size: > 1 } last && last.Title.EndsWith("sigmoid", StringComparison.Ordinal);

    private static Chart LearningRate(TrainingHistory history) => Chart.OfPlot(
        "learning-rate", "Learning rate", $"At the end of each epoch; the schedule is {history.Settings.LearningRateSchedule}{Annealing(history)}.", Plot.Height(1),
        theme => CurvePlot.Of(theme, "learning rate", [("learning rate", theme.Of(2), [.. history.Select(e => (double?)e.LearningRate)])]));

    /// <summary>Where losses of neighboring epochs do not follow from one another.</summary>
    private static string Jump(TrainingHistory history) => FirstOfAnnealing(history) is not { } first || first.AnnealedFrom == first.Epoch - 1 ? ""
        : FormattableString.Invariant($" Epoch {first.Epoch} goes on from the weights of epoch {first.AnnealedFrom}.");

    private static string Annealing(TrainingHistory history) =>
        FirstOfAnnealing(history) is { } first ? FormattableString.Invariant($" until epoch {first.Epoch - 1}, then a straight line to 0") : "";

    private static EpochSummary? FirstOfAnnealing(TrainingHistory history) => history.FirstOrDefault(e => e.AnnealedFrom is not null);

    private static IEnumerable<(string Name, OxyColor Color, IReadOnlyList<double?> Values)> Validation(TrainingHistory history, ChartTheme theme, Func<EpochSummary, double?> value)
    {
        if (history.Any(e => value(e) is not null))
            yield return ("validation", theme.Validation, [.. history.Select(value)]);
    }
}
