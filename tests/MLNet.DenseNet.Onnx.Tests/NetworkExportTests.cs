using CsCheck;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Tests;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>What ONNX Runtime computes of a network's file is what the network predicts.</summary>
public class NetworkExportTests
{
    public static IEnumerable<TheoryDataRow<string>> LayerKinds => Samples.Layers.Keys.Select(name => new TheoryDataRow<string>(name));

    public static IEnumerable<TheoryDataRow<string>> ActivationKinds => Samples.Activations.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(LayerKinds))]
    public void Layer_is_the_same(string name)
    {
        var (layer, shape) = Samples.Layers[name];
        CheckSame(WithRandomParameters(Network.Create(shape, [layer], seed: 1), seed: 2), rows: 5, layer);
    }

    [Theory]
    [MemberData(nameof(LayerKinds))]
    public void Layer_between_others_is_the_same(string name)
    {
        var (layer, shape) = Samples.Layers[name];
        if (layer is EmbeddingLayer)
            return;
        Layer[] before = shape.Dimensions.Length == 3 ? [new ConvolutionLayer(shape.Dimensions[2], 3, padding: Padding.Same)] : [new DenseLayer(shape.Size, Activation.Tanh), new ReshapeLayer(shape)];
        Layer[] after = Shapes.After(layer, shape)!.Value.Dimensions.Length == 3 ? [new ActivationLayer(Activation.SiLU), new ConvolutionLayer(4, 1), new MaxPoolingLayer(1)] : [];
        CheckSame(WithRandomParameters(Network.Create(shape, [.. before, layer, .. after, new DenseLayer(3, Activation.Softmax)], seed: 1), seed: 3), rows: 4, layer);
    }

    [Theory]
    [MemberData(nameof(ActivationKinds))]
    public void Activation_is_the_same(string name)
    {
        var activation = Samples.Activations[name];
        CheckSame(WithRandomParameters(Network.Create(7, [new DenseLayer(9, activation), new DenseLayer(4, activation)], seed: 1), seed: 5), rows: 6);
        CheckSame(WithRandomParameters(Network.Create(new Shape(5, 6, 2), [new ConvolutionLayer(3, 2, activation: activation), new GlobalAveragePoolingLayer()], seed: 1), seed: 6), rows: 3);
        if (activation != Activation.Softmax && activation != Activation.Exponential)
            CheckSame(WithRandomParameters(Network.Create(new Shape(5, 2), [new BidirectionalLayer(new RecurrentLayer(3, activation, returnSequences: true)), new RecurrentLayer(2, activation)], seed: 1), seed: 7), rows: 3);
    }

    [Fact]
    public void Ensemble_is_the_mean_of_its_members() => CheckSame(
        WithRandomParameters(Network.Create(6, [new StandardizationLayer(), new EnsembleLayer(3, [new NumericEmbeddingLayer(2), new DenseLayer(5, Activation.SiLU), new DenseLayer(3, Activation.Softmax)])], seed: 1), seed: 8), rows: 9);

    [Fact]
    public void Exponential_outputs_are_limited_as_ours()
    {
        var network = Network.Create(1, [new EnsembleLayer(2, [new DenseLayer(1, Activation.Exponential)])], seed: 1);
        foreach (var parameter in network.Parameters)
            network.SetParameter(parameter, [parameter.IsDecayed ? 1 : 0]);
        using var model = OnnxModel.Of(network);
        Assert.Equal(float.MaxValue, network.Predict([89])[0]);
        foreach (var row in (float[])[0, 1, -1, 88.7f, 89, -110, 1e30f, -1e30f])
            Close.Check(network.Predict([row]), model.Run([row])["output"]);
    }

    [Fact]
    public void Missing_values_are_replaced()
    {
        var network = WithRandomParameters(Network.Create(3, [new MissingValueLayer([0, 2]), new DenseLayer(2)], seed: 1), seed: 4);
        using var model = OnnxModel.Of(network);
        float[] rows = [float.NaN, 1, 2, 3, 4, float.NaN, 1, float.NaN, 1, 5, 6, 7];
        Close.Check(network.Predict(rows), model.Run(rows)["output"]);
    }

    [Fact]
    public void Extreme_numbers_are_clipped()
    {
        var network = Network.Create(2, [new StandardizationLayer(2), new NumericEmbeddingLayer(2, 4)], seed: 1);
        using var model = OnnxModel.Of(WithRandomParameters(network, seed: 4));
        float[] rows = [1e30f, -1e30f, 3e38f, -3e38f, 1e9f, 0, -3, 3];
        Close.Check(network.Predict(rows), model.Run(rows)["output"]);
    }

    [Fact]
    public void Random_networks_are_the_same()
    {
        const int Networks = 150;
        var compared = 0;
        Gen.Int[0, int.MaxValue].Sample(seed => compared += IsRandomNetworkTheSame(seed) ? 1 : 0, iter: Networks, threads: 1);
        Assert.InRange(compared, Networks - 5, Networks);
    }

    [Fact]
    public void Inputs_and_outputs_have_names_and_an_open_batch()
    {
        using var model = OnnxModel.Of(Network.Create(new Shape(4, 3), [new DenseLayer(2)], seed: 1));
        Assert.Equal([-1, 4, 3], model.Inputs["input"].Dimensions);
        Assert.Equal([-1, 2], model.Outputs["output"].Dimensions);
        Assert.Equal("batch", model.Inputs["input"].SymbolicDimensions[0]);
    }

    [Fact]
    public void File_is_written()
    {
        var path = Path.GetTempFileName();
        try
        {
            var network = Network.Create(3, [new DenseLayer(2)], seed: 1);
            network.SaveOnnx(path);
            using var model = new OnnxModel(File.ReadAllBytes(path));
            Close.Check(network.Predict([1, 2, 3]), model.Run([1, 2, 3])["output"]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void File_that_would_be_too_large_is_refused()
    {
        OnnxFile.CheckSize(1L << 30);
        foreach (var bytes in new[] { int.MaxValue, 1L << 31, 100L << 31 })
            Assert.Contains("up to 2 GiB", Assert.Throws<NotSupportedException>(() => OnnxFile.CheckSize(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_write_to_is_an_error()
    {
        var network = Network.Create(3, [new DenseLayer(2)], seed: 1);
        Assert.Throws<ArgumentNullException>("stream", () => network.SaveOnnx((Stream)null!));
        Assert.Throws<ArgumentNullException>("path", () => network.SaveOnnx((string)null!));
        Assert.Throws<ArgumentNullException>("model", () => ((Network)null!).SaveOnnx(Stream.Null));
    }

    /// <returns>False where nothing was compared; see <see cref="IsSameButForRounding"/>.</returns>
    private static bool IsRandomNetworkTheSame(int seed)
    {
        var random = new Random(seed);
        Shape shape = random.Next(3) switch
        {
            0 => random.Next(1, 40),
            1 => new Shape(random.Next(1, 9), random.Next(1, 9)),
            _ => new Shape(random.Next(1, 9), random.Next(1, 9), random.Next(1, 5)),
        };
        var (layers, current) = (new List<Layer>(), shape);
        for (var tries = 0; tries < 40 && layers.Count < 6; tries++)
        {
            var layer = RandomLayer(random, current);
            if (Shapes.After(layer, current) is not { } next || next.Size > 2000)
                continue;
            layers.Add(layer);
            current = next;
        }

        if (random.Next(3) == 0)
            layers = [new StandardizationLayer(), new EnsembleLayer(random.Next(1, 4), [.. layers, new DenseLayer(2)])];
        else
            layers.Add(new DenseLayer(2));
        return IsSameButForRounding(WithRandomParameters(Network.Create(shape, layers, seed), seed), random.Next(1, 7));
    }

    private static Layer RandomLayer(Random random, Shape shape)
    {
        var channels = shape.Dimensions[^1];
        Activation[] activations = [.. Samples.Activations.Values.Where(kind => kind != Activation.Exponential)];
        var hidden = activations.Where(candidate => candidate != Activation.Softmax).ToArray();
        var activation = hidden[random.Next(hidden.Length)];
        var padding = (Padding)random.Next(2);
        return random.Next(19) switch
        {
            0 => new DenseLayer(random.Next(1, 20), activation),
            1 => new ConvolutionLayer(random.Next(1, 3) * channels, random.Next(1, 4), random.Next(1, 3), padding, random.Next(1, 3), random.Next(2) == 0 ? 1 : channels, activation),
            2 => new MaxPoolingLayer(random.Next(1, 4), random.Next(1, 4), padding),
            3 => new AveragePoolingLayer(random.Next(1, 4), random.Next(1, 4), padding),
            4 => random.Next(2) == 0 ? new GlobalMaxPoolingLayer() : new GlobalAveragePoolingLayer(),
            5 => new RecurrentLayer(random.Next(1, 6), activation, random.Next(2) == 0),
            6 => new LstmLayer(random.Next(1, 6), random.Next(2) == 0),
            7 => new GruLayer(random.Next(1, 6), random.Next(2) == 0),
            8 => new BidirectionalLayer(random.Next(2) == 0 ? new GruLayer(random.Next(1, 6), random.Next(2) == 0) : new LstmLayer(random.Next(1, 6), random.Next(2) == 0)),
            9 => new BatchNormalizationLayer(),
            10 => new LayerNormalizationLayer(0.1f),
            11 => new ActivationLayer(activations[random.Next(activations.Length)]),
            12 => new ResidualLayer([new ConvolutionLayer(random.Next(1, 6), 3, random.Next(1, 3), Padding.Same)]),
            13 => new ResidualLayer([new DenseLayer(random.Next(1, 9))]),
            14 => new NumericEmbeddingLayer(random.Next(1, 5), random.Next(1, 9)),
            15 => new DropoutLayer(0.5f),
            16 => new ReshapeLayer(shape.Size),
            17 => new MissingValueLayer([0, .. shape.Size > 1 ? (int[])[shape.Size - 1] : []]),
            _ => new StandardizationLayer(),
        };
    }

    private static void CheckSame(Network network, int rows, Layer? first = null)
    {
        using var model = OnnxModel.Of(network);
        float[] inputs = [.. Samples.Numbers(rows * network.InputShape.Size, seed: 11).Select(value => 2 * value)];
        if (first is not null)
            inputs = Samples.WholeNumbersWhereNeeded(first, [.. inputs.Select(value => value / 2)]);
        Close.Check(network.Predict(inputs), model.Run(inputs)["output"]);
    }

    /// <summary>
    /// In some networks, such as those with a bin of hardly any width or with sums that cancel, the last bit of a number decides much: what the next
    /// float of every input or parameter moves our own outputs by, a few times over, is no fault.
    /// </summary>
    /// <returns>False where that moves them by so much that a comparison would tell nothing.</returns>
    private static bool IsSameButForRounding(Network network, int rows)
    {
        using var model = OnnxModel.Of(network);
        float[] inputs = [.. Samples.Numbers(rows * network.InputShape.Size, seed: 11).Select(value => 2 * value)];
        var expected = network.Predict(inputs);
        var moved = Math.Max(Difference([.. inputs.Select(MathF.BitIncrement)]), Difference([.. inputs.Select(MathF.BitDecrement)]));
        var random = new Random(1);
        var values = network.Parameters.Select(parameter => parameter.ToArray()).ToArray();
        for (var change = 0; change < 4; change++)
        {
            foreach (var (parameter, own) in network.Parameters.Zip(values))
                network.SetParameter(parameter, [.. own.Select(value => value < float.MaxValue && random.Next(2) == 0 ? MathF.BitIncrement(value) : value)]);
            moved = Math.Max(moved, Difference(inputs));
        }

        if (moved > 1e-4 * expected.Max(Math.Abs))
            return false;
        Close.Check(expected, model.Run(inputs)["output"], rounding: 4 * moved);
        return true;

        double Difference(float[] near) => network.Predict(near).Zip(expected, (other, own) => Math.Abs((double)other - own)).Max();
    }

    private static Network WithRandomParameters(Network network, int seed)
    {
        foreach (var (parameter, index) in network.Parameters.Select((parameter, index) => (parameter, index)))
        {
            var values = Samples.Numbers(parameter.Shape.Size, seed + index);
            network.SetParameter(parameter, parameter.Name switch
            {
                _ when parameter.Name.Contains("variance", StringComparison.Ordinal) => [.. values.Select(value => 1.5f + value)],
                _ when parameter.Name.Contains("edges", StringComparison.Ordinal) => Ascending(values, parameter.Shape.Dimensions[1]),
                _ => values,
            });
        }

        return network;
    }

    /// <summary>Edges of bins; in every second row, the last one is unused.</summary>
    private static float[] Ascending(float[] values, int length)
    {
        for (var start = 0; start < values.Length; start += length)
        {
            values.AsSpan(start, length).Sort();
            if (start / length % 2 == 1)
                values[start + length - 1] = float.MaxValue;
        }

        return values;
    }
}
