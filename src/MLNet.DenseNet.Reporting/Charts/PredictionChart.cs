using OxyPlot;
using OxyPlot.Series;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>What a regression predicted over what it should have.</summary>
internal static class PredictionChart
{
    // More would be one spot, and a file of many megabytes.
    private const int MostPoints = 2000;

    private const int Height = 380;

    /// <param name="actual">The labels, row by row.</param>
    /// <param name="predicted">The scores, likewise.</param>
    /// <param name="outputs">How many of them a row has.</param>
    public static Chart Of(IReadOnlyList<float> actual, IReadOnlyList<float> predicted, int outputs)
    {
        // Whole rows are left out: steps through the values could miss an output in all of them.
        var every = (actual.Count + MostPoints - 1) / MostPoints;
        int[] shown = [.. Enumerable.Range(0, actual.Count).Where(i => i / outputs % every == 0)];
        var points = shown.Where(i => float.IsFinite(actual[i]) && float.IsFinite(predicted[i])).Select(i => (actual[i], predicted[i])).ToArray();
        var share = points.Length == actual.Count ? "" : FormattableString.Invariant($"{points.Length:N0} of the ");
        var finite = points.Length == shown.Length ? "" : ", those that are finite numbers";
        var description = FormattableString.Invariant($"{share}{actual.Count:N0} value{(actual.Count == 1 ? "" : "s")} of the evaluation{finite}");
        return Chart.OfPlot("predictions", "Predicted over actual", $"{description}. On the line the prediction is right.", Height, theme => Compose(theme, points));
    }

    private static PlotModel Compose(ChartTheme theme, (float Actual, float Predicted)[] points)
    {
        // The same on both axes, so that the line of right predictions is the diagonal.
        var scale = AxisScale.Of(points.SelectMany(p => (double[])[p.Actual, p.Predicted]), mostSteps: 6);
        var plot = Plot.Of(theme, scale, "actual", scale, "predicted", hasLegend: false);
        plot.Series.Add(Plot.Dashed(theme, new DataPoint(scale.From, scale.From), new DataPoint(scale.To, scale.To)));
        var markers = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerSize = 2.5, MarkerFill = OxyColor.FromAColor(128, theme.Training) };
        markers.Points.AddRange(points.Select(p => new ScatterPoint(scale.Place(p.Actual), scale.Place(p.Predicted))));
        plot.Series.Add(markers);
        return plot;
    }
}
