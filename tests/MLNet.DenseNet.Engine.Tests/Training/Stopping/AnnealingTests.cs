namespace MLNet.DenseNet.Engine.Tests.Training;

public class AnnealingTests
{
    private const float Rate = 0.475f;

    [Fact]
    public void It_goes_on_from_the_best_weights_while_the_rate_falls_to_0()
    {
        // The weight goes -0.9, 0.81, -0.729, 0.656: the second is nearest to the target, and patience ends after the fourth.
        var (history, _) = Train(new EarlyStopping(patience: 2) { AnnealingEpochs = 4 }, epochs: 20, target: 0.8f);
        Assert.Equal((TrainingEnd.EarlyStopped, 8), (history.End, history.Count));
        double[] rates = [Rate, Rate, Rate, Rate, Rate, Rate * 0.75, Rate * 0.5, Rate * 0.25];
        Assert.Equal(rates.Select(rate => (float)rate), history.Select(e => e.LearningRate));
        Assert.Equal([null, null, null, null, 2, null, null, null], history.Select(e => e.AnnealedFrom));
        double[] weights = [.. Descend(1, rates[..4]), .. Descend(Descend(1, rates[..2])[^1], rates[4..])];
        Assert.All(history.Zip(weights), pair => Assert.Equal((pair.Second - 0.8) * (pair.Second - 0.8), pair.First.ValidationLoss!.Value, 1e-5));
    }

    [Fact]
    public void It_takes_the_last_epochs_where_patience_does_not_end()
    {
        var (history, network) = Train(new EarlyStopping(patience: 10) { AnnealingEpochs = 4 }, epochs: 6, target: 0);
        Assert.Equal((TrainingEnd.Completed, 6, 6), (history.End, history.Count, history.RestoredEpoch));
        Assert.Equal(Descend(1, [Rate, Rate, Rate, Rate * 0.75, Rate * 0.5, Rate * 0.25])[^1], network.Predict([1])[0], 1e-6);
    }

    [Fact]
    public void It_takes_all_epochs_but_the_first_where_there_are_fewer()
    {
        var (history, _) = Train(new EarlyStopping(patience: 10) { AnnealingEpochs = int.MaxValue }, epochs: 3, target: 0);
        Assert.Equal((TrainingEnd.Completed, 3), (history.End, history.Count));
        Assert.Equal([Rate, Rate, Rate / 2], history.Select(e => e.LearningRate));
    }

    [Fact]
    public void Without_best_weights_it_goes_on_from_the_latest()
    {
        var (history, network) = Train(new EarlyStopping(patience: 2) { AnnealingEpochs = 2 }, epochs: 20, target: 0.8f, restoresBest: false);
        Assert.Equal(6, history.Count);
        Assert.Equal(4, history[4].AnnealedFrom);
        Assert.Equal(Descend(1, [Rate, Rate, Rate, Rate, Rate, Rate * 0.5])[^1], network.Predict([1])[0], 1e-6);
    }

    [Fact]
    public void It_goes_on_from_a_schedule_that_has_lowered_the_rate()
    {
        var (history, _) = Train(new EarlyStopping(patience: 10) { AnnealingEpochs = 2 }, epochs: 4, target: 0, schedule: new StepSchedule(1, 0.5f));
        Assert.Equal([Rate, Rate / 2, Rate / 2, Rate / 4], history.Select(e => e.LearningRate));
    }

    [Fact]
    public void Interrupted_in_any_epoch_it_gives_the_same_bits()
    {
        var (expected, whole) = (Train(Options()).Bits, Train(Options()).History);
        Assert.True(whole.Count > 10 && whole.Count < 40, $"{whole.Count} epochs");
        for (var interrupted = 1; interrupted < whole.Count; interrupted++)
        {
            var folder = Directory.CreateTempSubdirectory("densenet");
            try
            {
                var options = Options();
                options.Checkpoints = new Checkpoints(folder.FullName);
                options.EpochCompleted = e =>
                {
                    if (e.Epoch == interrupted + 1)
                        throw new TimeoutException();
                };
                Assert.Throws<TimeoutException>(() => Train(options));
                options.EpochCompleted = null;
                var (bits, history) = Train(options);
                Assert.Equal(expected, bits);
                Assert.Equal(whole.Select(e => (e.LearningRate, e.ValidationLoss, e.AnnealedFrom)), history.Select(e => (e.LearningRate, e.ValidationLoss, e.AnnealedFrom)));
                Assert.Equal((whole.End, whole.RestoredEpoch), (history.End, history.RestoredEpoch));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        static TrainingOptions Options()
        {
            var options = SmallTraining.Options();
            (options.LearningRate, options.NumberOfEpochs, options.ValidationFraction, options.EarlyStopping) = (0.05f, 40, 0.3f, new EarlyStopping(patience: 4) { AnnealingEpochs = 5 });
            return options;
        }

        static (int[] Bits, TrainingHistory History) Train(TrainingOptions options)
        {
            var network = SmallTraining.NewNetwork();
            var history = new NetworkTrainer(network, options).Train(SmallTraining.Data());
            return (Samples.ParameterBits(network), history);
        }
    }

    /// <summary>Plain descent of one weight, at first 1, and a bias, over rows with the input 1 and the target 0: one step an epoch multiplies its sum with the bias by 1 - 4 rate.</summary>
    private static (TrainingHistory History, Network Network) Train(EarlyStopping stopping, int epochs, float target, bool? restoresBest = null, LearningRateSchedule? schedule = null)
    {
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [1]);
        network.SetParameter(network.Parameters[1], [0]);
        var trainer = new NetworkTrainer(network, new TrainingOptions
        {
            Optimizer = new StochasticGradientDescent(),
            LearningRate = Rate,
            LearningRateSchedule = schedule,
            BatchSize = 2,
            NumberOfEpochs = epochs,
            EarlyStopping = stopping,
            RestoreBestWeights = restoresBest,
        });
        return (trainer.Train(Dataset.FromTargets(1, 1, new float[] { 1, 1 }, new float[2]), Dataset.FromTargets(1, 1, new float[] { 1, 1 }, new[] { target, target })), network);
    }

    private static double[] Descend(double weight, IEnumerable<double> rates) => [.. rates.Select(rate => weight *= 1 - 4 * rate)];
}
