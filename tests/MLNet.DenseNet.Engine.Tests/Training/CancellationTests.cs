namespace MLNet.DenseNet.Engine.Tests.Training;

public sealed class CancellationTests : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public void Dispose() => _source.Dispose();

    [Fact]
    public void A_cancelled_training_throws_or_returns_as_the_options_say()
    {
        var options = Cancelling(afterEpoch: 2);
        var error = Assert.Throws<OperationCanceledException>(() => SmallTraining.Train(options));
        Assert.Equal(_source.Token, error.CancellationToken);
        Assert.Contains("after 2 of 40 epochs", error.Message, StringComparison.Ordinal);

        options.CancellationBehavior = CancellationBehavior.ReturnModel;
        options.CancellationToken = CancellationToken.None;
        var isCanceled = false;
        options.EpochCompleted = e => isCanceled = e.Epoch == 2;
        options.IsCanceledByHost = () => isCanceled;
        var network = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(network, options).Train(SmallTraining.Data());
        Assert.Equal((TrainingEnd.Canceled, 2, null), (history.End, history.Count, history.RestoredEpoch));

        var two = SmallTraining.Options();
        two.NumberOfEpochs = 2;
        Assert.Equal(SmallTraining.Train(two), Samples.ParameterBits(network));
    }

    [Fact]
    public void Training_stops_within_a_batch()
    {
        var asked = 0;
        var options = SmallTraining.Options();
        options.CancellationBehavior = CancellationBehavior.ReturnModel;
        // Three batches an epoch: before the second batch of the second epoch.
        options.IsCanceledByHost = () => ++asked == 5;
        options.Shuffle = false;
        var network = SmallTraining.NewNetwork();
        Assert.Single(new NetworkTrainer(network, options).Train(SmallTraining.Data()));

        var stepped = SmallTraining.NewNetwork();
        var trainer = new NetworkTrainer(stepped, SmallTraining.Options());
        foreach (var (first, end) in ((int, int)[])[(0, 4), (4, 8), (8, 10), (0, 4)])
        {
            trainer.ComputeGradient(Part(SmallTraining.Features, SmallTraining.Inputs), Part(SmallTraining.Targets, SmallTraining.Outputs));
            trainer.Step();

            float[] Part(float[] values, int width) => values[(first * width)..(end * width)];
        }

        Assert.Equal(Samples.ParameterBits(stepped), Samples.ParameterBits(network));
    }

    [Theory]
    [InlineData(CancellationBehavior.Throw)]
    [InlineData(CancellationBehavior.ReturnModel)]
    public void The_best_weights_are_restored_in_a_cancelled_training_too(CancellationBehavior behavior)
    {
        var options = Cancelling(afterEpoch: 30);
        options.CancellationBehavior = behavior;
        options.LearningRate = 0.05f;
        options.RestoreBestWeights = true;
        var epochs = new List<EpochSummary>();
        options.EpochCompleted += epochs.Add;
        // By this set the network soon gets worse.
        var validation = Dataset.FromTargets(
            SmallTraining.Inputs, SmallTraining.Outputs, SmallTraining.Features, SmallTraining.Targets.Select(t => -10 * t).ToArray());
        var network = SmallTraining.NewNetwork();
        var trainer = new NetworkTrainer(network, options);
        int? restored = null;
        if (behavior == CancellationBehavior.Throw)
            Assert.Throws<OperationCanceledException>(() => trainer.Train(SmallTraining.Data(), validation));
        else
            restored = trainer.Train(SmallTraining.Data(), validation).RestoredEpoch;

        var best = epochs.MinBy(e => e.ValidationLoss)!.Epoch;
        Assert.InRange(best, 1, 20);
        Assert.Equal(behavior == CancellationBehavior.Throw ? null : best, restored);
        var untilBest = SmallTraining.Options();
        (untilBest.NumberOfEpochs, untilBest.LearningRate) = (best, 0.05f);
        Assert.Equal(SmallTraining.Train(untilBest), Samples.ParameterBits(network));
    }

    /// <summary>It would be returned as if it had learned something.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_network_that_has_not_seen_all_rows_is_no_model_to_return(int batches)
    {
        var asked = 0;
        var options = SmallTraining.Options();
        options.CancellationBehavior = CancellationBehavior.ReturnModel;
        options.RestoreBestWeights = true;
        options.IsCanceledByHost = () => asked++ == batches;
        options.TrainingCompleted = _ => Assert.Fail("There is no model.");
        var network = SmallTraining.NewNetwork();
        var trainer = new NetworkTrainer(network, options);
        var error = Assert.Throws<OperationCanceledException>(() => trainer.Train(SmallTraining.Data()));
        Assert.Contains("before the end of its first epoch", error.Message, StringComparison.Ordinal);
        Assert.Equal(batches == 0, Samples.ParameterBits(SmallTraining.NewNetwork()).SequenceEqual(Samples.ParameterBits(network)));
    }

    [Fact]
    public void The_callback_stops_training_in_good_order()
    {
        var options = SmallTraining.Options();
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 2)
                e.Stop();
        };
        var network = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(network, options).Train(SmallTraining.Data());
        Assert.Equal((TrainingEnd.StoppedByCallback, 2), (history.End, history.Count));
        options.EpochCompleted = null;
        options.NumberOfEpochs = 2;
        Assert.Equal(SmallTraining.Train(options), Samples.ParameterBits(network));
    }

    [Fact]
    public void To_stop_in_the_last_epoch_does_not_hide_how_training_ended()
    {
        var options = SmallTraining.Options();
        options.EpochCompleted = e => e.Stop();
        options.NumberOfEpochs = 1;
        Assert.Equal(TrainingEnd.Completed, End());

        // No epoch is better by as much, so that the second one is the last.
        options.NumberOfEpochs = 9;
        options.EarlyStopping = new EarlyStopping(patience: 1, minimumImprovement: 1000);
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 2)
                e.Stop();
        };
        Assert.Equal(TrainingEnd.EarlyStopped, End());

        TrainingEnd End() => new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data()).End;
    }

    [Fact]
    public void Epochs_tell_their_pace()
    {
        var history = new NetworkTrainer(SmallTraining.NewNetwork(), SmallTraining.Options()).Train(SmallTraining.Data());
        Assert.All(history, e => Assert.True(e.RowsPerSecond >= SmallTraining.Rows / e.Elapsed.TotalSeconds));
        Assert.Equal(history.Select(e => e.Elapsed / e.Epoch * (3 - e.Epoch)), history.Select(e => e.EstimatedTimeLeft), (x, y) => Math.Abs((x - y).TotalMilliseconds) < 5);
        Assert.Equal(TrainingEnd.Completed, history.End);
    }

    private TrainingOptions Cancelling(int afterEpoch)
    {
        var options = SmallTraining.Options();
        options.NumberOfEpochs = 40;
        options.CancellationToken = _source.Token;
        options.EpochCompleted = e =>
        {
            if (e.Epoch == afterEpoch)
                _source.Cancel();
        };
        return options;
    }
}
