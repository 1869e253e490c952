using Microsoft.ML;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>Layers that cannot take the features, or what comes of them, are refused before a row is read: by the option's name, and with what they need.</summary>
public class WrongLayersTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Layers_that_need_an_image_name_the_option_that_tells_its_shape()
    {
        var message = Message(ShapedRow.View("flat"), new DenseNeuralNetOptions { Layers = [new ConvolutionLayer(8, 3)] });
        Assert.Contains(
            "The option Layers is [Convolution 8, kernel 3, identity]; it must fit the feature column 'Features' of type Vector<Single, 360>, which the network takes as 360. "
            + "Layer 1, Convolution 8, kernel 3, identity, cannot take 360. It needs an image, height x width x channels, or a sequence, steps x channels. The option InputShape tells the shape of images and sequences.",
            message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Layers_that_do_not_fit_each_other_are_told_wherever_they_stand(int networks)
    {
        var message = Message(ShapedRow.View("planes"), new DenseNeuralNetOptions
        {
            Layers = [new ConvolutionLayer(8, 3, padding: Padding.Same), new ResidualLayer([new ConvolutionLayer(8, 3)])],
            NormalizeFeatures = FeatureNormalization.Off,
            EnsembleSize = networks,
        });
        Assert.Contains(
            "which the network takes as 12 x 10 x 3. Layer 1, Residual [Convolution 8, kernel 3, identity], cannot take 12 x 10 x 8. "
            + "Its layers make 10 x 8 x 8 of it. It needs as many positions down as a stride leaves of 12, and none leaves 10; windows with padding 'Same' keep all, or those of their stride.",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_fit_are_trained()
    {
        var options = new DenseNeuralNetOptions { Layers = [new ResidualLayer([new ConvolutionLayer(4, 3, stride: 2, padding: Padding.Same)])], NumberOfEpochs = 1 };
        var model = _mlContext.Transforms.DenseNeuralNet(options).Fit(ShapedRow.View("planes"));
        Assert.Equal("Residual [Convolution 4, kernel 3, stride 2, same padding, identity]: 12 x 10 x 3 -> 6 x 5 x 4, 124 parameters", $"{model.GetDenseNeuralNet().Layers[1]}");
    }

    private string Message(IDataView data, DenseNeuralNetOptions options) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(options.Layers), () => _mlContext.Transforms.DenseNeuralNet(options).Fit(Unread(data))).Message;

    /// <summary>The same columns; a row that is read ends the test.</summary>
    private IDataView Unread(IDataView data) => _mlContext.Data.FilterByCustomPredicate<ShapedRow>(data, _ => throw new InvalidOperationException("A row was read."));
}
