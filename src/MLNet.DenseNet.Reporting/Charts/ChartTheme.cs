using ScottPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>The colours of charts on a light or a dark page.</summary>
/// <param name="Background">Of the chart, that of the page's cards.</param>
/// <param name="Text">Of text and axes.</param>
/// <param name="Grid">Of lines that only guide the eye.</param>
/// <param name="Series">Of curves, told apart by the colour-blind too (Okabe and Ito, 2008, adapted).</param>
internal sealed record ChartTheme(Color Background, Color Text, Color Grid, IReadOnlyList<Color> Series)
{
    public static ChartTheme Light { get; } = new(
        Color.FromHex("#ffffff"), Color.FromHex("#3b4252"), Color.FromHex("#e5e9f0"), Colors("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7a5195", "#5c6773"));

    public static ChartTheme Dark { get; } = new(
        Color.FromHex("#1f2430"), Color.FromHex("#c8d0e0"), Color.FromHex("#333b4d"), Colors("#5ab4f0", "#ff8c42", "#3ddc97", "#f0a6ca", "#f2c14e", "#8fd3ff", "#b79ced", "#a0aec0"));

    public Color Training => Series[0];

    public Color Validation => Series[1];

    public Color Of(int index) => Series[index % Series.Count];

    private static Color[] Colors(params string[] hex) => Array.ConvertAll(hex, h => Color.FromHex(h));
}
