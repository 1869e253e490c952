using System.Text.RegularExpressions;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>A chart that can be drawn in any theme.</summary>
/// <param name="Name">Of its file.</param>
/// <param name="Title">Above it.</param>
/// <param name="Description">What it shows, in words: for those who do not see it, and below it.</param>
/// <param name="Draw">Adds everything to an empty plot.</param>
/// <param name="Width">In pixels of the page.</param>
/// <param name="Height">In pixels of the page.</param>
internal sealed partial record Chart(string Name, string Title, string Description, Action<Plot, ChartTheme> Draw, int Width = 520, int Height = 330)
{
    // Sharp on screens with two pixels for one.
    private const int PngScale = 2;

    // ScottPlot's own choice may have serifs where it finds none of its favourites.
    private static readonly string Font =
        ((string[])["Segoe UI", "Helvetica Neue", "Open Sans", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"]).FirstOrDefault(name => Fonts.GetTypeface(name, false, false)?.FamilyName == name, Fonts.Default);

    public string ToSvg(ChartTheme theme)
    {
        using var plot = Compose(theme);
        // Where the drawing's font is not installed, another one without serifs.
        return FontFamily().Replace(plot.GetSvgXml(Width, Height), "font-family=\"$1, system-ui, sans-serif\"");
    }

    public byte[] ToPng(ChartTheme theme)
    {
        using var plot = Compose(theme);
        plot.ScaleFactor = PngScale;
        return plot.GetImageBytes(Width * PngScale, Height * PngScale, ImageFormat.Png);
    }

    private Plot Compose(ChartTheme theme)
    {
        var plot = new Plot();
        plot.Font.Set(Font);
        plot.FigureBackground.Color = theme.Background;
        plot.DataBackground.Color = theme.Background;
        plot.Axes.Color(theme.Text);
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Grid.MajorLineColor = theme.Grid;
        plot.Legend.BackgroundColor = theme.Background;
        plot.Legend.FontColor = theme.Text;
        plot.Legend.OutlineColor = theme.Grid;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.FontSize = 13;
        foreach (var axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
        {
            axis.Label.FontSize = 14;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = 13;
            axis.TickGenerator = new NumericAutomatic { LabelFormatter = AxisNumber.Text };
        }

        Draw(plot, theme);
        return plot;
    }

    [GeneratedRegex("font-family=\"([^\"]*)\"")]
    private static partial Regex FontFamily();
}
