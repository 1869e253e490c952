namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>Networks of each family over <see cref="ShapedRow"/>: dense, convolutional and recurrent, in which the steps are the rows of an image.</summary>
internal static class ShapedNetworks
{
    public const string Dense = "dense";
    public const string Recurrent = "recurrent";

    public static readonly string[] Names = [Dense, "convolutional", "convolutional ensemble", Recurrent];

    /// <param name="network">One of <see cref="Names"/>.</param>
    /// <param name="task">One of <see cref="Tasks"/>.</param>
    /// <param name="order">One of <see cref="ShapedRow.Orders"/>.</param>
    public static DenseNeuralNetOptions Options(string network, string task, string order) => new()
    {
        LabelColumnName = ShapedRow.LabelOf(task),
        InputShape = network == Recurrent ? new Engine.Shape(ShapedRow.Height, ShapedRow.Width * ShapedRow.Channels) : order == "flat" ? ShapedRow.Shape : null,
        HiddenLayers = network == Dense ? [9] : null,
        Layers = network switch
        {
            Dense => null,
            Recurrent => [new LstmLayer(5, returnSequences: true, dropoutRate: 0.1f), new GruLayer(4)],
            _ =>
            [
                new ConvolutionLayer(5, 3), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU), new MaxPoolingLayer(2),
                new ResidualLayer([new ConvolutionLayer(4, 2, padding: Padding.Same, activation: Activation.Tanh), new BatchNormalizationLayer()]), new GlobalAveragePoolingLayer(),
            ],
        },
        EnsembleSize = network == "convolutional ensemble" ? 2 : null,
        NumberOfEpochs = 2,
    };
}
