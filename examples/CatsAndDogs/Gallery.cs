using OxyPlot;

namespace CatsAndDogs;

/// <summary>A picture of images, with what the network says of each.</summary>
internal static class Gallery
{
    private const int Columns = 6;
    private const int PixelSize = 5;
    private const int Margin = 8;

    // The room in a cell for the text below the image.
    private const int CellWidth = AnimalImage.Size * PixelSize + 2 * Margin;
    private const int CellHeight = AnimalImage.Size * PixelSize + 2 * Margin + 16;

    public static void Save(IReadOnlyList<PredictedImage> images, string path)
    {
        var (width, height) = (Columns * CellWidth, (images.Count + Columns - 1) / Columns * CellHeight);
        using var stream = new MemoryStream();
        using (var svg = new SvgRenderContext(stream, width, height, isDocument: true, new PdfRenderContext(width, height, OxyColors.White), OxyColors.White, useVerticalTextAlignmentWorkaround: true))
        {
            for (var index = 0; index < images.Count; index++)
                Draw(svg, images[index], index % Columns * CellWidth + Margin, index / Columns * CellHeight + Margin);
            svg.Complete();
        }

        // Pixels stay squares where they are shown larger.
        File.WriteAllText(path, System.Text.Encoding.UTF8.GetString(stream.ToArray()).Replace("<image ", "<image style=\"image-rendering:pixelated\" ", StringComparison.Ordinal));
    }

    private static void Draw(IRenderContext svg, PredictedImage image, double left, double top)
    {
        const int size = AnimalImage.Size * PixelSize;
        var pixels = new OxyColor[AnimalImage.Size, AnimalImage.Size];
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            var gray = (byte)Math.Round(255 * Math.Clamp(image.Pixels[i], 0, 1));
            pixels[i % AnimalImage.Size, i / AnimalImage.Size] = OxyColor.FromRgb(gray, gray, gray);
        }

        svg.DrawImage(OxyImage.Create(pixels, ImageFormat.Png), left, top, size, size, opacity: 1, interpolate: false);
        svg.DrawText(
            new ScreenPoint(left + size / 2.0, top + size + 4), FormattableString.Invariant($"{image.Probability:F3}: {(image.PredictedLabel ? "dog" : "cat")}"),
            image.PredictedLabel == image.IsDog ? OxyColors.Black : OxyColors.Red, "system-ui, 'DejaVu Sans', sans-serif", fontSize: 14,
            horizontalAlignment: HorizontalAlignment.Center, verticalAlignment: VerticalAlignment.Top);
    }
}
