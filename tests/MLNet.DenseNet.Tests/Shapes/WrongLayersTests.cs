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

    [Fact]
    public void Layers_that_need_a_sequence_are_told_how_an_image_becomes_one()
    {
        foreach (var order in (string[])["planes", "pixels"])
        {
            Assert.Contains(
                "It needs a sequence, steps x channels. The option InputShape can make the rows of an image the steps of a sequence: 12 x 30.",
                Message(ShapedRow.View(order), new DenseNeuralNetOptions { Layers = [new LstmLayer(4)] }), StringComparison.Ordinal);
        }

        // Where that does not help, it is not said.
        Assert.DoesNotContain("InputShape", Message(ShapedRow.View("planes"), new DenseNeuralNetOptions { Layers = [new ConvolutionLayer(8, 20)] }), StringComparison.Ordinal);
    }

    public static TheoryData<string, Layer[]> TooLarge => new()
    {
        { "flat", [new EmbeddingLayer(1 << 24, 1 << 20)] },
        { "flat", [new DenseLayer(int.MaxValue)] },
        { "flat", [new DenseLayer(1_000_000), new DenseLayer(1_000_000)] },
        { "sequence", [new LstmLayer(600_000_000)] },
        { "sequence", [new LstmLayer(600_000)] },
        { "planes", [new ConvolutionLayer(int.MaxValue, 3)] },
        { "planes", [new ConvolutionLayer(10_000, 3), new ConvolutionLayer(1_000_000, 3)] },
    };

    /// <summary>The column could be learned from.</summary>
    [Theory]
    [MemberData(nameof(TooLarge))]
    public void Layers_that_are_too_large_are_named(string order, Layer[] layers)
    {
        var message = Message(ShapedRow.View(order == "sequence" ? "flat" : order), new DenseNeuralNetOptions { Layers = layers, InputShape = order == "sequence" ? new(30, 12) : null });
        Assert.StartsWith($"The option Layers is [{string.Join(", ", layers.Select(layer => $"{layer}"))}]; it must make a network that can be trained here on the feature column 'Features' of type", message, StringComparison.Ordinal);
        Assert.DoesNotContain("up to 0", message, StringComparison.Ordinal);
        Assert.DoesNotContain("'feature'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_layers_that_are_too_large_are_named()
    {
        var options = new DenseNeuralNetOptions { HiddenLayers = [int.MaxValue] };
        var error = Assert.Throws<ArgumentOutOfRangeException>(nameof(options.HiddenLayers), () => _mlContext.Transforms.DenseNeuralNet(options).Fit(Unread(ShapedRow.View("flat"))));
        Assert.StartsWith("The option HiddenLayers is [2147483647]; it must make a network that can be trained here", error.Message, StringComparison.Ordinal);
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
