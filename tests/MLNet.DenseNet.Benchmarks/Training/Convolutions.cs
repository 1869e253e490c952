using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Layers over images of 28 x 28 pixels in gray, before dense ones.</summary>
/// <param name="Kind">What the peers call them.</param>
/// <param name="Layers">The layers.</param>
internal sealed record Convolutions(string Kind, Layer[] Layers)
{
    private static readonly Shape Image = new(28, 28, 1);

    /// <summary>Two convolutions, each with a pooling.</summary>
    public static Convolutions Pooled { get; } = new("pooled",
    [
        new ConvolutionLayer(32, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPoolingLayer(2),
        new ConvolutionLayer(64, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPoolingLayer(2),
    ]);

    /// <summary>LeNet-5 as textbooks have it: LeCun and others, "Gradient-based learning applied to document recognition" (1998), with all maps of the second convolution connected.</summary>
    public static Convolutions LeNet { get; } = new("lenet",
    [
        new ConvolutionLayer(6, 5, padding: Padding.Same, activation: Activation.Sigmoid), new AveragePoolingLayer(2),
        new ConvolutionLayer(16, 5, activation: Activation.Sigmoid), new AveragePoolingLayer(2),
    ]);

    /// <summary>Three convolutions, each normalized over the batch.</summary>
    public static Convolutions Normalized { get; } = new("normalized",
    [
        .. NormalizedLayers(32), .. NormalizedLayers(32), new MaxPoolingLayer(2), .. NormalizedLayers(64), new MaxPoolingLayer(2),
    ]);

    /// <summary>Values of an output.</summary>
    public int Outputs => Places[^1].OutputShape.Size;

    /// <summary>The multiply-adds for a row: forward, for the weights' gradient and, after the first layer, for the input's.</summary>
    public double MultiplyAdds => MultiplyAddsOfLayers.Select((products, index) => (index == 0 ? 2 : 3) * products).Sum();

    /// <summary>Those forward alone.</summary>
    public double ForwardMultiplyAdds => MultiplyAddsOfLayers.Sum();

    private IEnumerable<double> MultiplyAddsOfLayers => Places.Where(place => place.Layer is ConvolutionLayer)
        .Select(place => (double)place.OutputShape.Size * place.Parameters[0].Shape.Size / ((ConvolutionLayer)place.Layer).Filters);

    private IReadOnlyList<NetworkLayer> Places => Network.Create(Image, Layers, seed: 1).Layers;

    private static Layer[] NormalizedLayers(int filters) => [new ConvolutionLayer(filters, 3, padding: Padding.Same), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU)];

    /// <summary>The network of these and dense layers.</summary>
    public static Network CreateNetwork(Convolutions convolutions, IEnumerable<Layer> dense) => Network.Create(Image, [.. convolutions.Layers, .. dense], seed: 1);
}
