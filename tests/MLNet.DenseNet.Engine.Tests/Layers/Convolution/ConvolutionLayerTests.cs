namespace MLNet.DenseNet.Engine.Tests.Layers;

public class ConvolutionLayerTests
{
    private static readonly Dictionary<string, (Shape Input, ConvolutionLayer Layer)> Convolutions = new()
    {
        ["3x3 inside"] = (new(5, 6, 3), new(4, 3)),
        ["3x3 same"] = (new(5, 6, 3), new(4, 3, padding: Padding.Same, activation: Activation.Tanh)),
        ["one channel, one filter, as large as the image"] = (new(4, 4, 1), new(1, 4)),
        ["1x1"] = (new(3, 5, 7), new(5, 1, activation: Activation.Sigmoid)),
        ["1x1, stride 2"] = (new(5, 5, 3), new(4, 1, stride: 2)),
        ["33 channels"] = (new(2, 3, 33), new(4, new SpatialSize(2, 3), padding: Padding.Same)),
        ["40 filters"] = (new(2, 3, 3), new(40, new SpatialSize(2, 1))),
        ["stride that leaves a rest"] = (new(8, 7, 2), new(3, 3, stride: 2)),
        ["stride, same, even"] = (new(6, 8, 2), new(3, 3, stride: 2, padding: Padding.Same, activation: Activation.SiLU)),
        ["stride larger than the window"] = (new(7, 8, 2), new(3, 2, stride: 3)),
        ["stride far larger than the window, few channels"] = (new(9, 8, 2), new(3, 2, stride: 5)),
        ["stride far larger than the window, many channels"] = (new(9, 8, 17), new(3, 2, stride: 5, padding: Padding.Same)),
        ["other sizes in each dimension"] = (new(7, 9, 2), new(3, new SpatialSize(2, 4), new SpatialSize(3, 1), Padding.Same, new SpatialSize(1, 2))),
        ["dilation"] = (new(7, 7, 2), new(3, 3, dilation: 2)),
        ["dilation and stride, same"] = (new(9, 8, 2), new(2, 3, stride: 2, padding: Padding.Same, dilation: 3)),
        ["dilation of 4 and stride of 4 on little"] = (new(2, 1, 2), new(2, 2, stride: 4, padding: Padding.Same, dilation: 4)),
        ["two groups"] = (new(5, 5, 4), new(6, 3, padding: Padding.Same, groups: 2, activation: Activation.ReLU)),
        ["groups of 33 filters, stride"] = (new(3, 4, 4), new(66, 2, stride: 2, groups: 2)),
        ["depthwise"] = (new(5, 4, 5), new(5, 3, padding: Padding.Same, groups: 5)),
        ["depthwise, 37 channels, stride"] = (new(5, 4, 37), new(37, 3, stride: 2, padding: Padding.Same, groups: 37, activation: Activation.Tanh)),
        ["depthwise, two filters a channel"] = (new(5, 4, 3), new(6, 3, stride: 2, groups: 3, activation: Activation.GELU)),
        ["sequence"] = (new(9, 3), new(4, 3, padding: Padding.Same, activation: Activation.Softmax)),
        ["sequence, stride and dilation"] = (new(10, 2), new(3, 2, stride: 2, dilation: 2)),
        ["many positions"] = (new(18, 17, 1), new(2, 3, padding: Padding.Same)),
        ["one pixel"] = (new(1, 1, 3), new(2, 3, padding: Padding.Same)),
    };

    public static TheoryData<string, int> ConvolutionsAndRows => new MatrixTheoryData<string, int>(Convolutions.Keys, [1, 5]);

    [Theory]
    [MemberData(nameof(ConvolutionsAndRows))]
    public void Both_passes_agree_with_a_naive_convolution(string name, int rows)
    {
        var (input, layer) = Convolutions[name];
        new LayerCheck(layer, input, Reference(input, layer)) { Rows = rows, Roundings = 600 }.Run();
    }

    /// <summary>More images than pieces.</summary>
    [Fact]
    public void A_large_batch_agrees_too() => new LayerCheck(new ConvolutionLayer(2, 2), new(2, 3, 1), Reference(new(2, 3, 1), new ConvolutionLayer(2, 2))) { Rows = 75, Roundings = 2000 }.Run();

    [Theory]
    [InlineData(10_000, 1, 10_000, 1)]
    [InlineData(10_000, 3, 5_000, 3)]
    [InlineData(9, 2, 5, 2)]
    [InlineData(9, 5, 2, 2)]
    [InlineData(3, 3, 1, 1)]
    public void Phases_of_a_stride_that_no_tap_sees_have_no_tables(int input, int window, int stride, int phases) =>
        Assert.Equal(phases, AxisPhase.Of(WindowGeometry.Of(new Shape(input, 1), window, stride, 1, Padding.Valid).Columns).Length);

    [Theory]
    [InlineData(28, 3, 1, Padding.Same, 28)]
    [InlineData(28, 3, 2, Padding.Same, 14)]
    [InlineData(27, 3, 2, Padding.Same, 14)]
    [InlineData(28, 3, 1, Padding.Valid, 26)]
    [InlineData(28, 5, 2, Padding.Valid, 12)]
    public void Sizes_are_those_of_Keras(int size, int kernel, int stride, Padding padding, int expected) =>
        Assert.Equal(new Shape(expected, expected, 7), Network.Create(new Shape(size, size, 2), [new ConvolutionLayer(7, kernel, stride, padding)], seed: 1).OutputShape);

    [Fact]
    public void Parameters_have_the_shapes_of_the_documentation()
    {
        var network = Network.Create(new Shape(8, 8, 6), [new ConvolutionLayer(4, new SpatialSize(3, 5), groups: 2, activation: Activation.ReLU)], seed: 1);
        Assert.Equal(["weights 3 x 5 x 3 x 4", "bias 4"], network.Parameters.Select(parameter => $"{parameter.Name} {parameter.Shape}"));
        var limit = Math.Sqrt(6.0 / (3 * 5 * 3));
        Assert.All(network.Parameters[0].ToArray(), weight => Assert.InRange(weight, -limit, limit));
        Assert.InRange(network.Parameters[0].ToArray().Max(), 0.8 * limit, limit);
        Assert.Equal("Convolution 4, kernel 3x5, 2 groups, ReLU: 8 x 8 x 6 -> 6 x 4 x 4, 184 parameters", $"{network.Layers[0]}");
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("filters", () => new ConvolutionLayer(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>("kernelSize", () => new ConvolutionLayer(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("kernelSize", () => new ConvolutionLayer(1, default(SpatialSize)));
        Assert.Throws<ArgumentOutOfRangeException>("stride", () => new ConvolutionLayer(1, 3, new SpatialSize(1, -1)));
        Assert.Throws<ArgumentOutOfRangeException>("dilation", () => new ConvolutionLayer(1, 3, dilation: 10_001));
        Assert.Throws<ArgumentOutOfRangeException>("groups", () => new ConvolutionLayer(1, 3, groups: 0));
        Assert.Throws<ArgumentException>("groups", () => new ConvolutionLayer(4, 3, groups: 3));
        Assert.Throws<ArgumentOutOfRangeException>("padding", () => new ConvolutionLayer(4, 3, padding: (Padding)2));
    }

    /// <summary>A 4 x 4 image with a 3 x 3 kernel, by hand.</summary>
    [Fact]
    public void A_convolution_by_hand()
    {
        float[] image =
        [
            1, 0, 2, 1,
            0, 3, 1, 0,
            2, 1, 0, 1,
            1, 0, 1, 2,
        ];
        float[] kernel =
        [
            1, 0, -1,
            2, 0, -2,
            1, 0, -1,
        ];
        var network = Network.Create(new Shape(4, 4, 1), [new ConvolutionLayer(1, 3)], seed: 1);
        network.SetParameter(network.Parameters[0], kernel);
        network.SetParameter(network.Parameters[1], [0.5f]);
        // Top left: (1 + 0 + 2) - (2 + 2 + 0) = 1 + 2 * 0 + 2 - 2 - 2 * 1 - 0 = -1, plus the bias.
        Assert.Equal([-0.5f, 5.5f, 3.5f, 1.5f], network.Predict(image));

        // The loss is the mean of the squares of four outputs less targets that make the errors 2, 0, 0 and -4; its gradient by an output is half the error.
        var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = new MeanSquaredError() });
        trainer.ComputeGradient(image, [-2.5f, 5.5f, 3.5f, 5.5f]);
        // Each weight: what its tap sees at the top left, times 1, and at the bottom right, times -2.
        Assert.Equal([1 - 2 * 3, 0 - 2 * 1, 2 - 2 * 0, 0 - 2 * 1, 3 - 2 * 0, 1 - 2 * 1, 2 - 2 * 0, 1 - 2 * 1, 0 - 2 * 2], trainer.Gradient(network.Parameters[0]).ToArray());
        Assert.Equal([1f - 2], trainer.Gradient(network.Parameters[1]).ToArray());
    }

    internal static LayerCheck.Reference Reference(Shape input, ConvolutionLayer layer) => (x, rows, parameters) =>
    {
        int[] sizes = input.Dimensions.Length == 3 ? input.Dimensions.ToArray() : [1, .. input.Dimensions];
        var (height, width, channels) = (sizes[0], sizes[1], sizes[2]);
        var isImage = input.Dimensions.Length == 3;
        var (kernelHeight, strideDown, dilationDown) = isImage ? (layer.KernelSize.Height, layer.Stride.Height, layer.Dilation.Height) : (1, 1, 1);
        var (kernelWidth, strideAcross, dilationAcross) = (layer.KernelSize.Width, layer.Stride.Width, layer.Dilation.Width);
        var (down, top) = Positions(height, kernelHeight, strideDown, dilationDown, layer.Padding);
        var (across, left) = Positions(width, kernelWidth, strideAcross, dilationAcross, layer.Padding);
        var (groupChannels, groupFilters) = (channels / layer.Groups, layer.Filters / layer.Groups);
        var z = new double[rows * down * across * layer.Filters];
        for (var i = 0; i < z.Length; i++)
        {
            var (filter, ox, oy, row) = (i % layer.Filters, i / layer.Filters % across, i / layer.Filters / across % down, i / layer.Filters / across / down);
            z[i] = parameters[1][filter];
            for (var ky = 0; ky < kernelHeight; ky++)
            {
                for (var kx = 0; kx < kernelWidth; kx++)
                {
                    var (iy, ix) = (oy * strideDown + ky * dilationDown - top, ox * strideAcross + kx * dilationAcross - left);
                    if (iy < 0 || iy >= height || ix < 0 || ix >= width)
                        continue;
                    for (var c = 0; c < groupChannels; c++)
                    {
                        var channel = filter / groupFilters * groupChannels + c;
                        z[i] += x[((row * height + iy) * width + ix) * channels + channel] * parameters[0][((ky * kernelWidth + kx) * groupChannels + c) * layer.Filters + filter];
                    }
                }
            }
        }

        return [.. z.Chunk(layer.Filters).SelectMany(position => Gradients.ReferenceFunctions.Activate(layer.Activation, position))];
    };

    private static (int Count, int Before) Positions(int size, int kernel, int stride, int dilation, Padding padding)
    {
        var extent = (kernel - 1) * dilation + 1;
        if (padding == Padding.Valid)
            return ((size - extent) / stride + 1, 0);
        var count = (int)Math.Ceiling((double)size / stride);
        return (count, Math.Max(0, (count - 1) * stride + extent - size) / 2);
    }
}
