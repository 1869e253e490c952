using ScottPlot;
using ScottPlot.Colormaps;

namespace Playground;

/// <summary>Draws how the boundary between two classes takes shape: a column of panels for each set, from the first epoch down to the last.</summary>
internal static class BoundaryPicture
{
    private const double Margin = 0.15;
    private const double CellWidth = 2 * Boundary.Limit + Margin;
    // With room for the text above it.
    private const double CellHeight = CellWidth + 0.25;
    private const int PixelsPerUnit = 48;

    // As many points as can be told apart.
    private const int PointsShown = 80;

    // Few, so that the contours of how sure it is can be seen.
    private const int ShadeCount = 6;

    private static readonly Color Zero = Color.FromHex("#d55e00");
    private static readonly Color One = Color.FromHex("#0072b2");

    private static readonly IColormap Shades = new CustomPalette([.. Enumerable.Range(0, ShadeCount).Select(i => (i < ShadeCount / 2 ? Zero : One).Lighten(0.9 - 0.18 * Math.Abs(i - (ShadeCount - 1) / 2.0)))]);

    public static void Save(IReadOnlyList<(PointSet Points, IReadOnlyList<Boundary> Boundaries)> sets, string path)
    {
        using var plot = new Plot();
        for (var column = 0; column < sets.Count; column++)
        {
            for (var row = 0; row < sets[column].Boundaries.Count; row++)
                AddPanel(plot, sets[column].Points, sets[column].Boundaries[row], column * CellWidth, -row * CellHeight);
        }

        var (width, height) = (sets.Count * CellWidth + Margin, sets.Max(set => set.Boundaries.Count) * CellHeight + Margin);
        var (left, top) = (-Boundary.Limit - Margin, CellHeight - Boundary.Limit);
        plot.Layout.Frameless();
        plot.HideGrid();
        plot.Axes.SetLimits(left, left + width, top - height, top);
        plot.SavePng(path, (int)(width * PixelsPerUnit), (int)(height * PixelsPerUnit));
    }

    private static void AddPanel(Plot plot, PointSet points, Boundary boundary, double x, double y)
    {
        var map = plot.Add.Heatmap(boundary.Values);
        map.Colormap = Shades;
        // The palette's last colour is for the end of the range alone: it begins where the last of as many equal parts does.
        map.ManualRange = new ScottPlot.Range(0, (ShadeCount - 1.0) / ShadeCount);
        map.Extent = new CoordinateRect(x - Boundary.Limit, x + Boundary.Limit, y - Boundary.Limit, y + Boundary.Limit);
        foreach (var (label, color) in new[] { (0f, Zero), (1f, One) })
        {
            var ofClass = Enumerable.Range(0, PointsShown).Where(i => points.Labels[i] == label).Select(i => new Coordinates(x + points.Features[2 * i], y + points.Features[2 * i + 1])).ToArray();
            plot.Add.Markers(ofClass, MarkerShape.FilledCircle, 3, color);
        }

        var text = plot.Add.Text($"{points.Name}, epoch {boundary.Epoch}", x, y + Boundary.Limit);
        text.LabelAlignment = Alignment.LowerCenter;
        text.LabelFontSize = 12;
    }
}
