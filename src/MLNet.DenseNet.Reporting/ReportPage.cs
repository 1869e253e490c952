using System.Globalization;
using System.Net;
using System.Text;
using MLNet.DenseNet.Reporting.Charts;

namespace MLNet.DenseNet.Reporting;

/// <summary>The page of a report: one file of HTML with everything in it.</summary>
internal static class ReportPage
{
    // An R-squared may be far below 0.
    private const double FarRSquared = 1000;

    public static string Of(TrainingHistory history, IReadOnlyList<Chart> charts, string title)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <link rel="icon" href="data:,">
            <title>{Text(title)}</title>
            <style>
            {ReportStyle.Sheet}
            </style>
            </head>
            <body>
            <main>
            <h1>{Text(title)}</h1>

            """);
        AppendVerdict(page, history);
        if (history.Count > 0)
            AppendFigures(page, history);
        page.Append("<section class=\"charts\">\n");
        foreach (var chart in charts)
            AppendChart(page, chart);
        page.Append("</section>\n");
        AppendSettings(page, history);
        if (history.Count > 0)
            AppendEpochs(page, history);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendVerdict(StringBuilder page, TrainingHistory history)
    {
        var verdict = history.Verdict;
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"verdict {Mood(verdict.Fit)}\">\n<h2>{Text(verdict.Headline)}</h2>\n");
        foreach (var sentence in verdict.Evidence)
            page.Append(CultureInfo.InvariantCulture, $"<p>{Text(sentence)}</p>\n");
        if (verdict.Remedies.Count > 0)
        {
            page.Append("<h3>What helps</h3>\n<ol>\n");
            foreach (var remedy in verdict.Remedies)
                page.Append(CultureInfo.InvariantCulture, $"<li>{Text(remedy)}</li>\n");
            page.Append("</ol>\n");
        }

        page.Append("</section>\n");
    }

    private static string Mood(TrainingFit fit) => fit switch
    {
        TrainingFit.FitsWell => "good",
        TrainingFit.Diverges or TrainingFit.LearnedNothing => "bad",
        _ => "mixed",
    };

    private static void AppendFigures(StringBuilder page, TrainingHistory history)
    {
        var (latest, kept) = (history[^1], history[ReportCharts.KeptEpoch(history) - 1]);
        page.Append("<section class=\"figures\">\n");
        Figure("Epochs", $"{history.Count} of {history.Settings.NumberOfEpochs}", End(history));
        Figure("The model", $"epoch {kept.Epoch}", Kept(history));
        Figure("Training loss", Number(kept.Loss), Metric(kept, kept.Metric));
        if (kept.ValidationLoss is { } loss)
            Figure("Validation loss", Number(loss), string.Join(", ", ((string[])[Metric(kept, kept.ValidationMetric), Caveat(history)]).Where(words => words.Length > 0)));
        Figure("Time", Duration(latest.Elapsed), FormattableString.Invariant($"{latest.RowsPerSecond:N0} rows/s"));
        page.Append("</section>\n");

        void Figure(string name, string value, string note) =>
            page.Append(CultureInfo.InvariantCulture, $"<div><span>{Text(name)}</span><strong>{Text(value)}</strong><span>{Text(note)}</span></div>\n");
    }

    private static void AppendChart(StringBuilder page, Chart chart) => page.Append(CultureInfo.InvariantCulture, $"""
        <figure id="{Text(chart.Name)}">
        <h2>{Text(chart.Title)}</h2>
        <picture>
        <source media="(prefers-color-scheme: dark)" srcset="{Data(chart.ToSvg(ChartTheme.Dark))}">
        <img src="{Data(chart.ToSvg(ChartTheme.Light))}" width="{Chart.Width}" height="{chart.Height}" alt="{Text(chart.Title)}">
        </picture>
        <figcaption>{Text(chart.Description)}</figcaption>
        </figure>

        """);

    private static void AppendSettings(StringBuilder page, TrainingHistory history)
    {
        var settings = history.Settings;
        page.Append("<section class=\"card\">\n<h2>Options</h2>\n<table class=\"settings\">\n");
        Row("Loss", settings.Loss);
        Row("Optimizer", settings.Optimizer);
        Row("Learning rate", FormattableString.Invariant($"{settings.LearningRate}, {settings.LearningRateSchedule}"));
        Row("Weight decay", FormattableString.Invariant($"{settings.WeightDecay}"));
        Row("Batch size", settings.BatchSize == TrainingOptions.FullBatch ? "all rows" : FormattableString.Invariant($"{settings.BatchSize:N0} rows"));
        Row("Epochs", FormattableString.Invariant($"{settings.NumberOfEpochs:N0}"));
        Row("Early stopping", settings.EarlyStopping ?? "none");
        Row("Augmentation", settings.Augmentation ?? "none");
        Row("Class weights", settings.ClassWeights ?? "all the same");
        Row("Limit of gradients", settings switch
        {
            { GradientNormLimit: { } norm, GradientValueLimit: { } value } => FormattableString.Invariant($"norm {norm}, values {value}"),
            { GradientNormLimit: { } norm } => FormattableString.Invariant($"norm {norm}"),
            { GradientValueLimit: { } value } => FormattableString.Invariant($"values {value}"),
            _ => "none",
        });
        Row("Shuffled each epoch", settings.Shuffle ? "yes" : "no");
        Row("Seed", FormattableString.Invariant($"{settings.Seed}"));
        Row("Training rows", FormattableString.Invariant($"{settings.TrainingRows:N0}"));
        Row("Validation rows", settings.ValidationRows == 0 ? "none" : FormattableString.Invariant($"{settings.ValidationRows:N0}"));
        foreach (var (layer, index) in (history.Network?.Layers ?? []).Select((layer, index) => (layer, index)))
            Row($"Layer {index}", FormattableString.Invariant($"{layer.Title}: {layer.InputShape} → {layer.OutputShape}, {layer.ParameterCount:N0} parameters"));
        page.Append("</table>\n</section>\n");

        void Row(string name, string value) => page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(name)}</th><td>{Text(value)}</td></tr>\n");
    }

    private static void AppendEpochs(StringBuilder page, TrainingHistory history)
    {
        var metric = ReportCharts.MetricName(history);
        page.Append(CultureInfo.InvariantCulture, $"""
            <details class="card">
            <summary>All epochs</summary>
            <div class="scroll"><table class="epochs">
            <tr><th>Epoch</th><th>Loss</th><th>{ReportCharts.Title(metric)}</th><th>Validation loss</th><th>Validation {metric}</th><th>Learning rate</th></tr>

            """);
        foreach (var e in history)
        {
            if (e.AnnealedFrom is { } best)
                page.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=\"6\">Annealing went on from the weights of epoch {best}.</td></tr>\n");
            page.Append(CultureInfo.InvariantCulture, $"<tr{(e.Epoch == ReportCharts.KeptEpoch(history) ? " class=\"kept\"" : "")}><td>{e.Epoch}</td><td>{Number(e.Loss)}</td><td>{Metric(e, e.Metric)}</td><td>{(e.ValidationLoss is { } loss ? Number(loss) : "")}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{Metric(e, e.ValidationMetric)}</td><td>{e.LearningRate:G4}</td></tr>\n");
        }

        page.Append("</table></div>\n</details>\n");
    }

    private static string End(TrainingHistory history) => history.End switch
    {
        TrainingEnd.EarlyStopped => "stopped early",
        TrainingEnd.StoppedByCallback => "stopped",
        TrainingEnd.Canceled => "cancelled",
        _ => "completed",
    };

    private static string Caveat(TrainingHistory history) =>
        history.ValidationCaveat is null ? "" : FormattableString.Invariant($"of {history.Settings.ValidationRows} row{(history.Settings.ValidationRows == 1 ? "" : "s")}, see the note below the curve");

    /// <summary>Why the model's weights are those of its epoch.</summary>
    private static string Kept(TrainingHistory history)
    {
        if (history.RestoredEpoch is not null)
            return "the best, put back at the end";
        if (history.End == TrainingEnd.Canceled)
            return "and the steps until it was cancelled";
        var best = history.Where(e => double.IsFinite(e.MonitoredLoss)).Reverse().MinBy(e => e.MonitoredLoss);
        return best is null ? "the latest" : best == history[^1] ? "the latest, and the best by loss" : $"the latest; the best by loss was epoch {best.Epoch}";
    }

    private static string Duration(TimeSpan time) => time.TotalSeconds < 60
        ? FormattableString.Invariant($"{time.TotalSeconds:F1} s")
        : FormattableString.Invariant($"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    private static string Number(double value) => FormattableString.Invariant($"{value:G4}");

    /// <summary>A value of the task's metric, or nothing.</summary>
    private static string Metric(EpochSummary epoch, double? value) => value is not { } number ? ""
        : epoch.Accuracy is not null ? FormattableString.Invariant($"{number:P1}").Replace(" ", "", StringComparison.Ordinal)
        : epoch.Ndcg is not null ? FormattableString.Invariant($"NDCG {number:F3}")
        : $"R² {(Math.Abs(number) < FarRSquared ? FormattableString.Invariant($"{number:F3}") : Number(number))}";

    private static string Data(string svg) => $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
