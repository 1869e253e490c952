namespace MLNet.DenseNet.Engine.Tests.Batches;

public class TargetScalingTests
{
    private const int Rows = 40;
    private const int Inputs = 3;

    private static readonly double[] Means = [250_000, -3];
    private static readonly double[] Scales = [90_000, 0.02];

    private static readonly float[] Features = Samples.Numbers(Rows * Inputs, seed: 1);
    private static readonly float[] Standardized = Samples.Numbers(Rows * 2, seed: 2);
    private static readonly float[] Targets = [.. Standardized.Select((y, i) => (float)(y * Scales[i % 2] + Means[i % 2]))];

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
            "squared" => ((Loss)new MeanSquaredError(), (Loss)new MeanSquaredError(), Scales[0] * Scales[0]),
            "absolute" => (new MeanAbsoluteError(), new MeanAbsoluteError(), Scales[0]),
            _ => (new HuberLoss((float)Scales[0] * 2), new HuberLoss(2), Scales[0] * Scales[0]),
        };

        var (raw, reference) = (NewNetwork(1), NewNetwork(1));
        var scaling = new TargetScaling([Means[0]], [Scales[0]]);
        var history = new NetworkTrainer(raw, Options(loss)) { TargetScaling = scaling }.Train(Dataset.FromTargets(Inputs, 1, Features, targets));
        var expected = new NetworkTrainer(reference, Options(standardizedLoss)).Train(Dataset.FromTargets(Inputs, 1, Features, standardized));

        foreach (var (actual, epoch) in history.Zip(expected))
        {
            Assert.Equal(1, actual.Loss / (epoch.Loss * unit), 1e-3);
            // In a Huber loss with a delta above the deviation, errors of a deviation count as in a squared error.
            Assert.Equal(1, actual.Objective / epoch.Loss, 1e-3);
            Assert.Equal(actual.Objective, actual.MonitoredLoss);
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
        foreach (var ((actual, prediction), i) in raw.Predict(Features).Zip(reference.Predict(Features)).Select((pair, i) => (pair, i)))
            Assert.Equal(prediction, (actual - Means[i % 2]) / Scales[i % 2], 2e-3);
    }

    [Fact]
    public void Losses_of_several_targets_are_told_in_their_own_units_and_decided_by_without()
    {
        var history = new NetworkTrainer(NewNetwork(2), Options(new MeanSquaredError())) { TargetScaling = new TargetScaling(Means, Scales) }
            .Train(Dataset.FromTargets(Inputs, 2, Features, Targets), Dataset.FromTargets(Inputs, 2, Features, Targets));
        var reference = new NetworkTrainer(NewNetwork(2), Options(new MeanSquaredError())).Train(Dataset.FromTargets(Inputs, 2, Features, Standardized), Dataset.FromTargets(Inputs, 2, Features, Standardized));
        foreach (var (actual, expected) in history.Zip(reference))
        {
            Assert.Equal(1, actual.Objective / expected.Loss, 1e-3);
            Assert.Equal(1, actual.ValidationObjective!.Value / expected.ValidationLoss!.Value, 1e-3);
            Assert.Equal(actual.ValidationObjective, actual.MonitoredLoss);
            // Nearly all of it comes of the first target.
            Assert.InRange(actual.Loss, 0.01 * Scales[0] * Scales[0], 10 * Scales[0] * Scales[0]);
        }
    }

    [Theory]
    [InlineData("squared")]
    [InlineData("absolute")]
    [InlineData("Huber")]
    [InlineData("small Huber")]
    public void No_unit_changes_a_bit_of_what_is_learned(string name)
    {
        var (expected, history) = Learned(1);
        // Powers of two, by which products are exact.
        foreach (var unit in (float[])[MathF.ScaleB(1, -110), MathF.ScaleB(1, -80), MathF.ScaleB(1, 62), MathF.ScaleB(1, 120)])
        {
            var (actual, inUnit) = Learned(unit);
            Assert.Equal(history.Select(e => (e.MonitoredLoss, e.RSquared)), inUnit.Select(e => (e.MonitoredLoss, e.RSquared)));
            Assert.All(inUnit.Zip(history), pair => Assert.Equal(Math.Pow(unit, name == "absolute" ? 1 : 2) * pair.Second.Loss, pair.First.Loss, 1e-9 * pair.First.Loss));
            Assert.All(actual.Zip(expected), pair => Assert.Equal(pair.Second, pair.First / unit, 1e-5f));
        }

        (float[] Predictions, TrainingHistory History) Learned(float unit)
        {
            var data = Dataset.FromTargets(Inputs, 1, Features, Standardized.Where((_, i) => i % 2 == 0).Select(y => y * unit).ToArray());
            Loss loss = name switch
            {
                "squared" => new MeanSquaredError(),
                "absolute" => new MeanAbsoluteError(),
                "Huber" => new HuberLoss(unit),
                _ => new HuberLoss(unit / 64),
            };
            var network = NewNetwork(1);
            var history = new NetworkTrainer(network, Options(loss)) { TargetScaling = TargetScaling.For(RowSubset.All(data).Targets, loss, trained: null) }.Train(data, data);
            return (network.Predict(Features), history);
        }
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(0.3f)]
    [InlineData(1e6f)]
    public void The_gradient_is_that_of_what_decides(float delta)
    {
        // Of one weight, by differences: whatever the delta is beside the deviation of the targets.
        var loss = new HuberLoss(delta);
        var data = Dataset.FromTargets(Inputs, 2, Features, Targets);
        var rows = RowSubset.All(data);
        var scaling = TargetScaling.For(rows.Targets, loss, trained: null);
        var network = NewNetwork(2);
        var trainer = new NetworkTrainer(network, Options(loss)) { TargetScaling = scaling };
        trainer.ComputeGradient(Features, Targets);
        var weights = network.Parameters[2];
        var gradient = trainer.Gradient(weights);
        var values = weights.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            const float Step = 1e-2f;
            var difference = (Objective(i, Step) - Objective(i, -Step)) / (2 * Step);
            Assert.Equal(difference, gradient[i], 0.02 * gradient.Max(Math.Abs));
        }

        double Objective(int index, float step)
        {
            var copy = NewNetwork(2);
            var changed = values.ToArray();
            changed[index] += step;
            copy.Parameters[2].Set(changed);
            var options = Options(loss);
            (options.LearningRate, options.NumberOfEpochs, options.BatchSize) = (1e-30f, 1, TrainingOptions.FullBatch);
            return new NetworkTrainer(copy, options) { TargetScaling = scaling }.Train(data)[0].Objective;
        }
    }

    [Fact]
    public void A_loss_of_ones_own_sees_targets_and_predictions_in_their_own_units_and_decides_by_what_it_says()
    {
        float[] targets = [.. Standardized.Where((_, i) => i % 2 == 0).Select(y => y * 1e25f + 3e25f)];
        var data = Dataset.FromTargets(Inputs, 1, Features, targets);
        var (own, squared) = (NewNetwork(1), NewNetwork(1));
        var history = Train(own, new OwnSquaredError());
        var expected = Train(squared, new MeanSquaredError());
        foreach (var (actual, epoch) in history.Zip(expected))
        {
            // Beyond float32.
            Assert.Equal(1, actual.Loss / epoch.Loss, 1e-3);
            Assert.Equal((actual.Loss, actual.ValidationLoss), (actual.Objective, actual.MonitoredLoss));
            Assert.Equal(epoch.RSquared!.Value, actual.RSquared!.Value, 1e-3);
        }

        Assert.All(own.Predict(Features).Zip(squared.Predict(Features)), pair => Assert.Equal(pair.Second / 1e25f, pair.First / 1e25f, 1e-3f));

        TrainingHistory Train(Network network, Loss loss) =>
            new NetworkTrainer(network, Options(loss)) { TargetScaling = TargetScaling.For(RowSubset.All(data).Targets, loss, trained: null) }.Train(data, data);
    }

    [Fact]
    public void Weights_are_told_in_the_units_of_the_model()
    {
        var network = NewNetwork(2);
        var options = Options(new MeanSquaredError());
        options.RecordDiagnostics = true;
        float[]? atTheEnd = null;
        options.TrainingCompleted = _ => atTheEnd = network.Predict(Features);
        var scaling = new TargetScaling(Means, Scales);
        var unfolded = network.Parameters[2].ToArray();
        var history = new NetworkTrainer(network, options) { TargetScaling = scaling }.Train(Dataset.FromTargets(Inputs, 2, Features, Targets));
        Assert.Equal(network.Predict(Features), atTheEnd);
        Assert.InRange(atTheEnd![0], 1e4f, 1e6f);
        var last = history.Weights[^1];
        Assert.Equal((network.Parameters[2].ToArray().Min(), network.Parameters[2].ToArray().Max()), (last.Final.Lowest, last.Final.Highest));
        Assert.Equal(unfolded.Where((_, i) => i % 2 == 0).Max() * Scales[0], last.Initial.Highest, 1);
    }

    [Fact]
    public void A_training_that_goes_on_from_a_checkpoint_ends_with_the_same_bits_and_decides_by_the_same_losses()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var (expected, whole) = Train(null, null);
            Assert.Throws<TimeoutException>(() => Train(new Checkpoints(folder), epoch => _ = epoch.Epoch == 3 ? throw new TimeoutException() : 0));
            // The second time the checkpoint is that of a training that has ended.
            for (var time = 0; time < 2; time++)
            {
                var (actual, history) = Train(new Checkpoints(folder), null);
                Assert.Equal(expected, actual);
                Assert.Equal(whole.Select(e => (e.Loss, e.Objective, e.MonitoredLoss)), history.Select(e => (e.Loss, e.Objective, e.MonitoredLoss)));
                Assert.Equal(whole.RestoredEpoch, history.RestoredEpoch);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        (float[] Predictions, TrainingHistory History) Train(Checkpoints? checkpoints, Action<EpochSummary>? completed)
        {
            var data = Dataset.FromTargets(Inputs, 2, Features, Targets);
            var network = NewNetwork(2);
            var options = Options(new MeanSquaredError());
            (options.Checkpoints, options.EpochCompleted, options.RestoreBestWeights) = (checkpoints, completed, true);
            var history = new NetworkTrainer(network, options) { TargetScaling = new TargetScaling(Means, Scales) }.Train(data, data);
            return (network.Predict(Features), history);
        }
    }

    [Fact]
    public void Unfolding_takes_back_what_folding_did()
    {
        var network = NewNetwork(2);
        var before = network.Predict(Features);
        var scaling = new TargetScaling(Means, Scales);
        scaling.Fold(network);
        Assert.Equal(before[0] * Scales[0] + Means[0], network.Predict(Features)[0], 0.1);
        scaling.Unfold(network);
        foreach (var (actual, expected) in network.Predict(Features).Zip(before))
            Assert.Equal(expected, actual, 1e-4f);
    }

    private static Network NewNetwork(int outputs) => Network.Create(Inputs, [new DenseLayer(6, Activation.Tanh), new DenseLayer(outputs)], seed: 3);

    private static TrainingOptions Options(Loss loss) =>
        new() { Loss = loss, Seed = 4, NumberOfEpochs = 5, BatchSize = 8, Optimizer = new StochasticGradientDescent(), LearningRate = 0.05f };

    private sealed class OwnSquaredError : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            var error = (double)prediction[0] - target[0];
            gradient[0] = (float)(2 * error);
            return error * error;
        }
    }
}
