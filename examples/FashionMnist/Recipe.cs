using MLNet.DenseNet;
using MLNet.DenseNet.Engine;

namespace FashionMnist;

/// <summary>A network, how it is trained, and how much of the test images it must get right.</summary>
internal sealed record Recipe(double Accuracy, DenseNeuralNetOptions Options)
{
    private static readonly Shape Image = new(FashionImage.Side, FashionImage.Side, 1);

    /// <returns>Null where there is none of this name; without a name the dense one.</returns>
    public static Recipe? Of(string? name) => name switch
    {
        null => Dense(),
        "--convolutional" => Convolutional(),
        "--deep" => Deep(),
        "--recurrent" => Recurrent(),
        _ => null,
    };

    private static Recipe Dense() => new(0.88, new DenseNeuralNetOptions
    {
        HiddenLayers = [256, 128],
        DropoutRate = 0.15f,
        BatchSize = 256,
        NumberOfEpochs = 10,
    });

    private static Recipe Convolutional() => new(0.925, new DenseNeuralNetOptions
    {
        InputShape = Image,
        Layers =
        [
            new ConvolutionLayer(filters: 32, kernelSize: 3, padding: Padding.Same, activation: Activation.SiLU),
            new MaxPoolingLayer(2),
            new ConvolutionLayer(filters: 64, kernelSize: 3, padding: Padding.Same, activation: Activation.SiLU),
            new MaxPoolingLayer(2),
            new DropoutLayer(0.4f),
            new DenseLayer(128, Activation.SiLU),
            new DropoutLayer(0.4f),
        ],
        LearningRate = 0.002f,
        NumberOfEpochs = 15,
    });

    /// <summary>A normalization stands between each convolution and its activation; mirrored and shifted images and dropout keep the larger network from knowing its images by heart.</summary>
    private static Recipe Deep() => new(0.935, new DenseNeuralNetOptions
    {
        InputShape = Image,
        Layers =
        [
            .. NormalizedConvolution(32), .. NormalizedConvolution(32), new MaxPoolingLayer(2),
            .. NormalizedConvolution(64), .. NormalizedConvolution(64), new MaxPoolingLayer(2), new DropoutLayer(0.3f),
            new DenseLayer(128, Activation.SiLU), new DropoutLayer(0.4f),
        ],
        LearningRate = 0.002f,
        NumberOfEpochs = 30,
        Augmentation = new ImageAugmentation(shift: 1, flipHorizontally: true),
    });

    /// <summary>The rows of an image are the steps of a sequence, from top to bottom.</summary>
    private static Recipe Recurrent() => new(0.88, new DenseNeuralNetOptions
    {
        InputShape = new Shape(FashionImage.Side, FashionImage.Side),
        Layers = [new LstmLayer(64)],
        NumberOfEpochs = 10,
    });

    private static IEnumerable<Layer> NormalizedConvolution(int filters) =>
        [new ConvolutionLayer(filters, kernelSize: 3, padding: Padding.Same), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU)];
}
