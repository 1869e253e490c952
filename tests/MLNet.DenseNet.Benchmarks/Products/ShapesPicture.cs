using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Heat maps of rates: for each form and batch, inputs to the right and units upwards.</summary>
internal static class ShapesPicture
{
    private const double TileWidth = 150;
    private const double TileHeight = 130;

    public static void Write(string path, IReadOnlyDictionary<(LayerSize Size, ProductForm Form), double> shares, int[] batches, int[] inputs, int[] units)
    {
        var forms = Enum.GetValues<ProductForm>();
        var model = new PlotModel { Title = "Share of the peak by batch, inputs (right) and units (up), each from 1", TitleFontSize = 14, PlotMargins = new OxyThickness(110, 10, 60, 40) };
        var (width, height) = (batches.Length * (inputs.Length + 1), forms.Length * (units.Length + 1));
        var values = new double[width, height];
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
            {
                var (batch, input) = Math.DivRem(x, inputs.Length + 1);
                var (form, unit) = Math.DivRem(y, units.Length + 1);
                values[x, y] = input == inputs.Length || unit == units.Length ? double.NaN : 100 * shares[(new LayerSize(batches[batch], inputs[input], units[unit]), forms[form])];
            }
        }

        model.Axes.Add(new LinearColorAxis { Position = AxisPosition.Right, Palette = OxyPalettes.Viridis(100), Minimum = 0, Maximum = 100, InvalidNumberColor = OxyColors.White });
        model.Axes.Add(Names(AxisPosition.Bottom, batches.Select(batch => FormattableString.Invariant($"{batch}")), inputs.Length + 1, "Batch"));
        model.Axes.Add(Names(AxisPosition.Left, forms.Select(form => form.ToString()), units.Length + 1, null));
        model.Series.Add(new HeatMapSeries { X0 = 0, X1 = width - 1, Y0 = 0, Y1 = height - 1, Data = values, Interpolate = false, RenderMethod = HeatMapRenderMethod.Rectangles });
        using var file = File.Create(path);
        new SvgExporter { Width = TileWidth * batches.Length, Height = TileHeight * forms.Length + 80 }.Export(model, file);
    }

    private static LinearAxis Names(AxisPosition position, IEnumerable<string> names, int length, string? title)
    {
        string[] texts = [.. names];
        return new LinearAxis
        {
            Position = position,
            Title = title,
            MajorStep = length,
            MinimumMajorStep = length,
            MinorTickSize = 0,
            Minimum = -0.5,
            Maximum = texts.Length * length - 1.5,
            StartPosition = 0,
            LabelFormatter = value => value >= 0 && (int)value / length is var i && i < texts.Length ? texts[i] : "",
        };
    }
}
