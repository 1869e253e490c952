using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public class ResidualLayerTests
{
    private static readonly Dictionary<string, (Shape Input, Layer[] Layers)> Residuals = new()
    {
        ["units that stay"] = (6, [new DenseLayer(5, Activation.Tanh), new DenseLayer(6, Activation.Sigmoid)]),
        ["one unit"] = (1, [new DenseLayer(1, Activation.Tanh)]),
        ["33 units"] = (33, [new DenseLayer(2, Activation.Tanh), new DenseLayer(33)]),
        ["more units"] = (4, [new DenseLayer(5, Activation.GELU), new DenseLayer(40)]),
        ["fewer units"] = (9, [new DenseLayer(3, Activation.Tanh)]),
        ["an image to units"] = (new(2, 3, 2), [new ConvolutionLayer(2, 2, activation: Activation.Tanh), new DenseLayer(3)]),
        ["an image that stays"] = (new(4, 5, 3), [new ConvolutionLayer(4, 3, padding: Padding.Same, activation: Activation.Tanh), new ConvolutionLayer(3, 3, padding: Padding.Same)]),
        ["more channels"] = (new(3, 4, 2), [new ConvolutionLayer(5, 3, padding: Padding.Same, activation: Activation.Tanh)]),
        ["33 channels of one"] = (new(2, 2, 1), [new ConvolutionLayer(33, 1, activation: Activation.Tanh)]),
        ["stride 2"] = (new(6, 4, 3), [new ConvolutionLayer(4, 3, stride: 2, padding: Padding.Same, activation: Activation.Tanh), new ConvolutionLayer(5, 3, padding: Padding.Same)]),
        ["stride 2 that leaves a rest, the same channels"] = (new(5, 7, 2), [new ConvolutionLayer(2, 3, stride: 2, padding: Padding.Same, activation: Activation.Sigmoid)]),
        ["another stride in each dimension"] = (new(7, 5, 2), [new ConvolutionLayer(3, 3, stride: new SpatialSize(3, 1), padding: Padding.Same)]),
        ["one position of many"] = (new(4, 3, 2), [new ConvolutionLayer(3, new SpatialSize(4, 3), activation: Activation.Tanh)]),
        ["one pixel"] = (new(1, 1, 3), [new ConvolutionLayer(2, 1, activation: Activation.Tanh)]),
        ["a sequence that stays"] = (new(5, 2), [new ConvolutionLayer(2, 3, padding: Padding.Same, activation: Activation.Tanh)]),
        ["a sequence, stride 2"] = (new(7, 2), [new ConvolutionLayer(3, 3, stride: 2, padding: Padding.Same, activation: Activation.Tanh)]),
        ["normalized"] = (
            new(4, 4, 3),
            [
                // A bias right before a normalization would have no gradient to see errors in.
                new ConvolutionLayer(4, 3, padding: Padding.Same, activation: Activation.Tanh), new BatchNormalizationLayer(epsilon: 0.01f), new ActivationLayer(Activation.Sigmoid),
                new ConvolutionLayer(3, 3, padding: Padding.Same, activation: Activation.Tanh), new BatchNormalizationLayer(epsilon: 0.01f),
            ]),
        ["normalized, stride 2"] = (new(5, 4, 2), [new BatchNormalizationLayer(epsilon: 0.01f), new ActivationLayer(Activation.Sigmoid), new ConvolutionLayer(3, 3, stride: 2, padding: Padding.Same)]),
        ["in one another"] = (5, [new DenseLayer(6, Activation.Tanh), new ResidualLayer([new DenseLayer(4, Activation.Sigmoid), new DenseLayer(3)]), new DenseLayer(5)]),
        ["images in one another"] = (new(4, 4, 2), [new ResidualLayer([new ConvolutionLayer(3, 3, stride: 2, padding: Padding.Same)]), new ResidualLayer([new ConvolutionLayer(3, 1, activation: Activation.Tanh)])]),
    };

    public static TheoryData<string, int> ResidualsAndRows => new MatrixTheoryData<string, int>(Residuals.Keys, [1, 5]);

    [Theory]
    [MemberData(nameof(ResidualsAndRows))]
    public void Both_passes_agree_with_a_naive_sum(string name, int rows)
    {
        var (input, layers) = Residuals[name];
        var layer = new ResidualLayer(layers);
        new LayerCheck(layer, input, Reference(input, layer, isTraining: true)) { Rows = rows, Roundings = 1000, MixesRows = true }.Run();
        new LayerCheck(layer, input, Reference(input, layer, isTraining: false)) { Rows = rows, Roundings = 1000, IsTraining = false }.Run();
    }

    /// <summary>Large enough to be shared by threads.</summary>
    [Theory]
    [InlineData("units that stay", 2000)]
    [InlineData("stride 2", 300)]
    [InlineData("more channels", 300)]
    public void Large_batches_have_the_same_bits_on_any_number_of_threads(string name, int rows)
    {
        var (input, layers) = Residuals[name];
        var outcomes = ((int[])[1, 2, 3, 7]).Select(threads =>
        {
            var network = Network.Create(input, [new ResidualLayer(layers), new DenseLayer(1)], seed: 1);
            new NetworkTrainer(network, new TrainingOptions { BatchSize = rows, NumberOfEpochs = 2, NumberOfThreads = threads, AdaptsThreads = false, Seed = 2 })
                .Train(Dataset.FromTargets(input.Size, 1, Samples.Numbers(rows * input.Size, seed: 3), Samples.Numbers(rows, seed: 4)));
            return Samples.ParameterBits(network);
        }).ToArray();
        Assert.All(outcomes, outcome => Assert.Equal(outcomes[0], outcome));
    }

    [Fact]
    public void Parameters_are_named_after_the_places_of_their_layers()
    {
        var network = Network.Create(
            new Shape(6, 6, 2), [new ResidualLayer([new ConvolutionLayer(4, 3, stride: 2, padding: Padding.Same), new ResidualLayer([new DropoutLayer(0.1f), new ConvolutionLayer(3, 1)])])], seed: 1);
        Assert.Equal(
            ["projection 2 x 3", "1.weights 3 x 3 x 2 x 4", "1.bias 4", "2.projection 4 x 3", "2.2.weights 1 x 1 x 4 x 3", "2.2.bias 3"],
            network.Parameters.Select(parameter => $"{parameter.Name} {parameter.Shape}"));
        Assert.Equal([true, true, false, true, true, false], network.Parameters.Select(parameter => parameter.IsDecayed));
        var limit = MathF.Sqrt(6f / 5);
        Assert.All(network.Parameters[0].ToArray(), weight => Assert.InRange(weight, -limit, limit));
        Assert.InRange(network.Parameters[0].ToArray().Max(Math.Abs), 0.5f * limit, limit);
        Assert.Equal(
            "Residual [Convolution 4, kernel 3, stride 2, same padding, identity, Residual [Dropout 0.1, Convolution 3, kernel 1, identity]]: 6 x 6 x 2 -> 3 x 3 x 3, 109 parameters", $"{network}");
    }

    /// <summary>Layers inside others have random numbers of their own, and those of layers before them stay.</summary>
    [Fact]
    public void No_two_layers_of_a_network_begin_alike()
    {
        Layer[] layers = [new DenseLayer(8), new ResidualLayer([new DenseLayer(8), new ResidualLayer([new DenseLayer(8), new DenseLayer(8)])]), new DenseLayer(8), new ResidualLayer([new DenseLayer(8)])];
        var network = Network.Create(8, [new EnsembleLayer(2, layers)], seed: 1);
        var weights = network.Parameters.Where(parameter => parameter.Name.Contains("weights", StringComparison.Ordinal)).Select(parameter => string.Join(' ', parameter.ToArray())).ToList();
        Assert.Equal(2 * 6, weights.Distinct().Count());

        var alone = Network.Create(8, layers, seed: 1);
        Assert.Equal(Samples.ParameterBits(alone), Samples.ParameterBits(network.Members[0]));
        Assert.Equal(Samples.Bits(Network.Create(8, layers[..1], seed: 1).Parameters[0].ToArray()), Samples.Bits(alone.Parameters[0].ToArray()));
    }

    [Fact]
    public void Dropout_inside_drops_other_inputs_than_dropout_outside()
    {
        var dropout = new DropoutLayer(0.5f);
        Layer[] layers = [dropout, new ResidualLayer([dropout, new ResidualLayer([dropout])]), new ResidualLayer([dropout]), dropout];
        var network = Network.Create(500, layers, seed: 1);
        using var workspace = network.CreateWorkspace(1);
        var ones = Enumerable.Repeat(1f, 500).ToArray();
        var streams = new List<int>();
        foreach (var layer in network.Layers)
            Add(layer);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], streams.Order());
        unsafe
        {
            fixed (float* x = ones)
            {
                InputRows inputs = new MatrixRows(x, 1, 500);
                network.Forward(in inputs, workspace, new TrainingStep(1, 0));
            }
        }

        // What is left of ones is doubled. Around it, 2 x goes by the shortcut alone, or by the first layer inside too, or by all.
        Assert.Equal([0, 2], workspace.Output(0).ToArray().Distinct().Order());
        Assert.Equal([0, 2, 6, 14], workspace.Output(1).ToArray().Distinct().Order());

        void Add(NetworkLayer layer)
        {
            streams.Add(layer.Stream);
            foreach (var inner in layer.Inner)
                Add(inner);
        }
    }

    [Fact]
    public void Sums_beyond_float32_are_limited_where_rows_are_finite()
    {
        foreach (var units in (int[])[1, 2])
        {
            var network = Network.Create(1, [new ResidualLayer([new DenseLayer(units)])], seed: 1);
            foreach (var parameter in network.Parameters)
                network.SetParameter(parameter, [.. Enumerable.Repeat(1f, parameter.Shape.Size)]);
            Assert.All(network.Predict([3e38f]), value => Assert.Equal(float.MaxValue, value));
            Assert.All(network.Predict([2]), value => Assert.Equal(5, value));
        }
    }

    /// <summary>Sparse rows are written out, and shuffled rows lie anywhere.</summary>
    [Theory]
    [InlineData("units that stay")]
    [InlineData("more channels")]
    [InlineData("stride 2")]
    public void Sparse_rows_predict_and_learn_as_dense_ones(string name)
    {
        var (input, layers) = Residuals[name];
        var rows = SparseSamples.Rows(12, input.Size, share: 0.4, seed: 1);
        var (dense, sparse) = (Network.Create(input, [new ResidualLayer(layers), new DenseLayer(2)], seed: 1), Network.Create(input, [new ResidualLayer(layers), new DenseLayer(2)], seed: 1));
        var options = new TrainingOptions { BatchSize = 5, NumberOfEpochs = 2, Seed = 2 };
        new NetworkTrainer(dense, options).Train(Dataset.FromTargets(input.Size, 2, rows, Samples.Numbers(24, seed: 3)));
        new NetworkTrainer(sparse, options).Train(Dataset.FromTargets(SparseSamples.Store(rows, input.Size), 2, Samples.Numbers(24, seed: 3), default));
        Assert.Equal(Samples.ParameterBits(dense), Samples.ParameterBits(sparse));
        Assert.Equal(Samples.Bits(dense.Predict(rows)), Samples.Bits(sparse.Predict(SparseSamples.Store(rows, input.Size))));
    }

    [Fact]
    public void Wrong_layers_are_refused()
    {
        Assert.Throws<ArgumentNullException>("layers", () => new ResidualLayer(null!));
        Assert.Throws<ArgumentNullException>("layers", () => new ResidualLayer([null!]));
        Assert.Throws<ArgumentException>("layers", () => new ResidualLayer([]));
        Assert.Throws<ArgumentException>("layers", () => new ResidualLayer([new EnsembleLayer(2, [new DenseLayer(1)])]));

        Layer nested = new DenseLayer(1);
        for (var depth = 0; depth < 8; depth++)
            nested = new ResidualLayer([nested]);
        Assert.Contains("up to 8 deep", Assert.Throws<ArgumentException>("layers", () => new ResidualLayer([nested])).Message, StringComparison.Ordinal);
        Network.Create(1, [nested], seed: 1);

        // Few objects, and more layers than anything could count.
        Layer[] many = [.. Enumerable.Repeat(new ResidualLayer([.. Enumerable.Repeat(new DropoutLayer(0.1f), 99)]), 99)];
        Assert.Equal(9901, new ResidualLayer(many).Count);
        Assert.Contains("10,001 were given", Assert.Throws<ArgumentException>("layers", () => new ResidualLayer([.. many, many[0]])).Message, StringComparison.Ordinal);
        Assert.Contains("10,100 were given", Assert.Throws<ArgumentException>("layers", () => Network.Create(1, [.. many, .. many[..2]], seed: 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("layers", () => new EnsembleLayer(2, [new ResidualLayer([.. many[..51]])]));
    }

    /// <summary>In float64: the layers of the kinds above one after the other, and what is summed.</summary>
    private static LayerCheck.Reference Reference(Shape input, ResidualLayer residual, bool isTraining) => (x, rows, parameters) =>
    {
        var output = Network.Create(input, [residual], seed: 1).OutputShape;
        var (y, shape, next) = (x, input, output == input ? 0 : 1);
        foreach (var layer in residual.Layers)
        {
            var place = Network.Create(shape, [layer], seed: 1).Layers[0];
            var own = parameters[next..(next + place.Parameters.Count)];
            y = layer switch
            {
                DenseLayer dense => Dense(y, rows, own, dense.Activation),
                ConvolutionLayer convolution => ConvolutionLayerTests.Reference(shape, convolution)(y, rows, own),
                BatchNormalizationLayer normalization => Normalized(y, own, normalization.Epsilon, isTraining),
                ActivationLayer activation => [.. y.Chunk(shape.Dimensions[^1]).SelectMany(position => Gradients.ReferenceFunctions.Activate(activation.Activation, position))],
                _ => Reference(shape, (ResidualLayer)layer, isTraining)(y, rows, own),
            };
            (shape, next) = (place.OutputShape, next + own.Length);
        }

        var shortcut = output == input ? x : Product(output.Dimensions.Length == 1 ? x : Positions(x, rows, input, output), parameters[0], output.Dimensions[^1]);
        return [.. y.Zip(shortcut, (a, b) => a + b)];
    };

    /// <summary>The channels of each position of the input that belongs to a position of the output.</summary>
    private static double[] Positions(double[] x, int rows, Shape input, Shape output)
    {
        var isImage = input.Dimensions.Length == 3;
        var (height, width, channels) = (isImage ? input.Dimensions[0] : 1, input.Dimensions[^2], input.Dimensions[^1]);
        var (down, across) = (isImage ? output.Dimensions[0] : 1, output.Dimensions[^2]);
        var (strideDown, strideAcross) = (Stride(height, down), Stride(width, across));
        return
        [
            .. from row in Enumerable.Range(0, rows)
               from oy in Enumerable.Range(0, down)
               from ox in Enumerable.Range(0, across)
               from c in Enumerable.Range(0, channels)
               select x[((row * height + oy * strideDown) * width + ox * strideAcross) * channels + c],
        ];

        static int Stride(int positions, int left) => Enumerable.Range(1, positions).First(stride => (positions + stride - 1) / stride == left);
    }

    /// <summary>Channel by channel, with the mean and the variance of the batch in training, else with the running ones.</summary>
    private static double[] Normalized(double[] x, double[][] parameters, double epsilon, bool isTraining)
    {
        var channels = parameters[0].Length;
        var y = new double[x.Length];
        for (var c = 0; c < channels; c++)
        {
            double[] values = [.. x.Where((_, i) => i % channels == c)];
            var mean = isTraining ? values.Average() : parameters[2][c];
            var variance = isTraining ? values.Average(value => (value - mean) * (value - mean)) : parameters[3][c];
            for (var i = c; i < x.Length; i += channels)
                y[i] = (x[i] - mean) / Math.Sqrt(variance + epsilon) * parameters[0][c] + parameters[1][c];
        }

        return y;
    }

    private static double[] Dense(double[] x, int rows, double[][] parameters, Activation activation)
    {
        var units = parameters[1].Length;
        var sums = Product(x, parameters[0], units);
        for (var i = 0; i < sums.Length; i++)
            sums[i] += parameters[1][i % units];
        return [.. sums.Chunk(units).SelectMany(row => Gradients.ReferenceFunctions.Activate(activation, row))];
    }

    private static double[] Product(double[] x, double[] weights, int units)
    {
        var inputs = weights.Length / units;
        var y = new double[x.Length / inputs * units];
        for (var i = 0; i < y.Length; i++)
        {
            for (var k = 0; k < inputs; k++)
                y[i] += x[i / units * inputs + k] * weights[k * units + i % units];
        }

        return y;
    }
}
