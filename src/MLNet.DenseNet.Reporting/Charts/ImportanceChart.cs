using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>How much worse a model does without each feature.</summary>
internal static class ImportanceChart
{
    private const int MostFeatures = 20;
    private const int LongestName = 24;
    private const int BarHeight = 20;
    private const int AxisHeight = 60;

    /// <param name="metric">What is measured.</param>
    /// <param name="losses">Of each feature the mean loss of that metric where its values are shuffled, and its standard deviation from shuffling to shuffling.</param>
    public static Chart Of(string metric, IReadOnlyList<(string Name, double Mean, double Deviation)> losses)
    {
        var shown = losses.OrderByDescending(loss => loss.Mean).Take(MostFeatures).ToArray();
        var some = shown.Length < losses.Count ? FormattableString.Invariant($" The {shown.Length} most important of {losses.Count:N0} features.") : "";
        return Chart.OfPlot(
            "importance", "Importance of features",
            $"By how much {metric} falls where the values of a feature are shuffled among the rows; the line is the standard deviation from shuffling to shuffling. Features that say the same share their importance.{some}",
            AxisHeight + BarHeight * shown.Length, theme => Compose(theme, shown));
    }

    private static PlotModel Compose(ChartTheme theme, (string Name, double Mean, double Deviation)[] shown)
    {
        var scale = AxisScale.Of(shown.SelectMany(loss => (double[])[0, loss.Mean, loss.Mean - loss.Deviation, loss.Mean + loss.Deviation]).Where(AxisScale.Holds), mostSteps: 5);
        var plot = Plot.Of(theme, scale, "loss");
        // From the bottom to the top.
        var names = new CategoryAxis { Position = AxisPosition.Left, TickStyle = TickStyle.None, TextColor = theme.Text, FontSize = 12, GapWidth = 0.4, AxislineStyle = LineStyle.None };
        names.Labels.AddRange(ShortName.OfAll([.. shown.Reverse().Select(loss => loss.Name)], LongestName));
        plot.Axes.Add(names);
        var bars = new ErrorBarSeries { FillColor = theme.Training, StrokeThickness = 0, ErrorStrokeThickness = 1.5, ErrorWidth = 0.35, StrokeColor = theme.Text };
        bars.Items.AddRange(shown.Reverse().Select(loss => new ErrorBarItem(scale.Place(loss.Mean), scale.Place(loss.Deviation))));
        plot.Series.Add(bars);
        return plot;
    }
}
