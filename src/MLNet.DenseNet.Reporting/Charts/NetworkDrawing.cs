using ScottPlot;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>A network from its input on top to its output at the bottom: units as dots, what each layer is beside them.</summary>
internal static class NetworkDrawing
{
    private const int MostDots = 11;
    private const int RowHeight = 58;

    // In dots: from the first to the last, and from there to the text.
    private const double Span = 10;
    private const double TextAt = 11.2;

    public static Chart Of(NetworkSummary network) => new(
        "network", "Network", $"{Description(network)}.",
        (plot, theme) => Draw(plot, theme, network), Height: RowHeight * (network.Layers.Count + 1) + 12);

    private static string Description(NetworkSummary network)
    {
        var size = FormattableString.Invariant($"{network.Layers.Count} layer{(network.Layers.Count == 1 ? "" : "s")}, {network.ParameterCount:N0} parameters ({network.ParameterBytes / 1024.0:N1} KiB)");
        return network.Layers[^1].Members is > 1 and var members ? $"{size}: {members} networks of these layers, of which the model predicts the mean" : size;
    }

    private static void Draw(Plot plot, ChartTheme theme, NetworkSummary network)
    {
        var above = Dots(network.InputShape.Size);
        AddLayer(plot, theme, 0, above, network.InputShape.Size, theme.Of(7), "Input", $"{network.InputShape} value{(network.InputShape.Size == 1 ? "" : "s")}");
        for (var index = 0; index < network.Layers.Count; index++)
        {
            var layer = network.Layers[index];
            var below = Dots(layer.OutputShape.Size);
            // A layer without parameters handles each value by itself.
            Connect(plot, theme, above, index, below, index + 1, isDense: layer.ParameterCount > 0);
            AddLayer(
                plot, theme, index + 1, below, layer.OutputShape.Size, layer.ParameterCount > 0 ? index == network.Layers.Count - 1 ? theme.Validation : theme.Training : theme.Grid,
                layer.Title, layer.ParameterCount > 0 ? FormattableString.Invariant($"{Units(layer)}, {layer.ParameterCount:N0} parameters") : $"{Units(layer)}, no parameters");
            above = below;
        }

        plot.HideGrid();
        plot.Layout.Frameless();
        plot.Axes.SetLimits(-0.8, 25, -network.Layers.Count - 0.55, 0.55);
    }

    private static string Units(LayerSummary layer) => $"{layer.OutputShape} unit{(layer.OutputShape.Size == 1 ? "" : "s")}";

    private static double[] Dots(int units)
    {
        var count = Math.Min(units, MostDots);
        return [.. Enumerable.Range(0, count).Select(i => Span / 2 + (i - (count - 1) / 2.0) * Span / (MostDots - 1))];
    }

    private static void AddLayer(Plot plot, ChartTheme theme, int row, double[] dots, int units, Color color, string name, string size)
    {
        for (var i = 0; i < dots.Length; i++)
        {
            // Of more units than dots, an ellipsis in the middle.
            var isEllipsis = units > MostDots && i == MostDots / 2;
            var marker = plot.Add.Marker(dots[i], -row, MarkerShape.FilledCircle, isEllipsis ? 4 : 12, isEllipsis ? theme.Text : color);
            marker.MarkerStyle.OutlineColor = theme.Background;
            marker.MarkerStyle.OutlineWidth = 1;
        }

        Write(name, -row + 0.17, 15, isBold: true);
        Write(size, -row - 0.2, 13, isBold: false);

        void Write(string text, double y, float fontSize, bool isBold)
        {
            var label = plot.Add.Text(text, TextAt, y);
            label.LabelFontColor = theme.Text;
            label.LabelFontSize = fontSize;
            label.LabelBold = isBold;
            label.LabelAlignment = Alignment.MiddleLeft;
        }
    }

    private static void Connect(Plot plot, ChartTheme theme, double[] above, int upper, double[] below, int lower, bool isDense)
    {
        for (var i = 0; i < above.Length; i++)
        {
            for (var j = 0; j < below.Length; j++)
            {
                if (!isDense && i != j)
                    continue;
                var line = plot.Add.Line(above[i], -upper, below[j], -lower);
                line.Color = theme.Text.WithAlpha(isDense ? 0.13 : 0.4);
                line.LineWidth = 0.8f;
                line.MarkerSize = 0;
            }
        }
    }
}
