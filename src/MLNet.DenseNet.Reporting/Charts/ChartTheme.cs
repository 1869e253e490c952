using OxyPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>The colours of charts on a light or a dark page.</summary>
/// <param name="Background">The colour behind a chart, which is that of the page's cards.</param>
/// <param name="Text">The colour of text and axes.</param>
/// <param name="Quiet">The colour of text that stands beside other text.</param>
/// <param name="Grid">The colour of lines that only guide the eye.</param>
/// <param name="Series">The colours of curves, which the colour-blind can tell apart too (Okabe and Ito, 2008, adapted).</param>
internal sealed record ChartTheme(OxyColor Background, OxyColor Text, OxyColor Quiet, OxyColor Grid, IReadOnlyList<OxyColor> Series)
{
    public static ChartTheme Light { get; } = new(
        OxyColor.Parse("#ffffff"), OxyColor.Parse("#1f2937"), OxyColor.Parse("#5b6578"), OxyColor.Parse("#e2e7ef"),
        Colors("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7a5195", "#5c6773"));

    public static ChartTheme Dark { get; } = new(
        OxyColor.Parse("#1f2430"), OxyColor.Parse("#e4e9f2"), OxyColor.Parse("#9aa6ba"), OxyColor.Parse("#333b4d"),
        Colors("#5ab4f0", "#ff8c42", "#3ddc97", "#f0a6ca", "#f2c14e", "#8fd3ff", "#b79ced", "#a0aec0"));

    public OxyColor Training => Series[0];

    public OxyColor Validation => Series[1];

    public OxyColor Of(int index) => Series[index % Series.Count];

    private static OxyColor[] Colors(params string[] hex) => Array.ConvertAll(hex, OxyColor.Parse);
}
