using OxyPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>A chart that can be drawn in any theme.</summary>
/// <param name="Name">The name of its file, without an ending.</param>
/// <param name="Title">The title above it.</param>
/// <param name="Description">What it shows, in words: for those who do not see it, and below it.</param>
/// <param name="Height">Its height, in pixels of the page.</param>
/// <param name="Draw">Draws it on a canvas of its size.</param>
internal sealed record Chart(string Name, string Title, string Description, int Height, Action<IRenderContext, ChartTheme> Draw)
{
    /// <summary>The width of every chart, in pixels: about that of a column of the page, so that text is shown about as large as it is drawn.</summary>
    public const int Width = 400;

    /// <summary>A chart that is a plot.</summary>
    public static Chart OfPlot(string name, string title, string description, int height, Func<ChartTheme, PlotModel> compose) =>
        new(name, title, description, height, (canvas, theme) => Plot.Draw(compose(theme), canvas, new OxyRect(0, 0, Width, height)));

    public string ToSvg(ChartTheme theme) => SvgCanvas.Draw(Width, Height, theme.Background, canvas => Draw(canvas, theme));
}
