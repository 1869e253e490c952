using OxyPlot;
using OxyPlot.Series;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>What each layer did; only a history with diagnostics tells.</summary>
internal static class LayerCharts
{
    // Two names stand side by side in a legend.
    private const int LongestName = 22;

    public static IEnumerable<Chart> Of(TrainingHistory history)
    {
        // A layer without parameters has no gradient.
        var layers = history.SelectMany(e => e.Diagnostics).Select(d => d.Layer).Distinct().Where(layer => history.Network?.Layers.ElementAtOrDefault(layer)?.ParameterCount != 0).Order().ToArray();
        if (layers.Length > 0)
        {
            yield return Chart.OfPlot(
                "gradient-norms", "Gradient norms", "Of each layer, the mean over batches. Values that fall towards 0 from the last layer to the first say that gradients vanish; values that burst, that the rate is too high.",
                Plot.Height(layers.Length), theme => CurvePlot.Of(theme, "gradient norm", Layers(theme, layers, d => d.GradientNorm), mayBeLogarithmic: true));
        }

        var rectified = layers.Where(layer => history.Any(e => e.Diagnostics.Any(d => d.Layer == layer && d.DeadUnits is not null))).ToArray();
        if (rectified.Length > 0)
        {
            var top = Math.Max(0.05, 1.05 * history.SelectMany(e => e.Diagnostics).Max(d => d.DeadUnits ?? 0));
            yield return Chart.OfPlot(
                "dead-units", "Dead ReLU units", "The share of a layer's units, of feature maps its channels, that put out 0 for every row that was looked at: they do not learn.", Plot.Height(rectified.Length),
                // None is seen too.
                theme => CurvePlot.Of(theme, "share of units", Layers(theme, rectified, d => d.DeadUnits), scale: AxisScale.Between(-0.03 * top, top, mostSteps: 6)));
        }

        foreach (var weights in history.Weights)
        {
            yield return Chart.OfPlot(
                $"weights-{weights.Layer}", $"Weights of layer {Name(history, weights.Layer)}", "How the weights are distributed before and after training.", Plot.Height(2), theme => Histograms(theme, weights));
        }

        (string Name, OxyColor Color, IReadOnlyList<double?> Values)[] Layers(ChartTheme theme, int[] shown, Func<LayerDiagnostics, double?> value) =>
            [.. shown.Select((layer, index) => (Name(history, layer), theme.Of(index), Values(history, layer, value)))];
    }

    private static string Name(TrainingHistory history, int layer) =>
        layer < history.Network?.Layers.Count ? ShortName.Of(ShortName.WithoutDetails($"{layer}: {ShortName.OfLayer(history.Network.Layers[layer])}", name => name.Length <= LongestName), LongestName) : $"{layer}";

    private static IReadOnlyList<double?> Values(TrainingHistory history, int layer, Func<LayerDiagnostics, double?> value) =>
        [.. history.Select(e => e.Diagnostics.FirstOrDefault(d => d.Layer == layer) is { } diagnostics ? value(diagnostics) : null)];

    private static PlotModel Histograms(ChartTheme theme, LayerWeights weights)
    {
        var (before, after) = (Outline(weights.Initial, weights.Final), Outline(weights.Final, weights.Initial));
        var x = AxisScale.Of(before.Concat(after).Select(p => p.X), mostSteps: 8);
        var y = AxisScale.Between(0, 1.05 * before.Concat(after).Max(p => p.Y), mostSteps: 6);
        var plot = Plot.Of(theme, x, "weight", y, "density", hasLegend: true);
        plot.Series.Add(Area("before", theme.Of(7), before));
        plot.Series.Add(Area("after", theme.Training, after));
        return plot;

        Histogram Area(string name, OxyColor color, IReadOnlyList<DataPoint> outline)
        {
            var area = new Histogram { Title = name, Color = color, Fill = OxyColor.FromAColor(64, color), StrokeThickness = 1.5, LineJoin = LineJoin.Miter, ConstantY2 = 0, MinimumSegmentLength = 0 };
            area.Points.AddRange(outline.Select(p => new DataPoint(x.Place(p.X), y.Place(p.Y))));
            return area;
        }
    }

    /// <summary>The outline of a histogram whose area is 1, so that two with other intervals can be compared.</summary>
    private static DataPoint[] Outline(WeightHistogram histogram, WeightHistogram other)
    {
        var width = WidthOf(histogram);
        // All weights the same: as wide as an interval of the other, beside which a spike would leave nothing to be seen of that.
        if (!(width > 0))
            width = WidthOf(other) is > 0 and var wide ? wide : Math.Max(1e-3, Math.Abs((double)histogram.Lowest) / 100);
        double total = histogram.Counts.Sum(count => (long)count);
        List<DataPoint> outline = [new(histogram.Lowest, 0)];
        for (var i = 0; i < histogram.Counts.Count; i++)
        {
            var density = histogram.Counts[i] / total / width;
            outline.Add(new(histogram.Lowest + i * width, density));
            outline.Add(new(histogram.Lowest + (i + 1) * width, density));
        }

        return [.. outline, new(histogram.Lowest + histogram.Counts.Count * width, 0)];
    }

    private static double WidthOf(WeightHistogram histogram) => ((double)histogram.Highest - histogram.Lowest) / histogram.Counts.Count;

    /// <summary>An area that is shown as one in the legend.</summary>
    private sealed class Histogram : AreaSeries
    {
        public override void RenderLegend(IRenderContext rc, OxyRect legendBox) => rc.DrawRectangle(legendBox.Deflate(new OxyThickness(0, 3, 0, 3)), ActualFill, ActualColor, StrokeThickness, EdgeRenderingMode.PreferSharpness);
    }
}
