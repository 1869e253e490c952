using ScottPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>What a regression predicted over what it should have.</summary>
internal static class PredictionChart
{
    // More would be one spot, and a file of many megabytes.
    private const int MostPoints = 2000;

    public static Chart Of(IReadOnlyList<float> actual, IReadOnlyList<float> predicted)
    {
        var every = (actual.Count + MostPoints - 1) / MostPoints;
        var points = Enumerable.Range(0, actual.Count).Where(i => i % every == 0 && float.IsFinite(actual[i]) && float.IsFinite(predicted[i])).Select(i => new Coordinates(actual[i], predicted[i])).ToArray();
        var description = every == 1 ? FormattableString.Invariant($"{actual.Count:N0} value{(actual.Count == 1 ? "" : "s")} of the evaluation") : FormattableString.Invariant($"One in {every} of the {actual.Count:N0} values of the evaluation");
        return new Chart("predictions", "Predicted over actual", $"{description}. On the line the prediction is right.", (plot, theme) => Draw(plot, theme, points), Height: 440);
    }

    private static void Draw(Plot plot, ChartTheme theme, Coordinates[] points)
    {
        var markers = plot.Add.Markers(points, MarkerShape.FilledCircle, 5, theme.Training.WithAlpha(0.5));
        markers.MarkerStyle.LineWidth = 0;
        if (points.Length > 0)
        {
            var (lowest, highest) = (points.Min(p => Math.Min(p.X, p.Y)), points.Max(p => Math.Max(p.X, p.Y)));
            var line = plot.Add.Line(lowest, lowest, highest, highest);
            line.Color = theme.Text;
            line.LinePattern = LinePattern.Dotted;
            line.LineWidth = 1.5f;
            line.MarkerSize = 0;
        }

        plot.XLabel("actual");
        plot.YLabel("predicted");
    }
}
