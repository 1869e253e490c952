using MLNet.DenseNet.Engine.Tests.Gradients;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public class ShapingLayerTests
{
    private const int Rows = 20;

    public static TheoryData<string> Activations => [.. Samples.Activations.Keys];

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_agrees_with_its_reference_in_any_shape(string name)
    {
        var activation = Samples.Activations[name];
        foreach (var shape in (Shape[])[7, new(1, 3), new(2, 3, 5), new(3, 33), new(2, 2, 2, 1)])
        {
            var channels = shape.Dimensions[^1];
            new LayerCheck(new ActivationLayer(activation), shape, (x, _, _) => [.. x.Chunk(channels).SelectMany(position => ReferenceFunctions.Activate(activation, position))]).Run();
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void A_dense_layer_and_its_activation_apart_learn_the_same_bits(string name)
    {
        var activation = Samples.Activations[name];
        var together = Network.Create(5, [new DenseLayer(40, activation), new DenseLayer(3, activation)], seed: 1);
        var apart = Network.Create(5, [new DenseLayer(40), new ActivationLayer(activation), new DenseLayer(3), new ActivationLayer(activation)], seed: 2);
        Samples.CopyParameters(together, apart);
        Assert.Same(activation, apart.OutputActivation);
        foreach (var network in (Network[])[together, apart])
            Train(network, Samples.Numbers(Rows * 5, seed: 3));
        Assert.Equal(Samples.ParameterBits(together), Samples.ParameterBits(apart));
        Assert.Equal(Samples.Bits(together.Predict(Samples.Numbers(15, seed: 4))), Samples.Bits(apart.Predict(Samples.Numbers(15, seed: 4))));
    }

    /// <summary>The rows of a batch lie anywhere then.</summary>
    [Theory]
    [InlineData("GELU")]
    [InlineData("tanh")]
    public void An_activation_may_come_first(string name)
    {
        var features = Samples.Numbers(Rows * 6, seed: 3);
        var first = new ActivationLayer(Samples.Activations[name]);
        var (within, before) = (Network.Create(6, [first, new DenseLayer(3)], seed: 1), Network.Create(6, [new DenseLayer(3)], seed: 1));
        Samples.CopyParameters(within, before);
        Train(within, features);
        Train(before, Network.Create(6, [first, new ReshapeLayer(6)], seed: 1).Predict(features));
        Assert.Equal(Samples.ParameterBits(before), Samples.ParameterBits(within));
    }

    [Fact]
    public void Softmax_gives_each_position_a_distribution_in_an_ensemble_too()
    {
        Layer[] layers = [new DenseLayer(6), new ReshapeLayer(new Shape(2, 3)), new ActivationLayer(Activation.Softmax)];
        foreach (var network in (Network[])[Network.Create(4, layers, seed: 1), Network.Create(4, [new EnsembleLayer(2, layers)], seed: 1)])
            Assert.All(network.Predict(Samples.Numbers(4 * 5, seed: 2)).Chunk(3), position => Assert.Equal(1, position.Sum(), 1e-5));
    }

    [Fact]
    public void A_loss_of_one_distribution_a_row_takes_no_softmax_of_positions()
    {
        var network = Network.Create(4, [new DenseLayer(6), new ReshapeLayer(new Shape(2, 3)), new ActivationLayer(Activation.Softmax)], seed: 1);
        Assert.Contains("has one for each position of 2 x 3", Assert.Throws<ArgumentException>("network", () => new NetworkTrainer(network, new TrainingOptions())).Message, StringComparison.Ordinal);
        _ = new NetworkTrainer(network, new TrainingOptions { Loss = new MeanSquaredError() });
    }

    [Fact]
    public void A_shape_is_another_view_of_the_same_values()
    {
        new LayerCheck(new ReshapeLayer(new Shape(2, 3, 2)), new Shape(4, 3), (x, _, _) => x).Run();
        var network = Network.Create(12, [new ReshapeLayer(new Shape(2, 3, 2)), new GlobalMaxPoolingLayer()], seed: 1);
        Assert.Equal([11, 12], network.Predict([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
        Assert.Equal("Reshape 2 x 3 x 2: 12 -> 2 x 3 x 2, 0 parameters", network.Layers[0].ToString());
    }

    [Fact]
    public void A_shape_of_another_size_is_refused() =>
        Assert.StartsWith(
            "Layer 0, Reshape 1000 x 2, cannot take 3 x 5. It needs 2,000 values, and there are 15.",
            Assert.Throws<ArgumentException>(() => Network.Create(new Shape(3, 5), [new ReshapeLayer(new Shape(1000, 2))], seed: 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_refused()
    {
        Assert.Throws<ArgumentException>("shape", () => new ReshapeLayer(default));
        Assert.Throws<ArgumentNullException>("activation", () => new ActivationLayer(null!));
        Assert.Equal("Activation ReLU", new ActivationLayer(Activation.ReLU).ToString());
    }

    private static void Train(Network network, float[] features)
    {
        var outputs = network.OutputShape.Size;
        var targets = new float[Rows * outputs];
        for (var row = 0; row < Rows; row++)
            targets[row * outputs + row % outputs] = 1;
        new NetworkTrainer(network, new TrainingOptions { Seed = 5, NumberOfEpochs = 3, BatchSize = 8, LearningRate = 0.01f })
            .Train(Dataset.FromTargets(features.Length / Rows, outputs, features, targets));
    }
}
