using ScottPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>What each layer did: there where diagnostics were recorded.</summary>
internal static class LayerCharts
{
    private const int PlotHeight = 330;

    public static IEnumerable<Chart> Of(TrainingHistory history)
    {
        var layers = history.SelectMany(e => e.Diagnostics).Select(d => d.Layer).Distinct().Order().ToArray();
        if (layers.Length > 0)
        {
            yield return new Chart(
                "gradient-norms", "Gradient norms", "Of each layer, the mean over batches. Values that fall towards 0 from the last layer to the first say that gradients vanish; values that burst, that the rate is too high.",
                (plot, theme) => CurvePlot.Draw(plot, theme, "gradient norm", [.. layers.Select((layer, index) => (Name(history, layer), theme.Of(index), Values(history, layer, d => d.GradientNorm)))], mayBeLogarithmic: true),
                Height: Height(layers.Length));
        }

        var rectified = layers.Where(layer => history.Any(e => e.Diagnostics.Any(d => d.Layer == layer && d.DeadUnits is not null))).ToArray();
        if (rectified.Length > 0)
        {
            yield return new Chart(
                "dead-units", "Dead ReLU units", "The share of a layer's units that put out 0 for every row that was looked at: they do not learn.",
                (plot, theme) =>
                {
                    CurvePlot.Draw(plot, theme, "share of units", [.. rectified.Select((layer, index) => (Name(history, layer), theme.Of(index), Values(history, layer, d => d.DeadUnits)))]);
                    var top = Math.Max(0.05, 1.05 * history.SelectMany(e => e.Diagnostics).Max(d => d.DeadUnits ?? 0));
                    // None is seen too.
                    plot.Axes.SetLimitsY(-0.03 * top, top);
                },
                Height: Height(rectified.Length));
        }

        foreach (var weights in history.Weights)
        {
            yield return new Chart(
                $"weights-{weights.Layer}", $"Weights of layer {Name(history, weights.Layer)}", "How the weights are distributed before and after training.",
                (plot, theme) =>
                {
                    Add(plot, weights.Initial, "before", theme.Of(7));
                    Add(plot, weights.Final, "after", theme.Training);
                    plot.XLabel("weight");
                    plot.YLabel("density");
                    plot.Axes.Margins(bottom: 0);
                    plot.ShowLegend(Edge.Bottom);
                });
        }
    }

    /// <summary>With room for a long legend.</summary>
    private static int Height(int layers) => PlotHeight + CurvePlot.LegendHeight(layers);

    private static string Name(TrainingHistory history, int layer) =>
        layer < history.Network?.Layers.Count ? $"{layer}: {history.Network.Layers[layer].Title}" : $"{layer}";

    private static IReadOnlyList<double?> Values(TrainingHistory history, int layer, Func<LayerDiagnostics, double?> value) =>
        [.. history.Select(e => e.Diagnostics.FirstOrDefault(d => d.Layer == layer) is { } diagnostics ? value(diagnostics) : null)];

    /// <summary>The outline of a histogram whose area is 1, so that two with other intervals can be compared.</summary>
    private static void Add(Plot plot, WeightHistogram histogram, string name, Color color)
    {
        var width = ((double)histogram.Highest - histogram.Lowest) / histogram.Counts.Count;
        // All weights the same: a spike.
        width = width > 0 ? width : Math.Max(1e-3, Math.Abs(histogram.Lowest) / 100);
        double total = histogram.Counts.Sum(count => (long)count);
        List<Coordinates> outline = [new(histogram.Lowest, 0)];
        for (var i = 0; i < histogram.Counts.Count; i++)
        {
            var density = histogram.Counts[i] / total / width;
            outline.Add(new(histogram.Lowest + i * width, density));
            outline.Add(new(histogram.Lowest + (i + 1) * width, density));
        }

        outline.Add(new(histogram.Lowest + histogram.Counts.Count * width, 0));
        var area = plot.Add.Polygon(outline.ToArray());
        area.LegendText = name;
        area.FillColor = color.WithAlpha(0.25);
        area.LineColor = color;
        area.LineWidth = 1.5f;
    }
}
