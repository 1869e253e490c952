using OxyPlot;

namespace Playground;

/// <summary>Draws how the boundary between two classes takes shape: a column of panels for each set, from the first epoch down to the last.</summary>
internal static class BoundaryPicture
{
    private const int Margin = 8;
    private const int PanelSize = 112;
    private const int TextHeight = 20;

    // As many points as can be told apart.
    private const int PointsShown = 80;

    // Few, so that the contours of how sure it is can be seen.
    private const int ShadeCount = 6;

    private static readonly OxyColor Zero = OxyColor.Parse("#d55e00");
    private static readonly OxyColor One = OxyColor.Parse("#0072b2");

    private static readonly OxyColor[] Shades =
        [.. Enumerable.Range(0, ShadeCount).Select(i => OxyColor.Interpolate(i < ShadeCount / 2 ? Zero : One, OxyColors.White, 0.9 - 0.18 * Math.Abs(i - (ShadeCount - 1) / 2.0)))];

    public static void Save(IReadOnlyList<(PointSet Points, IReadOnlyList<Boundary> Boundaries)> sets, string path)
    {
        var (width, height) = (sets.Count * (PanelSize + Margin) + Margin, sets.Max(set => set.Boundaries.Count) * (PanelSize + TextHeight) + Margin);
        using var file = File.Create(path);
        using var svg = new SvgRenderContext(file, width, height, isDocument: true, new PdfRenderContext(width, height, OxyColors.White), OxyColors.White, useVerticalTextAlignmentWorkaround: true);
        for (var column = 0; column < sets.Count; column++)
        {
            for (var row = 0; row < sets[column].Boundaries.Count; row++)
                AddPanel(svg, sets[column].Points, sets[column].Boundaries[row], Margin + column * (PanelSize + Margin), TextHeight + row * (PanelSize + TextHeight));
        }

        svg.Complete();
    }

    private static void AddPanel(IRenderContext svg, PointSet points, Boundary boundary, double left, double top)
    {
        svg.DrawImage(Map(boundary), left, top, PanelSize, PanelSize, opacity: 1, interpolate: false);
        foreach (var (label, color) in new[] { (0f, Zero), (1f, One) })
        {
            foreach (var i in Enumerable.Range(0, PointsShown).Where(i => points.Labels[i] == label))
                svg.DrawCircle(Place(points.Features[2 * i], points.Features[2 * i + 1]), 1.5, color, OxyColors.Undefined, 0, EdgeRenderingMode.Adaptive);
        }

        svg.DrawText(
            new ScreenPoint(left + PanelSize / 2.0, top - 5), $"{points.Name}, epoch {boundary.Epoch}", OxyColors.Black, "system-ui, 'DejaVu Sans', sans-serif", fontSize: 12,
            horizontalAlignment: HorizontalAlignment.Center, verticalAlignment: VerticalAlignment.Bottom);

        ScreenPoint Place(double x, double y) => new(left + (x / Boundary.Limit + 1) / 2 * PanelSize, top + (1 - y / Boundary.Limit) / 2 * PanelSize);
    }

    /// <summary>A shade for each point of the grid.</summary>
    private static OxyImage Map(Boundary boundary)
    {
        var (rows, columns) = (boundary.Values.GetLength(0), boundary.Values.GetLength(1));
        var shades = new OxyColor[columns, rows];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                shades[column, row] = Shades[(int)Math.Min(ShadeCount - 1, boundary.Values[row, column] * ShadeCount)];
        }

        return OxyImage.Create(shades, ImageFormat.Png);
    }
}
