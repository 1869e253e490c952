using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Reporting.Charts;
using OxyPlot;

namespace MLNet.DenseNet.Reporting.Tests;

/// <summary>What is drawn stands where its values are, in the colours that the chart speaks of.</summary>
public class ChartValueTests
{
    private static readonly OxyColor Blue = OxyColor.Parse("#0072b2");
    private static readonly OxyColor Orange = OxyColor.Parse("#d55e00");
    private static readonly OxyColor Green = OxyColor.Parse("#009e73");
    private static readonly OxyColor Gray = OxyColor.Parse("#5c6773");

    private static readonly Lazy<(TrainingHistory History, ReportEvaluation Evaluation)> Classification = new(Runs.Classification);

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Curves_go_through_the_values_of_epochs()
    {
        var history = Runs.LearnedByHeart(restoresBest: true);
        var kept = history[history.RestoredEpoch!.Value - 1];
        Assert.InRange(kept.Epoch, 2, history.Count - 1);
        var charts = history.DrawCharts();
        foreach (var (name, training, validation) in ((string, Func<EpochSummary, double?>, Func<EpochSummary, double?>)[])[("loss", e => e.Loss, e => e.ValidationLoss), ("metric", e => e.RSquared, e => e.ValidationRSquared)])
        {
            var drawing = new Drawing(charts[name]);
            Same(Values(history, e => training(e)), drawing.Curve(Blue));
            Same(Values(history, e => validation(e)), drawing.Curve(Orange));
            Assert.Equal((Blue, Orange), (drawing.LegendColor("training"), drawing.LegendColor("validation")));
            Assert.Equal("epoch", drawing.Titles.Horizontal);
            // The epoch that was kept.
            Assert.All(drawing.Values(drawing.Lines.First(line => line.IsDashed)), point => Assert.Equal(kept.Epoch, point.X, 0.01));
            Same([(kept.Epoch, training(kept)!.Value), (kept.Epoch, validation(kept)!.Value)], Points(drawing));
            Assert.Equal([Blue, Orange], drawing.Circles.Select(circle => circle.Fill));
        }
    }

    [Fact]
    public void Accuracy_and_learning_rate_of_each_epoch()
    {
        var history = Classification.Value.History;
        var charts = history.DrawCharts();
        Same(Values(history, e => e.Accuracy), new Drawing(charts["metric"]).Curve(Blue));
        Same(Values(history, e => e.ValidationAccuracy), new Drawing(charts["metric"]).Curve(Orange));
        Same(Values(history, e => e.LearningRate), new Drawing(charts["learning-rate"]).Curve(Green));
    }

    [Fact]
    public void Losses_of_many_magnitudes_stand_on_a_logarithmic_axis()
    {
        var data = Dataset.FromTargets(1, 1, new float[] { -1, 0, 1 }, new float[] { -1, 0, 1 });
        var history = new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 0.2f, NumberOfEpochs = 20, Seed = 1 }).Train(data);
        Assert.True(history[0].Loss > 1000 * history[^1].Loss);
        var curve = new Drawing(history.DrawCharts()["loss"]).Curve(Blue);
        Assert.All(curve.Zip(history), pair => Assert.Equal(1, pair.First.Y / pair.Second.Loss, 0.01));
        Assert.Equal(history.Select(e => e.Epoch), curve.Select(point => (int)Math.Round(point.X)));
    }

    [Fact]
    public void Gradients_and_dead_units_of_each_layer()
    {
        var history = Classification.Value.History;
        var charts = history.DrawCharts();
        // The layers of hidden units, and the last one.
        int[] layers = [1, 3, 5];
        foreach (var (layer, color) in layers.Zip([Blue, Orange, Green]))
        {
            var norms = new Drawing(charts["gradient-norms"]);
            Same(Values(history, e => Of(e, layer).GradientNorm), norms.Curve(color));
            Assert.Equal(color, norms.LegendColor($"{layer}: {history.Network!.Layers[layer].Title}"));
            if (layer != layers[^1])
                Same(Values(history, e => Of(e, layer).DeadUnits), new Drawing(charts["dead-units"]).Curve(color));
        }

        static LayerDiagnostics Of(EpochSummary epoch, int layer) => epoch.Diagnostics.Single(d => d.Layer == layer);
    }

    [Fact]
    public void Histograms_have_the_densities_of_weights_before_and_after()
    {
        var history = Classification.Value.History;
        foreach (var weights in history.Weights)
        {
            var drawing = new Drawing(history.DrawCharts()[$"weights-{weights.Layer}"]);
            Same(Outline(weights.Initial), drawing.Curve(Gray));
            Same(Outline(weights.Final), drawing.Curve(Blue));
            Assert.Equal(("weight", "density"), drawing.Titles);
            var (before, after) = (drawing.Texts.Single(text => text.Words == "before"), drawing.Texts.Single(text => text.Words == "after"));
            Assert.Equal([Gray, Blue], new[] { before, after }.Select(text => drawing.Rectangles.Where(box => box.Right < text.X && !box.Fill.IsUndefined()).MaxBy(box => box.X)!.Fill).Select(fill => OxyColor.FromAColor(255, fill)));
        }

        // Where neighbours are alike there is no corner between them.
        static IEnumerable<(double, double)> Outline(WeightHistogram histogram)
        {
            var width = ((double)histogram.Highest - histogram.Lowest) / histogram.Counts.Count;
            double[] densities = [0, .. histogram.Counts.Select(count => count / width / histogram.Counts.Sum()), 0];
            var steps = densities.Zip(densities.Skip(1)).Index().SelectMany(step => ((double, double)[])[(histogram.Lowest + step.Index * width, step.Item.First), (histogram.Lowest + step.Index * width, step.Item.Second)]);
            return steps.Distinct();
        }
    }

    [Fact]
    public void Cells_of_a_confusion_matrix_have_their_counts_and_shares()
    {
        int[][] counts = [[3, 1, 0], [0, 2, 3], [1, 4, 5]];
        var rows = counts.Index().SelectMany(row => row.Item.Index().SelectMany(cell => Enumerable.Repeat(new Classified { Label = (uint)row.Index, PredictedLabel = (uint)cell.Index, Score = [.. Enumerable.Range(0, 3).Select(i => i == cell.Index ? 1f : 0)] }, cell.Item)));
        var matrix = _mlContext.MulticlassClassification.Evaluate(_mlContext.Data.LoadFromEnumerable(rows)).ConfusionMatrix;
        var drawing = Draw(ReportEvaluation.FromConfusionMatrix(matrix, ["ant", "bee", "cow"]), "confusion-matrix");
        var cells = drawing.Rectangles.OrderBy(cell => Math.Round(cell.Y)).ThenBy(cell => cell.X).Chunk(3).ToArray();
        var shares = counts.Select(row => row.Select(count => (double)count / row.Sum()).ToArray()).ToArray();
        for (var actual = 0; actual < 3; actual++)
        {
            for (var predicted = 0; predicted < 3; predicted++)
            {
                var (cell, count) = (cells[actual][predicted], counts[actual][predicted]);
                Assert.Equal(count == 0 ? "" : $"{count}", string.Concat(drawing.Texts.Where(text => IsIn(text, cell)).Select(text => text.Words)));
                if (count > 0)
                    Assert.Equal(actual == predicted ? Blue : Orange, OxyColor.FromAColor(255, cell.Fill));
            }

            var name = ((string[])["ant", "bee", "cow"])[actual];
            Assert.Single(drawing.Texts, text => text.Words == name && text.X < cells[actual][0].X && Math.Abs(text.Y - cells[actual][0].Middle.Y) < text.Size);
            Assert.Single(drawing.Texts, text => text.Words == name && text.Y > cells[2][0].Y + cells[2][0].Height && Math.Abs(text.X - cells[0][actual].Middle.X) < 1);
        }

        // The larger the share of its row, the stronger.
        var filled = cells.SelectMany((row, actual) => row.Select((cell, predicted) => (shares[actual][predicted], cell.Fill.A))).Where(cell => cell.Item1 > 0).OrderBy(cell => cell.Item1).ToArray();
        Assert.All(filled.Zip(filled.Skip(1)), pair => Assert.Equal(Math.Sign(pair.Second.Item1.CompareTo(pair.First.Item1)), Math.Sign(pair.Second.A.CompareTo(pair.First.A))));
        Assert.Equal("actual", drawing.Titles.Vertical);
        Assert.True(drawing.Texts.Single(text => text.Words == "predicted").Y > cells[2][0].Y + cells[2][0].Height);

        static bool IsIn(Drawing.Text text, Drawing.Rectangle cell) => text.X > cell.X && text.X < cell.Right && text.Y > cell.Y && text.Y < cell.Y + cell.Height;
    }

    [Fact]
    public void Predictions_stand_above_what_they_should_be()
    {
        var drawing = Draw(ReportEvaluation.FromPredictions([1, 2, 4, -3], [1.5f, 2.25f, 3, -5]), "predictions");
        Same([(1, 1.5), (2, 2.25), (4, 3), (-3, -5)], Points(drawing));
        Assert.Equal(("actual", "predicted"), drawing.Titles);
        Assert.All(drawing.Values(drawing.Lines.Single(line => line.IsDashed)), point => Assert.Equal(point.X, point.Y, 0.01));
    }

    [Theory]
    [InlineData(1, 3000, 3000, "3,000 values of the evaluation. ")]
    [InlineData(1, 4, 3, "3 of the 4 values of the evaluation, those that are finite numbers. ")]
    [InlineData(4000, 1, 2000, "2,000 of the 4,000 values of the evaluation. ")]
    public void It_says_how_many_predictions_are_drawn(int rows, int outputs, int drawn, string expected)
    {
        var values = Enumerable.Range(0, rows * outputs).Select(i => drawn == 3 && i == 2 ? float.NaN : i).ToArray();
        var chart = PredictionChart.Of(values, values, outputs);
        Assert.StartsWith(expected, chart.Description, StringComparison.Ordinal);
        Assert.Equal(drawn, Points(new Drawing(chart.ToSvg(ChartTheme.Light))).Count());
    }

    /// <summary>Of weights that all begin at 0, the interval is as wide as one of those after training, beside which it is still seen.</summary>
    [Fact]
    public void Weights_that_were_all_the_same_leave_room_for_those_after()
    {
        var numbers = Enumerable.Range(0, 40).Select(i => i / 20f - 1).ToArray();
        var network = Network.Create(1, [new NumericEmbeddingLayer(2, 8), new DenseLayer(1)], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions { RecordDiagnostics = true, NumberOfEpochs = 5, Seed = 1 }).Train(Dataset.FromTargets(1, 1, numbers, numbers));
        var embedding = history.Weights.Single(weights => weights.Initial.Lowest == weights.Initial.Highest);
        var drawing = new Drawing(history.DrawCharts()[$"weights-{embedding.Layer}"]);
        Assert.InRange(drawing.Curve(Gray).Max(point => point.Y), 1, 100 * drawing.Curve(Blue).Max(point => point.Y));
    }

    /// <summary>What the defaults train has layers with long names, and layers in layers.</summary>
    [Fact]
    public void Names_of_layers_fit()
    {
        var charts = Runs.Defaults().DrawCharts();
        var network = new Drawing(charts["network"]);
        Assert.All(network.Texts, text => Assert.True(text.Size >= 8 && text.X + TextWidth.Of(text.Words) * text.Size < Chart.Width, text.Words));
        Assert.All(new Drawing(charts["gradient-norms"]).Texts.Where(text => text.Anchor == "start" && !text.IsUpright), text => Assert.True(text.X + 0.5 * text.Size * text.Words.Length < Chart.Width, text.Words));
        Assert.Equal("Convolution 8", ShortName.WithoutDetails("Convolution 8, kernel 3, ReLU", name => name.Length < 20));
        Assert.Equal("Wide and deep, 2 columns", ShortName.OfLayer(new LayerSummary("Wide and deep, 2 columns [Dense 8]", null, 4, 4, 9, 1)));
    }

    /// <summary>Ends are what most names differ in, but not all.</summary>
    [Fact]
    public void Long_names_are_told_apart()
    {
        Assert.Equal(["a class c…alphabet", "another c…f things"], ShortName.OfAll(["a class called A of the alphabet", "another class called B of things"], 18));
        Assert.Equal(["…A…", "…B…", "……"], ShortName.OfAll(["a class called A of the alphabet", "a class called B of the alphabet", "a class called  of the alphabet"], 18));
        Assert.Equal(["same", "same"], ShortName.OfAll(["same", "same"], 18));
    }

    /// <summary>Too many values are not all drawn, but those of a row are, or none of them.</summary>
    [Theory]
    [InlineData(1000, 2000)]
    [InlineData(1001, 1002)]
    public void Predictions_of_several_outputs_are_all_drawn(int count, int drawn)
    {
        var rows = Enumerable.Range(0, count).Select(i => new Outputs { Label = [i % 2, 10 + i % 2], Score = [i % 2, 20] });
        var points = Points(Draw(ReportEvaluation.FromPredictions(_mlContext.Data.LoadFromEnumerable(rows)), "predictions")).ToArray();
        Assert.Equal(drawn, points.Length);
        Assert.Equal(drawn / 2, points.Count(point => point.Y > 15));
    }

    [Fact]
    public void Shares_that_came_true_stand_above_probabilities()
    {
        // A quarter of the rows, of which three quarters come true, and of the others one half.
        var rows = Enumerable.Range(0, 160).Select(i => i < 40 ? new Judged { Probability = 0.25f, Label = i < 30 } : new Judged { Probability = 0.95f, Label = i % 2 == 0 });
        var drawing = Draw(ReportEvaluation.FromProbabilities(_mlContext.Data.LoadFromEnumerable(rows)), "reliability");
        Same([(0.25, 0.75), (0.95, 0.5)], Points(drawing));
        Assert.Equal(("probability", "share that came true"), drawing.Titles);
        // Their areas are as the numbers of rows.
        Assert.Equal(3, Math.Pow(drawing.Circles[1].Radius / drawing.Circles[0].Radius, 2), 0.01);
        Same([(0, 0), (1, 1)], drawing.Values(drawing.Lines.Single(line => line.IsDashed)));
    }

    [Fact]
    public void Bars_of_importance_end_at_the_loss_and_lines_at_its_spread()
    {
        var random = new Random(1);
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(_ => (random.NextSingle(), random.NextSingle())).Select(x => new Pair { Large = x.Item1, Small = x.Item2, Label = 3 * x.Item1 + x.Item2 }).ToArray());
        var model = _mlContext.Transforms.Concatenate("Features", nameof(Pair.Small), nameof(Pair.Large)).Append(_mlContext.Regression.Trainers.DenseNeuralNet(hiddenLayers: [16], numberOfEpochs: 20, seed: 1)).Fit(rows);
        var importance = _mlContext.Regression.PermutationFeatureImportance(model, model.Transform(rows), permutationCount: 3);
        var drawing = Draw(ReportEvaluation.FromImportance(importance), "importance");
        var bars = drawing.Rectangles.Where(bar => bar.Fill == Blue).ToArray();
        Assert.Equal(2, bars.Length);
        foreach (var (name, change) in importance)
        {
            var text = drawing.Texts.Single(text => text.Words == name);
            var bar = bars.MinBy(bar => Math.Abs(bar.Middle.Y - text.Y))!;
            Assert.InRange(text.Y, bar.Y, bar.Y + bar.Height);
            var (loss, spread) = (-change.RSquared.Mean, change.RSquared.StandardDeviation);
            Assert.True(spread > 0.01);
            Assert.Equal(0, drawing.X(bar.X), 1e-3);
            Assert.Equal(loss, drawing.X(bar.Right), 1e-3);
            var line = Assert.Single(drawing.Lines, line => line.Points[0].Y == line.Points[^1].Y && Math.Abs(line.Points[0].Y - bar.Middle.Y) < 0.01);
            Assert.Equal(loss - spread, drawing.X(line.Points[0].X), 1e-3);
            Assert.Equal(loss + spread, drawing.X(line.Points[^1].X), 1e-3);
        }
    }

    /// <summary>Pixels of large images are put together in squares.</summary>
    [Theory]
    [InlineData(1, 12, 1)]
    [InlineData(3, 12, 1)]
    [InlineData(3, 130, 3)]
    public void A_heat_map_has_the_contributions_of_pixels(int channels, int height, int square)
    {
        const int width = 10;
        var (model, rows) = Runs.ImageClassifier(channels, height: height, layers: [new ConvolutionLayer(3, 3, activation: Activation.ReLU)]);
        var size = height * width * channels;
        var explained = _mlContext.Transforms.CalculateDenseNeuralNetContribution(model, output: null, size, size, normalize: false).Fit(rows).Transform(rows);
        var (image, contributions) = (explained.GetColumn<float[]>("Features").First(), explained.GetColumn<float[]>("FeatureContributions").First());
        var drawing = Draw(ReportEvaluation.FromImage(model.GetDenseNeuralNet(), image), "attribution");

        var (down, across) = ((height + square - 1) / square, (width + square - 1) / square);
        var squares = Enumerable.Range(0, height * width).ToLookup(pixel => pixel / width / square * across + pixel % width / square);
        float[] light = [.. Enumerable.Range(0, down * across).Select(place => squares[place].SelectMany(pixel => image[(pixel * channels)..((pixel + 1) * channels)]).Average())];
        float[] added = [.. Enumerable.Range(0, down * across).Select(place => squares[place].SelectMany(pixel => contributions[(pixel * channels)..((pixel + 1) * channels)]).Sum())];
        Assert.True(added.Min() < 0 && added.Max() > 0);
        var (left, right) = (Picture(0), Picture(1));
        for (var place = 0; place < light.Length; place++)
        {
            var share = (light[place] - light.Min()) / (light.Max() - light.Min());
            Near(Shade(255 * share), left[place].Fill);
            Near(OxyColor.Interpolate(Shade(90 + 110 * share), added[place] < 0 ? Orange : Blue, Math.Min(1, Math.Abs(added[place]) / (0.6 * added.Max(Math.Abs)))), right[place].Fill);
        }

        // From the left to the right, then down.
        Drawing.Rectangle[] Picture(int which)
        {
            var cells = drawing.Rectangles.Where((_, i) => i % 2 == which).ToArray();
            Assert.Equal(down * across, cells.Length);
            Assert.All(cells.Index(), cell =>
            {
                Assert.Equal(cells[0].X + cell.Index % across * cells[0].Width, cell.Item.X, 0.01);
                Assert.Equal(cells[0].Y + cell.Index / across * cells[0].Height, cell.Item.Y, 0.01);
            });
            return cells;
        }

        static OxyColor Shade(double value) => OxyColor.FromRgb((byte)Math.Round(value), (byte)Math.Round(value), (byte)Math.Round(value));

        // Sums in another order are rounded otherwise.
        static void Near(OxyColor expected, OxyColor actual) => Assert.True(Math.Max(Math.Abs(expected.R - actual.R), Math.Max(Math.Abs(expected.G - actual.G), Math.Abs(expected.B - actual.B))) <= 1, $"{actual} instead of {expected}");
    }

    /// <summary>A missing pixel is none of the darkest or lightest.</summary>
    [Fact]
    public void An_image_with_a_missing_pixel_is_seen()
    {
        var chart = AttributionChart.Of([0, 0.5f, float.NaN, 1], [0, 0, float.NaN, 1], height: 2, width: 2, "what they add");
        var image = new Drawing(chart.ToSvg(ChartTheme.Light)).Rectangles.Where((_, i) => i % 2 == 0).Select(cell => cell.Fill.R);
        Assert.Equal([0, 128, 128, 255], image);
        Assert.DoesNotContain(new Drawing(chart.ToSvg(ChartTheme.Light)).Rectangles, cell => cell.Fill.IsUndefined());
    }

    [Fact]
    public void A_network_is_drawn_from_its_input_down_to_its_output()
    {
        var drawing = new Drawing(Runs.Regression().History.DrawCharts()["network"]);
        // Three features, standardized, eleven places for sixteen units with an ellipsis in the middle, and the output.
        var rows = drawing.Circles.GroupBy(circle => Math.Round(circle.Y)).OrderBy(row => row.Key).Select(row => row.Where(circle => circle.Radius > 2).ToArray()).ToArray();
        Assert.Equal([3, 3, 10, 1], rows.Select(row => row.Length));
        Assert.Equal([Gray, OxyColors.White, Blue, Orange], rows.Select(row => row.Select(circle => circle.Fill).Distinct().Single()));
        // What learns nothing connects each value with itself, what learns all with all.
        Assert.Equal([3, 3 * 11, 11], drawing.Lines.GroupBy(line => Math.Round(line.Points[0].Y)).OrderBy(lines => lines.Key).Select(lines => lines.Count()));
        Assert.Equal(rows.SkipLast(1).Select(row => Math.Round(row[0].Y)), drawing.Lines.Select(line => Math.Round(line.Points[0].Y)).Distinct().Order());
    }

    private static Drawing Draw(ReportEvaluation evaluation, string chart) => new(Runs.CanceledAtOnce().DrawCharts(evaluation)[chart]);

    private static IEnumerable<(double X, double Y)> Points(Drawing drawing) => drawing.Circles.Select(circle => (drawing.X(circle.X), drawing.Y(circle.Y)));

    private static IEnumerable<(double X, double Y)> Values(TrainingHistory history, Func<EpochSummary, double?> value) => history.Select(e => ((double)e.Epoch, value(e)!.Value));

    /// <summary>The same to within less than a pixel.</summary>
    private static void Same(IEnumerable<(double X, double Y)> expected, IEnumerable<(double X, double Y)> actual)
    {
        var (wanted, drawn) = (expected.ToArray(), actual.ToArray());
        Assert.Equal(wanted.Length, drawn.Length);
        var (width, height) = (wanted.Max(point => Math.Abs(point.X)), wanted.Max(point => Math.Abs(point.Y)));
        Assert.All(wanted.Zip(drawn), pair =>
        {
            Assert.Equal(pair.First.X, pair.Second.X, 1e-3 * width);
            Assert.Equal(pair.First.Y, pair.Second.Y, 1e-3 * height);
        });
    }

    private sealed class Classified
    {
        // Of keys in objects, 0 is the first.
        [KeyType(3)]
        public uint Label { get; set; }

        [KeyType(3)]
        public uint PredictedLabel { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Outputs
    {
        [VectorType(2)]
        public float[] Label { get; set; } = [];

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Judged
    {
        public bool Label { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Pair
    {
        public float Small { get; set; }

        public float Large { get; set; }

        public float Label { get; set; }
    }
}
