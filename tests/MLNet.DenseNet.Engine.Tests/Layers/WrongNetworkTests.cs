namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>Layers that cannot take the shape before them are told when the network is made: which one, what it is, the shape, and what it needs.</summary>
public class WrongNetworkTests
{
    private static readonly ConvolutionLayer Convolution = new(8, 3, activation: Activation.ReLU);

    private static readonly Dictionary<string, (Shape Input, Layer[] Layers, string Message)> Wrong = new()
    {
        ["a convolution of plain features"] = (
            100, [new DropoutLayer(0.1f), Convolution],
            "Layer 1, Convolution 8, kernel 3, ReLU, cannot take 100. It needs an image, height x width x channels, or a sequence, steps x channels."),
        ["a convolution behind units"] = (
            new(8, 8, 3), [Convolution, new DenseLayer(10), Convolution],
            "Layer 2, Convolution 8, kernel 3, ReLU, cannot take 10. It needs an image, height x width x channels, or a sequence, steps x channels."),
        ["a kernel larger than the image"] = (
            new(6, 7, 3), [Convolution, Convolution, Convolution],
            "Layer 2, Convolution 8, kernel 3, ReLU, cannot take 2 x 3 x 8. Its window covers 3 positions down, and there are 2; a smaller one or padding 'Same' would fit."),
        ["a kernel longer than the sequence"] = (
            new(4, 3), [new ConvolutionLayer(2, 3, dilation: 2)],
            "Layer 0, Convolution 2, kernel 3, dilation 2, identity, cannot take 4 x 3. Its window covers 5 positions along it, and there are 4; a smaller one or padding 'Same' would fit."),
        ["two sizes for a sequence"] = (
            new(4, 3), [new MaxPoolingLayer(new SpatialSize(1, 2))], "cannot take 4 x 3. A sequence has one dimension to move in, so sizes must be single numbers."),
        ["groups that do not divide the channels"] = (
            new(8, 8, 3), [new ConvolutionLayer(8, 3, groups: 2)], "Layer 0, Convolution 8, kernel 3, 2 groups, identity, cannot take 8 x 8 x 3. It needs a number of channels that its 2 groups divide."),
        ["pooling of four dimensions"] = (
            new(2, 2, 2, 2), [new AveragePoolingLayer(2)], "cannot take 2 x 2 x 2 x 2. It needs an image, height x width x channels, or a sequence, steps x channels."),
        ["global pooling of units"] = (5, [new GlobalAveragePoolingLayer()], "cannot take 5. It needs an image, height x width x channels, or a sequence, steps x channels."),
        ["an LSTM of an image"] = (new(8, 8, 3), [new LstmLayer(4)], "Layer 0, LSTM 4, cannot take 8 x 8 x 3. It needs a sequence, steps x channels."),
        ["a bidirectional GRU of units"] = (3, [new BidirectionalLayer(new GruLayer(4))], "Layer 0, Bidirectional [GRU 4], cannot take 3. It needs a sequence, steps x channels."),
        ["a recurrent layer behind the last step of another"] = (
            new(5, 3), [new LstmLayer(4), new LstmLayer(4)], "Layer 1, LSTM 4, cannot take 4. It needs a sequence, steps x channels."),
        ["a shape of another size"] = (new(4, 3), [new ReshapeLayer(new Shape(5, 2))], "cannot take 4 x 3. It needs 10 values, and there are 12."),
        ["a residual that no stride leads around"] = (
            new(9, 9, 3), [new ResidualLayer([new ConvolutionLayer(4, 3)])],
            "Layer 0, Residual [Convolution 4, kernel 3, identity], cannot take 9 x 9 x 3. Its layers make 7 x 7 x 4 of it. It needs as many positions down as a stride leaves of 9, and none leaves 7; windows with padding 'Same' keep all, or those of their stride."),
        ["a residual that no stride leads along"] = (
            new(9, 3), [new ResidualLayer([new ConvolutionLayer(3, 3)])],
            "It needs as many positions along it as a stride leaves of 9, and none leaves 7; windows with padding 'Same' keep all, or those of their stride."),
        ["a residual around a change of dimensions"] = (
            new(4, 4, 3), [new ResidualLayer([new ReshapeLayer(new Shape(16, 3))])],
            "cannot take 4 x 4 x 3. Its layers make 16 x 3 of it. It needs layers that make an image of an image, a sequence of a sequence, or plain units."),
        ["inside a residual"] = (
            new(8, 8, 3), [new DropoutLayer(0.1f), new ResidualLayer([new DropoutLayer(0.2f), new ConvolutionLayer(3, 9)])],
            "Layer 1, Residual [Dropout 0.2, Convolution 3, kernel 9, identity], cannot take 8 x 8 x 3. "
            + "Its layer 2 of 2, Convolution 3, kernel 9, identity, cannot take 8 x 8 x 3. Its window covers 9 positions down, and there are 8; a smaller one or padding 'Same' would fit."),
        ["deep inside"] = (
            4, [new ResidualLayer([new ResidualLayer([new LstmLayer(2)])])],
            "Layer 0, Residual [Residual [LSTM 2]], cannot take 4. Its layer 1 of 1, Residual [LSTM 2], cannot take 4. Its layer 1 of 1, LSTM 2, cannot take 4. It needs a sequence, steps x channels."),
        ["in the members of an ensemble"] = (
            12, [new StandardizationLayer(), new EnsembleLayer(3, [new DenseLayer(6), Convolution])],
            "Layer 2, Convolution 8, kernel 3, ReLU, cannot take 6. It needs an image, height x width x channels, or a sequence, steps x channels."),
        ["inside a residual of an ensemble"] = (
            12, [new EnsembleLayer(3, [new DenseLayer(6), new ResidualLayer([Convolution])])],
            "Layer 1, Residual [Convolution 8, kernel 3, ReLU], cannot take 6. Its layer 1 of 1, Convolution 8, kernel 3, ReLU, cannot take 6. It needs an image"),
    };

    private static readonly Dictionary<string, (Shape Input, Layer[] Layers, string Message)> TooLarge = new()
    {
        ["weights of a dense layer"] = (
            100_000, [new DenseLayer(100_000)],
            "Layer 0, Dense 100000 identity, cannot take 100000. A dense layer of 100,000 units on 100,000 inputs has 10,000,000,000 weights; at most 2,147,418,112 are possible."),
        ["weights of a dense layer in a residual"] = (
            100_000, [new ResidualLayer([new DenseLayer(100_000)])],
            "Layer 0, Residual [Dense 100000 identity], cannot take 100000. Its layer 1 of 1, Dense 100000 identity, cannot take 100000. A dense layer of 100,000 units on 100,000 inputs"),
        ["weights of a projection"] = (
            100_000, [new ResidualLayer([new DenseLayer(1), new DenseLayer(50_000)])],
            "cannot take 100000. A projection of 100,000 values to 50,000 has 5,000,000,000 weights; at most 2,147,418,112 are possible."),
        ["weights of a convolution"] = (
            new(3, 3, 100_000), [new ConvolutionLayer(100_000, 3)],
            "cannot take 3 x 3 x 100000. The layer Convolution 100000, kernel 3, identity has 90,000,000,000 weights on 3 x 3 x 100000; at most 2,147,418,112 are possible."),
        ["outputs of a convolution"] = (
            new(30_000, 30_000, 1), [new ConvolutionLayer(64, 1)], "Layer 0, Convolution 64, kernel 1, identity, cannot take 30000 x 30000 x 1. A shape has up to 2,147,483,647 elements; 30000 x 30000 x 64 was given."),
        ["steps of an LSTM"] = (new(100_000_000, 1), [new LstmLayer(100)], "Layer 0, LSTM 100, cannot take 100000000 x 1."),
        ["steps of both directions"] = (new(100_000_000, 1), [new BidirectionalLayer(new RecurrentLayer(15, returnSequences: true))], "cannot take 100000000 x 1."),
    };

    /// <summary>Shapes near the limits of int, of one to four dimensions.</summary>
    private static readonly Shape[] Huge =
    [
        int.MaxValue, new(int.MaxValue, 1), new(1, int.MaxValue), new(1, 1, int.MaxValue), new(1, int.MaxValue, 1), new(int.MaxValue, 1, 1), new(46_340, 46_340), new(32_767, 32_767, 2), new(65_535, 32_768),
        new(1_290, 1_290, 1_290), new(215, 215, 215, 215), new(2, 1 << 29, 1), new(2, 2, 1 << 28), new(1 << 28, 6), new(10_000, 10_000, 20),
    ];

    public static TheoryData<string> WrongNetworks => [.. Wrong.Keys];

    public static TheoryData<string> TooLargeNetworks => [.. TooLarge.Keys];

    public static TheoryData<string> Kinds => [.. Samples.Layers.Keys];

    [Theory]
    [MemberData(nameof(WrongNetworks))]
    public void Layers_that_cannot_take_their_shape_are_told(string name)
    {
        var (input, layers, message) = Wrong[name];
        var error = Assert.Throws<ArgumentException>("layers", () => Network.Create(input, layers, seed: 1));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Layer ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TooLargeNetworks))]
    public void Layers_that_would_be_too_large_are_told_before_memory_is_taken(string name)
    {
        var (input, layers, message) = TooLarge[name];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ArgumentOutOfRangeException>("layers", () => Network.Create(input, layers, seed: 1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Layer ", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Message.Split("(Parameter").Length - 1);
    }

    /// <summary>Sums and products of sizes do not overflow unnoticed, wherever a layer stands.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sizes_of_huge_shapes_are_right_or_refused(string kind)
    {
        var layer = Samples.Layers[kind].Layer;
        Layer[][] networks = [[layer], [new ResidualLayer([layer])], [new ResidualLayer([new DropoutLayer(0.1f), new ResidualLayer([layer])])], [new EnsembleLayer(100, [layer])], [layer, layer, new DenseLayer(3)]];
        foreach (var input in Huge)
        {
            foreach (var layers in networks)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    var sizes = NetworkSizes.Of(input, layers);
                    Assert.True(sizes.ValueCount >= 0 && sizes.BufferLength >= sizes.ValueCount, $"{layers[0]} on {input}: {sizes}");
                    foreach (var each in layers.TakeWhile(each => each is not EnsembleLayer).Take(1))
                        CheckMemory(each, input);
                }
                catch (ArgumentException error)
                {
                    Assert.Matches("^Layer 0, .* cannot take|^Layer 1, .* cannot take|^Layer 2, .* cannot take|^The network has [0-9,]+ parameters|values for each row", error.Message);
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
            }
        }
    }

    private static void CheckMemory(Layer layer, Shape input)
    {
        foreach (var memory in (LayerMemory[])[layer.Cache(input), layer.Scratch(input)])
            Assert.True(memory is { PerRow: >= 0, PerBatch: >= 0 }, $"{layer} on {input}: {memory}");
    }
}
