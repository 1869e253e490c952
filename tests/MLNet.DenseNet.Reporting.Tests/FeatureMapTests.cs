using OxyPlot;

namespace MLNet.DenseNet.Reporting.Tests;

/// <summary>Reports of networks whose layers put out feature maps and sequences.</summary>
public sealed class FeatureMapTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("report").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_drawing_shows_feature_maps_with_their_shapes()
    {
        var drawing = Chart(Runs.Convolutional(channels: 3), "network");
        Assert.Equal(
            [
                "Input", "image of 12 x 10, 3 channels",
                "Standardization, limit 3", "3 feature maps of 12 x 10, no parameters",
                "Convolution 6, kernel 3x5, same padding", "6 feature maps of 12 x 10, 276 parameters",
                "Max pooling 2", "6 feature maps of 6 x 5, no parameters",
                "Convolution 16, kernel 3, ReLU", "16 feature maps of 4 x 3, 880 parameters",
                "Dense 20 identity", "20 units, 3,860 parameters",
                "Dense 1 sigmoid", "1 unit, 21 parameters",
            ],
            drawing.Texts.Select(text => text.Words));
        // Of sixteen maps, ten and an ellipsis. Smaller maps are drawn smaller.
        var maps = drawing.Rectangles.Select(r => (Math.Round(r.Width, 1), Math.Round(r.Height, 1))).GroupBy(size => size).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(new Dictionary<(double, double), int> { [(10, 12)] = 3 + 3 + 6, [(5, 6)] = 6, [(3, 4)] = 10 }, maps);
    }

    [Fact]
    public void A_drawing_shows_the_steps_of_sequences()
    {
        var drawing = Chart(Runs.Convolutional(channels: 1, layers: [new ReshapeLayer(new Engine.Shape(12, 10)), new LstmLayer(4, returnSequences: true), new LstmLayer(3)]), "network");
        var texts = drawing.Texts.Select(text => text.Words).ToArray();
        Assert.Contains("12 steps of 4 values, 240 parameters", texts);
        Assert.Contains("3 units, 96 parameters", texts);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void Filters_of_the_first_convolution_are_little_pictures(int channels, int ensembleSize)
    {
        var model = Runs.Convolutional(channels, ensembleSize);
        var weights = model.Layers.SelectMany(layer => layer.Parameters).First(parameter => parameter.Shape.Dimensions.Length == 4).ToArray();
        var cells = Chart(model, "filters").Rectangles.Where(r => !r.Fill.IsUndefined()).ToArray();
        Assert.Equal(6 * 15, cells.Length);
        for (var filter = 0; filter < 6; filter++)
        {
            var pixels = Enumerable.Range(0, 15).Select(pixel => Enumerable.Range(0, channels).Select(channel => weights[(pixel * channels + channel) * 6 + filter]).ToArray()).ToArray();
            float[][] shown = [.. pixels.Select(pixel => channels == 3 ? pixel : [pixel.Average()])];
            var largest = shown.Max(pixel => pixel.Max(Math.Abs));
            for (var pixel = 0; pixel < 15; pixel++)
            {
                var cell = cells[filter * 15 + pixel];
                Assert.Equal(cells[filter * 15].X + pixel % 5 * cell.Width, cell.X, 0.01);
                Assert.Equal(cells[filter * 15].Y + pixel / 5 * cell.Height, cell.Y, 0.01);
                var expected = channels == 3 ? OxyColor.FromRgb(Byte(shown[pixel][0]), Byte(shown[pixel][1]), Byte(shown[pixel][2]))
                    : OxyColor.Interpolate(OxyColors.White, OxyColor.Parse(shown[pixel][0] < 0 ? "#d55e00" : "#0072b2"), Math.Abs(shown[pixel][0]) / largest);
                Assert.Equal(expected, cell.Fill);
            }

            byte Byte(float weight) => (byte)Math.Round(127.5 + 127.5 * (weight / largest));
        }
    }

    [Fact]
    public void The_page_of_a_model_has_its_filters_and_dead_channels()
    {
        var path = Path.Combine(_folder, "report.html");
        var model = Runs.Convolutional(channels: 1);
        model.SaveReport(path);
        var page = File.ReadAllText(path);
        Assert.Contains("<figure id=\"filters\"", page, StringComparison.Ordinal);
        Assert.Contains("<figure id=\"dead-units\"", page, StringComparison.Ordinal);
        Assert.Contains("<figure id=\"weights-1\"", page, StringComparison.Ordinal);
        Assert.Contains("Convolution 6, kernel 3x5, same padding, ReLU: 12 x 10 x 1 → 12 x 10 x 6, 96 parameters", page, StringComparison.Ordinal);
        // The history alone knows no weights.
        Assert.DoesNotContain(model.History!.SaveCharts(_folder), chart => chart.EndsWith("filters.svg", StringComparison.Ordinal));
    }

    [Fact]
    public void Many_filters_are_shown_in_part()
    {
        var path = Path.Combine(_folder, "report.html");
        Runs.Convolutional(channels: 1, layers: [new ConvolutionLayer(70, 3)]).SaveReport(path);
        Assert.Contains("The first 64 of 70.</figcaption>", File.ReadAllText(path), StringComparison.Ordinal);

        // Filters of single pixels have no picture, and dense layers no filters.
        foreach (var layer in (Layer[])[new ConvolutionLayer(3, 1), new DenseLayer(3)])
            Assert.DoesNotContain(Runs.Convolutional(channels: 2, layers: [layer]).SaveCharts(_folder), chart => chart.EndsWith("filters.svg", StringComparison.Ordinal));
    }

    private Drawing Chart(IDenseNeuralNetModel model, string name) => new(File.ReadAllText(model.SaveCharts(_folder).Single(path => Path.GetFileNameWithoutExtension(path) == name)));
}
