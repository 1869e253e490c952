using ScottPlot;

namespace CatsAndDogs;

/// <summary>A picture of images, with what the network says of each.</summary>
internal static class Gallery
{
    private const int Columns = 6;

    // Of a cell, in pixels of the images: room for the text below them.
    private const int CellWidth = AnimalImage.Size + 2;
    private const int CellHeight = AnimalImage.Size + 5;

    public static void Save(IReadOnlyList<PredictedImage> images, string path)
    {
        using var plot = new Plot();
        for (var index = 0; index < images.Count; index++)
        {
            var image = images[index];
            var (left, bottom) = (index % Columns * CellWidth, -(index / Columns) * CellHeight);
            var pixels = new double[AnimalImage.Size, AnimalImage.Size];
            Buffer.BlockCopy(Array.ConvertAll(image.Pixels, pixel => (double)pixel), 0, pixels, 0, sizeof(double) * pixels.Length);
            var map = plot.Add.Heatmap(pixels);
            map.Colormap = new ScottPlot.Colormaps.Grayscale();
            map.ManualRange = new ScottPlot.Range(0, 1);
            map.Extent = new CoordinateRect(left, left + AnimalImage.Size, bottom, bottom + AnimalImage.Size);
            var text = plot.Add.Text($"{image.Probability:F3}: {(image.PredictedLabel ? "dog" : "cat")}", left + AnimalImage.Size / 2.0, bottom - 1);
            text.LabelAlignment = Alignment.UpperCenter;
            text.LabelFontSize = 14;
            text.LabelFontColor = image.PredictedLabel == image.IsDog ? Colors.Black : Colors.Red;
        }

        var rows = (images.Count + Columns - 1) / Columns;
        plot.Layout.Frameless();
        plot.HideGrid();
        plot.Axes.SetLimits(-2, Columns * CellWidth, -rows * CellHeight + AnimalImage.Size - 1, AnimalImage.Size + 1);
        plot.SavePng(path, 5 * (Columns * CellWidth + 2), 5 * (rows * CellHeight + 2));
    }
}
