using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>What the network is where features are images or sequences and nobody says what it should be.</summary>
public class ConvolutionLayersTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(8, 8, "32", "4 x 4 x 32")]
    [InlineData(28, 28, "32 64", "7 x 7 x 64")]
    [InlineData(32, 40, "32 64 128", "4 x 5 x 128")]
    [InlineData(64, 64, "32 64 128 128", "4 x 4 x 128")]
    [InlineData(4, 100, "32", "2 x 50 x 32")]
    public void Convolutions_and_poolings_until_a_side_is_below_8(int height, int width, string filters, string last)
    {
        Layer[] layers = [.. ConvolutionLayers.For(new Shape(height, width, 3), Activation.ReLU, dropoutRate: 0)];
        Assert.Equal(filters, string.Join(' ', layers.OfType<ConvolutionLayer>().Select(layer => layer.Filters)));
        Assert.Equal(2 * layers.OfType<ConvolutionLayer>().Count() + 3, layers.Length);
        var network = Network.Create(new Shape(height, width, 3), layers, seed: 1);
        Assert.Equal(last, $"{network.Layers[^2].InputShape}");
    }

    [Theory]
    [InlineData(4, "16", "2 x 16")]
    [InlineData(60, "16 32 64", "7 x 64")]
    [InlineData(500, "16 32 64 64 64 64", "7 x 64")]
    public void Those_of_a_sequence_are_smaller(int steps, string filters, string last)
    {
        Layer[] layers = [.. ConvolutionLayers.For(new Shape(steps, 2), Activation.ReLU, dropoutRate: 0)];
        Assert.Equal(filters, string.Join(' ', layers.OfType<ConvolutionLayer>().Select(layer => layer.Filters)));
        Assert.Equal(["Dropout 0.3", "Dense 128 ReLU", "Dropout 0.3"], layers[^3..].Select(layer => $"{layer}"));
        Assert.Equal(last, $"{Network.Create(new Shape(steps, 2), layers, seed: 1).Layers[^2].InputShape}");
    }

    [Theory]
    [InlineData(0, "Dropout 0.5")]
    [InlineData(0.2f, "Dropout 0.2")]
    public void Dropout_stands_around_the_dense_layer(float rate, string dropout) =>
        Assert.Equal([dropout, "Dense 128 SiLU", dropout], ConvolutionLayers.For(new Shape(8, 8, 1), Activation.SiLU, rate).Skip(2).Select(layer => $"{layer}"));

    [Theory]
    [InlineData(true, 3, 8, 1)]
    [InlineData(true, 8, 3, 1)]
    [InlineData(false, 4, 4, 1)]
    [InlineData(true, 3, 5)]
    [InlineData(false, 4, 1)]
    [InlineData(false, 4096, 1)]
    [InlineData(true, 4097, 1)]
    [InlineData(true, 4)]
    public void Shapes_without_room_for_windows_are_for_dense_layers(bool isDense, params int[] sizes) => Assert.Equal(!isDense, ConvolutionLayers.Suit(new Shape(sizes)));

    [Theory]
    [InlineData("planes")]
    [InlineData("pixels")]
    public void A_column_of_images_makes_the_network_convolutional_and_the_history_says_so(string order)
    {
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(ShapedRow.Number), BatchSize = 16, NumberOfEpochs = 1 }).Fit(ShapedRow.View(order)).Model;
        Assert.Equal(
            ["Standardization, limit 3", "Convolution 32, kernel 3, same padding, SiLU", "Max pooling 2", "Dropout 0.5", "Dense 128 SiLU", "Dropout 0.5", "Dense 1 identity"],
            model.History!.Network!.Layers.Select(layer => layer.Layer));
    }

    /// <summary>Which of two shapes there is tells the class, wherever it is: dense layers would have to learn it for each place.</summary>
    [Fact]
    public void A_pattern_is_found_anywhere_in_a_sequence()
    {
        const int Steps = 48;
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet().Fit(Sequences(400, seed: 1));
        Assert.Equal(["Standardization, limit 3", "Convolution 16, kernel 5, same padding, SiLU", "Max pooling 2"], model.Model.History!.Network!.Layers.Take(3).Select(layer => layer.Layer));
        Assert.InRange(_mlContext.BinaryClassification.EvaluateNonCalibrated(model.Transform(Sequences(400, seed: 2))).Accuracy, 0.97, 1);

        static MadeDataView Sequences(int count, int seed)
        {
            var random = new Random(seed);
            bool[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 1)];
            float[][] sequences = [.. labels.Select(isRising =>
            {
                float[] values = [.. Enumerable.Range(0, Steps).Select(_ => random.NextSingle() - 0.5f)];
                var place = random.Next(Steps - 4);
                for (var step = 0; step < 4; step++)
                    values[place + step] += isRising ? step : 3 - step;
                return values;
            })];
            return new MadeDataView(count)
                .Add("Features", new VectorDataViewType(NumberDataViewType.Single, Steps, 1), row => new VBuffer<float>(Steps, sequences[row]))
                .Add("Label", BooleanDataViewType.Instance, row => labels[row]);
        }
    }

    [Fact]
    public void Several_networks_are_too_slow_for_images_and_long_sequences()
    {
        foreach (var (shape, takeLong) in new[] { (new Shape(8, 8, 1), true), (new Shape(512, 3), false), (new Shape(513, 1), true) })
            Assert.Equal(takeLong, ConvolutionLayers.TakeLong(shape));
    }

    /// <summary>Categories one beside the other are no steps, though OneHotEncoding of a vector gives its column two dimensions.</summary>
    [Fact]
    public void Categories_that_are_one_hot_are_a_table()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Categories { Names = [$"{i % 2}", $"{i % 3}", $"{i % 5}", $"{i % 7}", "same", $"{i % 4}"], Label = i % 3 == 0 }).ToArray());
        var pipeline = _mlContext.Transforms.Categorical.OneHotEncoding("Features", nameof(Categories.Names));
        Assert.Equal(2, ((VectorDataViewType)pipeline.Fit(rows).GetOutputSchema(rows.Schema)["Features"].Type).Dimensions.Length);
        var model = pipeline.Append(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(numberOfEpochs: 1)).Fit(rows);
        Assert.DoesNotContain(model.LastTransformer.Model.Layers, layer => layer.Layer is ConvolutionLayer);
        Assert.Single(model.LastTransformer.Model.Layers[0].InputShape.Dimensions.ToArray());
        Assert.Equal(100, model.Transform(rows).GetColumn<float>("Score").Count(float.IsFinite));
    }

    [Fact]
    public void HiddenLayers_and_a_plain_input_shape_make_it_dense()
    {
        foreach (var options in (DenseNeuralNetOptions[])[new() { HiddenLayers = [7] }, new() { InputShape = ShapedRow.Size }])
        {
            (options.LabelColumnName, options.NumberOfEpochs) = (nameof(ShapedRow.Number), 1);
            Assert.DoesNotContain(_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(ShapedRow.View("pixels")).Model.Layers, layer => layer.Layer is ConvolutionLayer);
        }
    }

    private sealed class Categories
    {
        [VectorType(6)]
        public string[] Names { get; set; } = [];

        public bool Label { get; set; }
    }
}
