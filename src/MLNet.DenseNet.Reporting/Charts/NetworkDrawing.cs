using MLNet.DenseNet.Engine;
using OxyPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>A network from its input on top to its output at the bottom: units as dots, feature maps as rectangles, the channels of sequences as bars, and what each layer is beside them.</summary>
internal static class NetworkDrawing
{
    private const int MostDots = 11;
    private const int RowHeight = 50;
    private const double Margin = 12;

    // The dots of a full row, and where the text beside them begins.
    private const double Span = 140;
    private const double TextAt = Margin + Span + 22;

    private const double DotRadius = 5;

    // The longest side of a feature map, which leaves a gap between neighbours, or length of a bar, and the shortest that is still seen.
    private const double LongestSide = 12;
    private const double ShortestSide = 3;
    private const double EllipsisRadius = 1.75;
    private const double NameSize = 13.5;
    private const double SizeSize = 12;

    // What does not fit is written smaller, down to this share of its size. Below it, details are left out, which the options of the report have, and then what is in the middle.
    private const double SmallestShare = 0.6;
    private const int LeastOfName = 4;

    private const int BytesInKiB = 1024;

    public static Chart Of(NetworkSummary network) =>
        new("network", "Network", $"{Description(network)}.", RowHeight * (network.Layers.Count + 1), (canvas, theme) => Draw(canvas, theme, network));

    private static string Description(NetworkSummary network)
    {
        var size = FormattableString.Invariant($"{network.Layers.Count} layer{(network.Layers.Count == 1 ? "" : "s")}, {network.ParameterCount:N0} parameters ({(network.ParameterBytes < BytesInKiB ? $"{network.ParameterBytes} bytes" : FormattableString.Invariant($"{network.ParameterBytes / (double)BytesInKiB:N1} KiB"))})");
        return network.Layers[^1].Members is > 1 and var members ? $"{size}: {members} networks of these layers, of which the model predicts the mean" : size;
    }

    private static void Draw(IRenderContext canvas, ChartTheme theme, NetworkSummary network)
    {
        // Lines first, so that dots lie on them.
        var above = Places(network.InputShape, 0);
        foreach (var (index, layer) in network.Layers.Index())
        {
            var below = Places(layer.OutputShape, index + 1);
            // A layer without parameters handles each value, or each channel, by itself.
            Connect(canvas, theme, above, below, isDense: layer.ParameterCount > 0);
            above = below;
        }

        var longest = network.Layers.Select(layer => layer.OutputShape).Append(network.InputShape).Select(Longest).Max();
        AddLayer(canvas, theme, 0, network.InputShape, longest, theme.Of(7), "Input", InputText(network.InputShape));
        foreach (var (index, layer) in network.Layers.Index())
        {
            // Hollow where nothing is learned.
            var color = layer.ParameterCount == 0 ? theme.Background : index == network.Layers.Count - 1 ? theme.Validation : theme.Training;
            AddLayer(canvas, theme, index + 1, layer.OutputShape, longest, color, ShortName.OfLayer(layer), layer.ParameterCount > 0 ? FormattableString.Invariant($"{Text(layer.OutputShape)}, {layer.ParameterCount:N0} parameters") : $"{Text(layer.OutputShape)}, no parameters");
        }
    }

    private static string InputText(Shape shape) => shape.Dimensions switch
    {
        [var height, var width, var channels] => $"image of {height} x {width}, {Count(channels, "channel")}",
        [_, _] => Text(shape),
        _ => $"{shape} value{(shape.Size == 1 ? "" : "s")}",
    };

    private static string Text(Shape shape) => shape.Dimensions switch
    {
        [var height, var width, var channels] => $"{Count(channels, "feature map")} of {height} x {width}",
        [var steps, var channels] => $"{Count(steps, "step")} of {Count(channels, "value")}",
        _ => $"{shape} unit{(shape.Size == 1 ? "" : "s")}",
    };

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    /// <summary>The longest side of a feature map, or the steps of a sequence.</summary>
    private static int Longest(Shape shape) => shape.Dimensions switch
    {
        [var height, var width, _] => Math.Max(height, width),
        [var steps, _] => steps,
        _ => 1,
    };

    /// <summary>Where units or channels are drawn.</summary>
    private static ScreenPoint[] Places(Shape shape, int row)
    {
        var count = Math.Min(shape.Dimensions[^1], MostDots);
        return [.. Enumerable.Range(0, count).Select(i => new ScreenPoint(Margin + Span / 2 + (i - (count - 1) / 2.0) * Span / (MostDots - 1), (row + 0.5) * RowHeight))];
    }

    private static void AddLayer(IRenderContext canvas, ChartTheme theme, int row, Shape shape, int longest, OxyColor color, string name, string size)
    {
        foreach (var (index, place) in Places(shape, row).Index())
        {
            // Of more units than dots, an ellipsis in the middle.
            if (shape.Dimensions[^1] > MostDots && index == MostDots / 2)
            {
                foreach (var offset in (double[])[-4, 0, 4])
                    canvas.DrawCircle(place + new ScreenVector(offset, 0), EllipsisRadius, theme.Quiet, OxyColors.Undefined, 0, EdgeRenderingMode.PreferGeometricAccuracy);
            }
            else
            {
                AddUnit(canvas, shape, longest, place, color, color == theme.Background ? theme.Quiet : theme.Background);
            }
        }

        var middle = (row + 0.5) * RowHeight;
        Write(name, middle - 1, theme.Text, NameSize, FontWeights.Bold, VerticalAlignment.Bottom);
        Write(size, middle + 4, theme.Quiet, SizeSize, FontWeights.Normal, VerticalAlignment.Top);

        void Write(string text, double y, OxyColor color, double fontSize, double weight, VerticalAlignment vertical)
        {
            var point = new ScreenPoint(TextAt, y);
            var room = Chart.Width - Margin - TextAt;
            var main = ShortName.WithoutDetails(text, Fits);
            var shown = main;
            for (var longest = main.Length / 2 * 2; longest > LeastOfName && !Fits(shown); longest -= 2)
                shown = ShortName.Of(main, longest);
            canvas.DrawText(point, shown, color, fontSize: fontSize * Math.Min(1, room / Width(shown)), fontWeight: weight, verticalAlignment: vertical);

            bool Fits(string text) => SmallestShare * Width(text) <= room;

            double Width(string text) => canvas.MeasureText(text, null, fontSize, weight).Width;
        }
    }

    private static void AddUnit(IRenderContext canvas, Shape shape, int longest, ScreenPoint place, OxyColor fill, OxyColor stroke)
    {
        (double Width, double Height)? sides = shape.Dimensions switch
        {
            [var height, var width, _] => (Side(width), Side(height)),
            [var steps, _] => (ShortestSide, Side(steps)),
            _ => null,
        };
        if (sides is var (wide, high))
            canvas.DrawRectangle(new OxyRect(place.X - wide / 2, place.Y - high / 2, wide, high), fill, stroke, 1, EdgeRenderingMode.PreferGeometricAccuracy);
        else
            canvas.DrawCircle(place, DotRadius, fill, stroke, 1, EdgeRenderingMode.PreferGeometricAccuracy);

        double Side(int length) => Math.Max(ShortestSide, LongestSide * length / longest);
    }

    private static void Connect(IRenderContext canvas, ChartTheme theme, ScreenPoint[] above, ScreenPoint[] below, bool isDense)
    {
        for (var i = 0; i < above.Length; i++)
        {
            for (var j = 0; j < below.Length; j++)
            {
                if (isDense || i == j)
                    canvas.DrawLine([above[i], below[j]], OxyColor.FromAColor((byte)(isDense ? 36 : 90), theme.Text), 0.8, EdgeRenderingMode.PreferGeometricAccuracy);
            }
        }
    }
}
