namespace MLNet.DenseNet.Engine.Tests.Batches;

public class TargetScalingTests
{
    private const int Rows = 40;
    private const int Inputs = 3;

    private static readonly float[] Means = [250_000, -3];
    private static readonly float[] Scales = [90_000, 0.02f];

    private static readonly float[] Features = Samples.Numbers(Rows * Inputs, seed: 1);
    private static readonly float[] Standardized = Samples.Numbers(Rows * 2, seed: 2);
    private static readonly float[] Targets = [.. Standardized.Select((y, i) => y * Scales[i % 2] + Means[i % 2])];

    [Theory]
    [InlineData("squared")]
    [InlineData("absolute")]
    [InlineData("Huber")]
    public void Training_goes_as_on_standardized_targets_and_tells_losses_in_their_own_units(string name)
    {
        // One target, since the loss of several is a mean over units of different size. A Huber loss of standardized targets has a standardized delta.
        float[] targets = [.. Targets.Where((_, i) => i % 2 == 0)], standardized = [.. Standardized.Where((_, i) => i % 2 == 0)];
        var (loss, standardizedLoss, unit) = name switch
        {
            "squared" => ((Loss)new MeanSquaredError(), (Loss)new MeanSquaredError(), Scales[0] * (double)Scales[0]),
            "absolute" => (new MeanAbsoluteError(), new MeanAbsoluteError(), Scales[0]),
            _ => (new HuberLoss(Scales[0] * 2), new HuberLoss(2), Scales[0] * (double)Scales[0]),
        };

        var (raw, reference) = (NewNetwork(1), NewNetwork(1));
        var scaling = new TargetScaling([Means[0]], [Scales[0]]);
        var history = new NetworkTrainer(raw, Options(loss)) { TargetScaling = scaling }.Train(Dataset.FromTargets(Inputs, 1, Features, targets));
        var expected = new NetworkTrainer(reference, Options(standardizedLoss)).Train(Dataset.FromTargets(Inputs, 1, Features, standardized));
        scaling.Fold(raw);

        foreach (var (actual, epoch) in history.Zip(expected))
        {
            Assert.Equal(1, actual.Loss / (epoch.Loss * unit), 1e-3);
            Assert.Equal(epoch.RSquared!.Value, actual.RSquared!.Value, 1e-3);
        }

        foreach (var (actual, prediction) in raw.Predict(Features).Zip(reference.Predict(Features)))
            Assert.Equal(prediction, (actual - Means[0]) / Scales[0], 2e-3);
    }

    [Fact]
    public void Each_of_several_targets_counts_the_same_whatever_its_unit()
    {
        var (raw, reference) = (NewNetwork(2), NewNetwork(2));
        var scaling = new TargetScaling(Means, Scales);
        new NetworkTrainer(raw, Options(new MeanSquaredError())) { TargetScaling = scaling }.Train(Dataset.FromTargets(Inputs, 2, Features, Targets));
        new NetworkTrainer(reference, Options(new MeanSquaredError())).Train(Dataset.FromTargets(Inputs, 2, Features, Standardized));
        scaling.Fold(raw);
        foreach (var ((actual, prediction), i) in raw.Predict(Features).Zip(reference.Predict(Features)).Select((pair, i) => (pair, i)))
            Assert.Equal(prediction, (actual - Means[i % 2]) / Scales[i % 2], 2e-3);
    }

    [Fact]
    public void Unfolding_takes_back_what_folding_did()
    {
        var network = NewNetwork(2);
        var before = network.Predict(Features);
        var scaling = new TargetScaling(Means, Scales);
        scaling.Fold(network);
        Assert.Equal(before[0] * Scales[0] + Means[0], network.Predict(Features)[0], 0.1f);
        scaling.Unfold(network);
        foreach (var (actual, expected) in network.Predict(Features).Zip(before))
            Assert.Equal(expected, actual, 1e-4f);
    }

    private static Network NewNetwork(int outputs) => Network.Create(Inputs, [new DenseLayer(6, Activation.Tanh), new DenseLayer(outputs)], seed: 3);

    private static TrainingOptions Options(Loss loss) =>
        new() { Loss = loss, Seed = 4, NumberOfEpochs = 5, BatchSize = 8, Optimizer = new StochasticGradientDescent(), LearningRate = 0.05f };
}
