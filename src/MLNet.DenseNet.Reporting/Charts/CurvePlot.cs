using ScottPlot;
using ScottPlot.TickGenerators;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>Curves over epochs.</summary>
internal static class CurvePlot
{
    // From one factor between the largest and the smallest value on, a linear axis shows no more than the first epochs.
    private const double LogarithmicFrom = 100;

    private const int LegendLineHeight = 20;
    private const int LinesOfShortLegend = 2;

    /// <summary>What a legend of so many curves, two a line, takes beyond a short one.</summary>
    public static int LegendHeight(int curves) => LegendLineHeight * Math.Max(0, (curves + 1) / 2 - LinesOfShortLegend);

    /// <summary>Adds curves, and a mark at an epoch.</summary>
    /// <param name="plot">Where to.</param>
    /// <param name="theme">Its colours.</param>
    /// <param name="label">What the vertical axis is.</param>
    /// <param name="curves">A name, a colour, and a value for each epoch; values that are not finite are left out.</param>
    /// <param name="markedEpoch">From 1; null for none.</param>
    /// <param name="mayBeLogarithmic">Whether factors matter more than differences.</param>
    public static void Draw(
        Plot plot, ChartTheme theme, string label, IReadOnlyList<(string Name, Color Color, IReadOnlyList<double?> Values)> curves, int? markedEpoch = null, bool mayBeLogarithmic = false)
    {
        var values = curves.SelectMany(c => c.Values).OfType<double>().Where(double.IsFinite).ToArray();
        var isLogarithmic = mayBeLogarithmic && values.Length > 0 && values.Min() > 0 && values.Max() / values.Min() >= LogarithmicFrom;
        foreach (var (name, color, points) in curves)
        {
            var shown = points.Select((value, index) => (Epoch: index + 1.0, Value: value)).Where(p => p.Value is { } value && double.IsFinite(value)).ToArray();
            var curve = plot.Add.Scatter(
                shown.Select(p => p.Epoch).ToArray(), shown.Select(p => isLogarithmic ? Math.Log10(p.Value!.Value) : p.Value!.Value).ToArray(), color);
            curve.LegendText = name;
            curve.LineWidth = 2;
            // A curve of a few epochs is its points.
            curve.MarkerSize = shown.Length <= 15 ? 5 : 0;
        }

        if (markedEpoch is { } epoch)
        {
            var line = plot.Add.VerticalLine(epoch, 1.5f, theme.Text, LinePattern.Dotted);
            line.LegendText = $"best epoch, {epoch}";
        }

        plot.XLabel("epoch");
        plot.YLabel(label);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true, LabelFormatter = AxisNumber.Text };
        if (isLogarithmic)
        {
            plot.Axes.Left.TickGenerator = new NumericAutomatic
            {
                IntegerTicksOnly = true,
                MinorTickGenerator = new LogMinorTickGenerator(),
                LabelFormatter = exponent => AxisNumber.Text(Math.Pow(10, exponent)),
            };
        }

        if (curves.Count > 1 || markedEpoch is not null)
            // Left to itself, it is cut off after some lines.
            plot.ShowLegend(Edge.Bottom).MinimumSize = LegendHeight(curves.Count) is > 0 and var more ? more + (LinesOfShortLegend + 1) * LegendLineHeight : 0;
        else
            plot.HideLegend();
    }
}
