namespace MLNet.DenseNet.Engine.Tests.Training;

public class ValidationTests
{
    // More rows than go through the network at once, and no multiple of that number.
    private const int Rows = 600;

    [Theory]
    [InlineData(1)]
    [InlineData(Rows)]
    public void Validation_rows_never_change_a_weight(int rows)
    {
        var validation = Dataset.FromTargets(
            SmallTraining.Inputs, SmallTraining.Outputs,
            Samples.Numbers(rows * SmallTraining.Inputs, seed: 51), Samples.Numbers(rows * SmallTraining.Outputs, seed: 52));
        Assert.Equal(SmallTraining.Train(SmallTraining.Options()), SmallTraining.Train(SmallTraining.Options(), validation: validation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Validation_loss_is_the_weighted_mean_of_the_trained_networks_errors(bool weighted)
    {
        var features = Samples.Numbers(Rows * SmallTraining.Inputs, seed: 51);
        var targets = Samples.Numbers(Rows * SmallTraining.Outputs, seed: 52);
        var weights = weighted ? Samples.Numbers(Rows, seed: 53).Select(w => w + 1).ToArray() : [];
        var network = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(network, SmallTraining.Options()).Train(
            SmallTraining.Data(), Dataset.FromTargets(SmallTraining.Inputs, SmallTraining.Outputs, features, targets, weights));

        // The network's predictions after training: without dropout.
        var errors = network.Predict(features).Zip(targets, (y, t) => Math.Pow((double)y - t, 2)).Chunk(SmallTraining.Outputs).Select(row => row.Average());
        var expected = weighted ? errors.Zip(weights, (e, w) => e * w).Sum() / weights.Sum(w => (double)w) : errors.Average();
        Tolerance.Check(expected, history[^1].ValidationLoss!.Value, roundings: 10);
        Assert.Equal((null, null), (history[^1].Accuracy, history[^1].ValidationAccuracy));
    }

    [Theory]
    [InlineData("sigmoid", "BCE")]
    [InlineData("sigmoid", "MSE")]
    [InlineData("identity", "MSE")]
    public void Accuracy_with_one_output_is_the_share_on_the_right_side_of_a_half(string activation, string loss)
    {
        // One input and one output: the sign of the feature decides for sigmoid, a half for identity.
        var middle = activation == "identity" ? 0.5f : 0;
        var summary = Measure(
            outputs: 1, activation, loss == "BCE" ? new BinaryCrossEntropy() : new MeanSquaredError(),
            features: [middle - 1, middle - 0.1f, middle + 0.1f, middle + 1], classes: [0, 1, 1, 1], weights: []);
        Assert.Equal(0.75, summary.ValidationAccuracy);
        Assert.Equal(0.75, summary.Accuracy);
    }

    [Fact]
    public void Accuracy_counts_the_weights_of_the_rows() =>
        Assert.Equal(5 / 8.0, Measure(1, "sigmoid", new BinaryCrossEntropy(), [-1, -2, 1, 2], [0, 1, 1, 1], [1, 3, 0, 4]).ValidationAccuracy);

    [Theory]
    [InlineData("softmax")]
    [InlineData("identity")]
    public void Accuracy_with_many_outputs_is_the_share_whose_largest_output_is_the_class(string activation)
    {
        // The weights 1, 0, -1 make the first output largest above 0 and the last one below.
        var summary = Measure(outputs: 3, activation, new SoftmaxCrossEntropy(), features: [1, 2, -1, -2, 3], classes: [0, 2, 2, 2, 1], weights: []);
        Assert.Equal(0.6, summary.ValidationAccuracy);
        Assert.Equal(0.6, summary.Accuracy);
    }

    /// <summary>Trains with a rate too small to matter and validates on the same rows. The weights from the input fall from 1 evenly to -1.</summary>
    private static EpochSummary Measure(int outputs, string activation, Loss loss, float[] features, int[] classes, float[] weights)
    {
        var network = Network.Create(1, [new DenseLayer(outputs, Samples.Activations[activation])], seed: 1);
        network.SetParameter(network.Parameters[0], outputs == 1 ? [1f] : [.. Enumerable.Range(0, outputs).Select(j => 1 - 2f * j / (outputs - 1))]);
        var data = Dataset.FromClasses(1, Math.Max(2, outputs), features, classes, weights);
        return new NetworkTrainer(network, new TrainingOptions { Loss = loss, LearningRate = 1e-6f, NumberOfEpochs = 1 }).Train(data, data)[0];
    }
}
