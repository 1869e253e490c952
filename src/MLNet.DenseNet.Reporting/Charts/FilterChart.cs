using OxyPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>The filters of the first convolution over images as little pictures, of which each shows the pattern that its filter answers to most.</summary>
internal static class FilterChart
{
    private const int MostColumns = 8;
    private const int FewestColumns = 4;
    private const double Gap = 8;

    // A picture has a cell for each weight, and a chart with many more is large and slow to show.
    private const int MostFilters = 64;
    private const int MostCells = 2500;

    private const int Colors = 3;

    /// <returns>Null where the model has no such convolution, or its filters see a single pixel each.</returns>
    public static Chart? Of(IDenseNeuralNetModel model)
    {
        // Weights of four dimensions, (height x width x channels x filters), are those of a convolution over images. In an ensemble, the first network stands for all.
        var weights = model.Layers.SelectMany(layer => layer.Parameters).FirstOrDefault(parameter => parameter.Shape.Dimensions.Length == 4);
        if (weights is null || weights.Shape.Dimensions[..2] is [1, 1])
            return null;
        var (height, width, channels, filters) = (weights.Shape.Dimensions[0], weights.Shape.Dimensions[1], weights.Shape.Dimensions[2], weights.Shape.Dimensions[3]);
        var shown = Math.Min(filters, Math.Max(1, Math.Min(MostFilters, MostCells / height / width)));
        var columns = Math.Clamp(shown, FewestColumns, MostColumns);
        var side = (Chart.Width - Gap) / columns - Gap;
        var cell = side / Math.Max(height, width);
        var rows = (shown + columns - 1) / columns;
        var values = weights.ToArray();
        var colors = channels == Colors ? "in the colours that it answers to most, gray for none" : $"blue where {(channels == 1 ? "a light pixel adds" : "the mean of its channels adds")} to its answer, orange where it takes away";
        var some = shown < filters ? FormattableString.Invariant($" The first {shown} of {filters:N0}.") : "";
        return new Chart(
            "filters", "Filters of the first convolution", $"What each filter of {height} x {width} pixels looks for: {colors}; the stronger, the larger the weight among those of its filter.{some}",
            (int)Math.Ceiling(rows * (cell * height + Gap) + Gap), Draw);

        void Draw(IRenderContext canvas, ChartTheme theme)
        {
            for (var filter = 0; filter < shown; filter++)
            {
                var (left, top) = (Gap + filter % columns * (side + Gap), Gap + filter / columns * (cell * height + Gap));
                var pixels = Enumerable.Range(0, height * width).Select(pixel => ColorOf(filter, pixel)).ToArray();
                var largest = Math.Max(float.Epsilon, pixels.Max(pixel => pixel.Max(Math.Abs)));
                for (var pixel = 0; pixel < pixels.Length; pixel++)
                {
                    var place = new OxyRect(left + pixel % width * cell, top + pixel / width * cell, cell, cell);
                    canvas.DrawRectangle(place, Color(theme, [.. pixels[pixel].Select(weight => weight / largest)]), OxyColors.Undefined, 0, EdgeRenderingMode.PreferSharpness);
                }

                canvas.DrawRectangle(new OxyRect(left, top, cell * width, cell * height), OxyColors.Undefined, theme.Quiet, 0.8, EdgeRenderingMode.PreferGeometricAccuracy);
            }
        }

        // Three weights, or one: the mean where there are two, or more than three.
        float[] ColorOf(int filter, int pixel)
        {
            var ofChannels = Enumerable.Range(0, channels).Select(channel => values[(pixel * channels + channel) * filters + filter]);
            return channels == Colors ? [.. ofChannels] : [ofChannels.Average()];
        }
    }

    /// <param name="theme">Its colours show positive and negative weights.</param>
    /// <param name="weights">In [-1, 1]: red, green and blue, or one.</param>
    private static OxyColor Color(ChartTheme theme, float[] weights) => weights is [var red, var green, var blue]
        ? OxyColor.FromRgb(Byte(red), Byte(green), Byte(blue))
        : OxyColor.Interpolate(theme.Background, weights[0] < 0 ? theme.Validation : theme.Training, Math.Abs(weights[0]));

    private static byte Byte(float weight) => (byte)Math.Round(127.5 + 127.5 * weight);
}
