using OxyPlot;
using OxyPlot.Series;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>How often what was given a probability came true: a reliability diagram.</summary>
/// <remarks>Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (2017), on it and on the expected calibration error.</remarks>
internal static class ReliabilityChart
{
    private const int Bins = 10;
    private const int Height = 380;

    private const double Margin = 0.05;

    // The marker of a bin with all rows.
    private const double LargestMarker = 14;
    private const double SmallestMarker = 3;

    /// <param name="what">What the probabilities are of.</param>
    /// <param name="predictions">Of each row a probability, in [0, 1], and whether it came true.</param>
    public static Chart Of(string what, IReadOnlyList<(float Probability, bool CameTrue)> predictions)
    {
        var bins = predictions.GroupBy(prediction => Math.Min((int)(prediction.Probability * Bins), Bins - 1)).OrderBy(bin => bin.Key)
            .Select(bin => (Probability: bin.Average(row => row.Probability), Share: bin.Average(row => row.CameTrue ? 1.0 : 0), Count: bin.Count())).ToArray();
        var error = bins.Sum(bin => bin.Count * Math.Abs(bin.Probability - bin.Share)) / predictions.Count;
        return Chart.OfPlot(
            "reliability", "Reliability of probabilities",
            FormattableString.Invariant($"{what} of {predictions.Count:N0} rows of the evaluation, in tenths; larger circles are more rows. On the line, what is given a probability comes true that often; the mean distance from it, the expected calibration error, is {error:F3}."),
            Height, theme => Compose(theme, bins, predictions.Count));
    }

    private static PlotModel Compose(ChartTheme theme, (float Probability, double Share, int Count)[] bins, int rows)
    {
        // With room for the whole circles at both ends.
        var scale = AxisScale.Between(-Margin, 1 + Margin, mostSteps: 5);
        var plot = Plot.Of(theme, scale, "probability", scale, "share that came true", hasLegend: false);
        plot.Series.Add(Plot.Dashed(theme, new DataPoint(scale.Place(0), scale.Place(0)), new DataPoint(scale.Place(1), scale.Place(1))));
        var markers = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerFill = theme.Training };
        markers.Points.AddRange(bins.Select(bin => new ScatterPoint(scale.Place(bin.Probability), scale.Place(bin.Share), Math.Max(SmallestMarker, LargestMarker * Math.Sqrt((double)bin.Count / rows)))));
        plot.Series.Add(markers);
        return plot;
    }
}
