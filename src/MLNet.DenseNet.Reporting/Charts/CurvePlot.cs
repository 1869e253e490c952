using OxyPlot;
using OxyPlot.Series;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>Curves over epochs.</summary>
internal static class CurvePlot
{
    // Where the largest value is this many times the smallest, a linear axis would show the first epochs only.
    private const double LogarithmicFrom = 100;

    // A curve of so few epochs is shown by its points.
    private const int FewEpochs = 15;

    /// <summary>A plot of curves, with a mark at an epoch.</summary>
    /// <param name="theme">Its colours.</param>
    /// <param name="label">What the vertical axis is.</param>
    /// <param name="curves">A name, a colour, and a value for each epoch; values that are not finite are left out.</param>
    /// <param name="mark">An epoch, from 1, and what it is called; null for none.</param>
    /// <param name="mayBeLogarithmic">Whether factors matter more than differences.</param>
    /// <param name="scale">The scale of the vertical axis; null for one that holds the values.</param>
    public static PlotModel Of(
        ChartTheme theme, string label, IReadOnlyList<(string Name, OxyColor Color, IReadOnlyList<double?> Values)> curves, (int Epoch, string Name)? mark = null,
        bool mayBeLogarithmic = false, AxisScale? scale = null)
    {
        var values = curves.SelectMany(c => c.Values).OfType<double>().Where(AxisScale.Holds).ToArray();
        var isLogarithmic = mayBeLogarithmic && values.Length > 0 && values.Min() > 0 && values.Max() / values.Min() >= LogarithmicFrom;
        var vertical = scale ?? (isLogarithmic ? AxisScale.Logarithmic(values, mostSteps: 6) : AxisScale.Of(values, mostSteps: 6));
        var horizontal = AxisScale.OfCounts(curves.Max(c => c.Values.Count), mostSteps: 8);
        var plot = Plot.Of(theme, horizontal, "epoch", vertical, label, hasLegend: curves.Count > 1 || mark is not null);
        foreach (var (name, color, points) in curves)
        {
            var curve = new LineSeries { Title = name, Color = color, StrokeThickness = 2, LineJoin = LineJoin.Round, MarkerFill = color, MarkerSize = 2.5 };
            curve.Points.AddRange(points
                .Select((value, index) => (Value: value ?? double.NaN, Epoch: index + 1)).Where(p => AxisScale.Holds(p.Value))
                .Select(p => new DataPoint(horizontal.Place(p.Epoch), vertical.Place(p.Value))));
            curve.MarkerType = curve.Points.Count <= FewEpochs ? MarkerType.Circle : MarkerType.None;
            plot.Series.Add(curve);
        }

        if (mark is var (epoch, caption))
        {
            var place = horizontal.Place(epoch);
            plot.Series.Add(Plot.Dashed(theme, new DataPoint(place, vertical.From), new DataPoint(place, vertical.To), caption));
            foreach (var (_, color, points) in curves)
            {
                if (points[epoch - 1] is { } value && AxisScale.Holds(value))
                    plot.Series.Add(Dot(theme, color, place, vertical.Place(value)));
            }
        }

        return plot;
    }

    private static ScatterSeries Dot(ChartTheme theme, OxyColor color, double x, double y)
    {
        var dot = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerSize = 4.5, MarkerFill = color, MarkerStroke = theme.Background, MarkerStrokeThickness = 1.5 };
        dot.Points.Add(new ScatterPoint(x, y));
        return dot;
    }
}
