using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>Plots of one look: a grid, two axes and a legend on top.</summary>
internal static class Plot
{
    private const int BaseHeight = 260;
    private const int LegendLineHeight = 18;
    private const int LegendColumns = 2;

    /// <summary>The height of a plot whose legend has so many entries.</summary>
    public static int Height(int entries) => BaseHeight + LegendLineHeight * Math.Max(0, (entries + LegendColumns - 1) / LegendColumns - 1);

    public static PlotModel Of(ChartTheme theme, AxisScale x, string xTitle, AxisScale y, string yTitle, bool hasLegend)
    {
        var plot = Of(theme, x, xTitle, hasLegend);
        plot.Axes.Add(y.Axis(AxisPosition.Left, yTitle, theme));
        return plot;
    }

    /// <summary>A plot that still needs a vertical axis.</summary>
    public static PlotModel Of(ChartTheme theme, AxisScale x, string xTitle, bool hasLegend = false)
    {
        var plot = new PlotModel
        {
            Culture = System.Globalization.CultureInfo.InvariantCulture,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(4, 4, 14, 4),
            TextColor = theme.Text,
            IsLegendVisible = hasLegend,
        };
        plot.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.TopLeft,
            LegendOrientation = LegendOrientation.Horizontal,
            AllowUseFullExtent = true,
            LegendTextColor = theme.Text,
            LegendFontSize = 12.5,
            LegendSymbolLength = 18,
            LegendColumnSpacing = 14,
            LegendLineSpacing = 2,
            LegendPadding = 2,
            LegendMargin = 4,
        });
        var horizontal = x.Axis(AxisPosition.Bottom, xTitle, theme);
        horizontal.AxislineStyle = LineStyle.Solid;
        horizontal.AxislineColor = theme.Quiet;
        plot.Axes.Add(horizontal);
        return plot;
    }

    /// <summary>A line that is no curve of values, but what they are held against.</summary>
    public static LineSeries Dashed(ChartTheme theme, DataPoint from, DataPoint to, string? title = null)
    {
        var line = new LineSeries { Title = title, Color = theme.Quiet, StrokeThickness = 1.5, Dashes = [3, 3] };
        line.Points.AddRange([from, to]);
        return line;
    }

    public static void Draw(PlotModel plot, IRenderContext canvas, OxyRect area)
    {
        ((IPlotModel)plot).Update(updateData: true);
        ((IPlotModel)plot).Render(canvas, area);
        // The library writes an exception into the picture instead.
        if (plot.GetLastPlotException() is { } exception)
            throw new InvalidOperationException("A chart could not be drawn.", exception);
    }
}
