using Microsoft.ML;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>What the network is where features are images and nobody says what it should be.</summary>
public class ImageLayersTests
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
        Layer[] layers = [.. ImageLayers.For(new Shape(height, width, 3), Activation.ReLU, dropoutRate: 0)];
        Assert.Equal(filters, string.Join(' ', layers.OfType<ConvolutionLayer>().Select(layer => layer.Filters)));
        Assert.Equal(2 * layers.OfType<ConvolutionLayer>().Count() + 3, layers.Length);
        var network = Network.Create(new Shape(height, width, 3), layers, seed: 1);
        Assert.Equal(last, $"{network.Layers[^2].InputShape}");
    }

    [Theory]
    [InlineData(0, "Dropout 0.5")]
    [InlineData(0.2f, "Dropout 0.2")]
    public void Dropout_stands_around_the_dense_layer(float rate, string dropout) =>
        Assert.Equal([dropout, "Dense 128 SiLU", dropout], ImageLayers.For(new Shape(8, 8, 1), Activation.SiLU, rate).Skip(2).Select(layer => $"{layer}"));

    [Theory]
    [InlineData(true, 3, 8, 1)]
    [InlineData(true, 8, 3, 1)]
    [InlineData(false, 4, 4, 1)]
    public void Images_without_room_for_windows_are_for_dense_layers(bool isDense, params int[] sizes) => Assert.Equal(!isDense, ImageLayers.Suit(new Shape(sizes)));

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

    [Fact]
    public void HiddenLayers_and_a_plain_input_shape_make_it_dense()
    {
        foreach (var options in (DenseNeuralNetOptions[])[new() { HiddenLayers = [7] }, new() { InputShape = ShapedRow.Size }])
        {
            (options.LabelColumnName, options.NumberOfEpochs) = (nameof(ShapedRow.Number), 1);
            Assert.DoesNotContain(_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(ShapedRow.View("pixels")).Model.Layers, layer => layer.Layer is ConvolutionLayer);
        }
    }
}
