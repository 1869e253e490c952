using OxyPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>What each pixel of an image adds to a score: a heat map over the image.</summary>
internal static class AttributionChart
{
    private const double Gap = 8;

    // A picture has two cells for each pixel, and a chart with many more is large and slow to show: pixels of larger images are put together in squares.
    private const int MostSide = 64;

    // Contributions are mostly small beside a few: the share of the largest at which the color is full.
    private const float FullFrom = 0.6f;

    /// <param name="image">(height x width x channels).</param>
    /// <param name="contributions">The same shape.</param>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="meaning">What they are, in words.</param>
    public static Chart Of(float[] image, float[] contributions, int height, int width, string meaning)
    {
        var square = (Math.Max(height, width) + MostSide - 1) / MostSide;
        var (down, across) = ((height + square - 1) / square, (width + square - 1) / square);
        var (light, added) = (InSquares(image, height, width, square, isMean: true), InSquares(contributions, height, width, square, isMean: false));
        // A missing pixel is none of them.
        var (darkest, lightest) = (light.Where(float.IsFinite).DefaultIfEmpty().Min(), light.Where(float.IsFinite).DefaultIfEmpty().Max());
        var largest = Math.Max(float.Epsilon, added.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        // The image, and beside it the map over it.
        var side = (Chart.Width - 3 * Gap) / 2;
        var cell = side / Math.Max(down, across);
        return new Chart(
            "attribution", "What the model looks at",
            $"An image, and beside it {meaning}.",
            (int)Math.Ceiling(cell * down + 2 * Gap), Draw);

        void Draw(IRenderContext canvas, ChartTheme theme)
        {
            for (var i = 0; i < light.Length; i++)
            {
                var share = lightest > darkest && float.IsFinite(light[i]) ? (light[i] - darkest) / (lightest - darkest) : 0.5f;
                Fill(0, i, Gray(255 * share));
                // Pale, so that the colors over it are seen on light and on dark pixels.
                var strength = float.IsFinite(added[i]) ? Math.Min(1, Math.Abs(added[i]) / (FullFrom * largest)) : 0;
                Fill(1, i, OxyColor.Interpolate(Gray(90 + 110 * share), added[i] < 0 ? theme.Validation : theme.Training, strength));
            }

            void Fill(int picture, int pixel, OxyColor color) => canvas.DrawRectangle(
                new OxyRect(Gap + picture * (side + Gap) + pixel % across * cell, Gap + pixel / across * cell, cell, cell), color, OxyColors.Undefined, 0, EdgeRenderingMode.PreferSharpness);
        }
    }

    private static OxyColor Gray(float value) => OxyColor.FromRgb((byte)Math.Round(value), (byte)Math.Round(value), (byte)Math.Round(value));

    /// <summary>The sums of all channels in squares of pixels, or their means.</summary>
    private static float[] InSquares(float[] values, int height, int width, int square, bool isMean)
    {
        var (down, across, channels) = ((height + square - 1) / square, (width + square - 1) / square, values.Length / height / width);
        var (sums, counts) = (new float[down * across], new int[down * across]);
        for (var i = 0; i < values.Length; i++)
        {
            var (y, x) = Math.DivRem(i / channels, width);
            var place = y / square * across + x / square;
            sums[place] += values[i];
            counts[place]++;
        }

        return isMean ? [.. sums.Zip(counts, (sum, count) => sum / count)] : sums;
    }
}
