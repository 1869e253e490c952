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
        CheckSame(RandomParameters.Set(Network.Create(shape, [layer], seed: 1), seed: 2), rows: 5, layer);
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
        CheckSame(RandomParameters.Set(Network.Create(shape, [.. before, layer, .. after, new DenseLayer(3, Activation.Softmax)], seed: 1), seed: 3), rows: 4, layer);
    }

    /// <summary>Some operators put a number in the place of what is none.</summary>
    [Theory]
    [MemberData(nameof(LayerKinds))]
    public void A_missing_feature_has_the_same_effect(string name)
    {
        const int Rows = 3;
        var (layer, shape) = Samples.Layers[name];
        if (layer is EmbeddingLayer || !Shapes.After(layer, shape).HasValue)
            return;
        var network = RandomParameters.Set(Network.Create(shape, [layer, new DenseLayer(2)], seed: 1), seed: 4);
        var rows = Samples.Numbers(Rows * shape.Size, seed: 5);
        rows[shape.Size + shape.Size / 2] = float.NaN;
        using var model = OnnxModel.Of(network);
        Close.Check(network.Predict(rows), model.Run(rows)["output"]);
    }

    /// <summary>A missing value is that of the windows that hold it, and of none other; some values are in no window.</summary>
    [Fact]
    public void A_missing_feature_is_missing_where_it_is_read()
    {
        Check(3, 1, new MaxPoolingLayer(2), [1, 2, float.NaN], [2]);
        Check(4, 1, new MaxPoolingLayer(2), [1, 2, float.NaN, 4], [2, float.NaN]);
        Check(2, 2, new GlobalMaxPoolingLayer(), [1, float.NaN, 2, 3], [2, float.NaN]);

        static void Check(int steps, int channels, Layer layer, float[] row, float[] expected)
        {
            var network = Network.Create(new Shape(steps, channels), [layer], seed: 1);
            Assert.Equal(expected, network.Predict(row));
            using var model = OnnxModel.Of(network);
            Assert.Equal(expected, model.Run(row)["output"]);
        }
    }

    [Theory]
    [MemberData(nameof(ActivationKinds))]
    public void Activation_is_the_same(string name)
    {
        var activation = Samples.Activations[name];
        CheckSame(RandomParameters.Set(Network.Create(7, [new DenseLayer(9, activation), new DenseLayer(4, activation)], seed: 1), seed: 5), rows: 6);
        CheckSame(RandomParameters.Set(Network.Create(new Shape(5, 6, 2), [new ConvolutionLayer(3, 2, activation: activation), new GlobalAveragePoolingLayer()], seed: 1), seed: 6), rows: 3);
        if (activation != Activation.Softmax && activation != Activation.Exponential)
            CheckSame(RandomParameters.Set(Network.Create(new Shape(5, 2), [new BidirectionalLayer(new RecurrentLayer(3, activation, returnSequences: true)), new RecurrentLayer(2, activation)], seed: 1), seed: 7), rows: 3);
    }

    [Fact]
    public void Ensemble_is_the_mean_of_its_members() => CheckSame(
        RandomParameters.Set(Network.Create(6, [new StandardizationLayer(), new EnsembleLayer(3, [new NumericEmbeddingLayer(2, columns: [1, 4], scaleRate: 6), new DenseLayer(5, Activation.SiLU), new DenseLayer(3, Activation.Softmax)])], seed: 1), seed: 8), rows: 9);

    [Fact]
    public void Twice_a_large_number_is_not_needed()
    {
        var network = Network.Create(1, [new ActivationLayer(Activation.GELU)], seed: 1);
        using var model = OnnxModel.Of(network);
        foreach (var row in (float[])[2.57e38f, float.MaxValue, -2.57e38f])
            Assert.Equal(network.Predict([row]), model.Run([row])["output"]);
    }

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
        float[] rows = [float.NaN, 1, 2, 3, 4, float.NaN, 1, float.NaN, 1, 5, 6, 7];
        foreach (var layer in (Layer[])[new MissingValueLayer([0, 2]), new StandardizationLayer(takesMissingForMean: true), new StandardizationLayer()])
        {
            var network = RandomParameters.Set(Network.Create(3, [layer, new DenseLayer(2)], seed: 1), seed: 4);
            using var model = OnnxModel.Of(network);
            Close.Check(network.Predict(rows), model.Run(rows)["output"]);
        }
    }

    [Fact]
    public void Extreme_numbers_are_clipped()
    {
        var network = Network.Create(2, [new StandardizationLayer(2), new NumericEmbeddingLayer(2, 4)], seed: 1);
        using var model = OnnxModel.Of(RandomParameters.Set(network, seed: 4));
        float[] rows = [1e30f, -1e30f, 3e38f, -3e38f, 1e9f, 0, -3, 3];
        Close.Check(network.Predict(rows), model.Run(rows)["output"]);
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
    public void File_is_written_in_a_folder_that_need_not_be_there()
    {
        var folder = Directory.CreateTempSubdirectory("densenet").FullName;
        try
        {
            var network = Network.Create(3, [new DenseLayer(2)], seed: 1);
            foreach (var path in (string[])[Path.Combine(folder, "network.onnx"), Path.Combine(folder, "new", "folder", "network.onnx")])
            {
                network.SaveOnnx(path);
                using var model = new OnnxModel(File.ReadAllBytes(path));
                Close.Check(network.Predict([1, 2, 3]), model.Run([1, 2, 3])["output"]);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
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

    private static void CheckSame(Network network, int rows, Layer? first = null)
    {
        using var model = OnnxModel.Of(network);
        float[] inputs = [.. Samples.Numbers(rows * network.InputShape.Size, seed: 11).Select(value => 2 * value)];
        if (first is not null)
            inputs = Samples.WholeNumbersWhereNeeded(first, [.. inputs.Select(value => value / 2)]);
        Close.Check(network.Predict(inputs), model.Run(inputs)["output"]);
    }
}
