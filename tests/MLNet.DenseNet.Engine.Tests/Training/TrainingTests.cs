namespace MLNet.DenseNet.Engine.Tests.Training;

public class TrainingTests
{
    [Fact]
    public void Same_seed_and_data_give_the_same_bits() =>
        Assert.Equal(SmallTraining.Train(SmallTraining.Options()), SmallTraining.Train(SmallTraining.Options()));

    [Fact]
    public void Another_seed_gives_another_network() =>
        Assert.NotEqual(SmallTraining.Train(SmallTraining.Options(seed: 2)), SmallTraining.Train(SmallTraining.Options(seed: 3)));

    [Fact]
    public void Without_a_seed_two_trainings_differ()
    {
        var options = SmallTraining.Options();
        options.Seed = null;
        Assert.NotEqual(SmallTraining.Train(options), SmallTraining.Train(options));
    }

    [Fact]
    public void Order_of_rows_depends_on_the_seed_only_with_shuffling()
    {
        // Without dropout the order is all that is left to chance.
        Assert.NotEqual(TrainWithoutDropout(shuffle: true, seed: 2), TrainWithoutDropout(shuffle: true, seed: 3));
        Assert.Equal(TrainWithoutDropout(shuffle: false, seed: 2), TrainWithoutDropout(shuffle: false, seed: 3));
        Assert.NotEqual(TrainWithoutDropout(shuffle: true, seed: 2), TrainWithoutDropout(shuffle: false, seed: 2));
    }

    /// <summary>With shuffling and dropout, whose random numbers must not repeat from epoch to epoch.</summary>
    [Fact]
    public void A_loop_of_single_epochs_is_the_same_training_as_all_of_them_at_once()
    {
        var network = SmallTraining.NewNetwork();
        var options = SmallTraining.Options();
        options.NumberOfEpochs = 1;
        var trainer = new NetworkTrainer(network, options);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => trainer.Train(SmallTraining.Data()).EpochsBefore));
        Assert.Equal(SmallTraining.Train(SmallTraining.Options()), Samples.ParameterBits(network));
    }

    /// <summary>As from a saved model: another trainer, whose optimizer begins anew.</summary>
    [Fact]
    public void A_trainer_of_a_trained_network_counts_on()
    {
        var (whole, pieces) = (SmallTraining.NewNetwork(), SmallTraining.NewNetwork());
        var options = SmallTraining.Options();
        (options.Optimizer, options.Augmentation) = (new StochasticGradientDescent(), new TableAugmentation(noise: 0.1f));
        Train(whole, options);
        TrainingHistory? earlier = null;
        foreach (var epochs in (int[])[2, 1])
        {
            options.NumberOfEpochs = epochs;
            earlier = Train(pieces, options, earlier);
        }

        Assert.Equal((2, 6, 3, 9), (earlier!.EpochsBefore, earlier.StepsBefore, earlier.EpochsBegun, earlier.StepsBegun));
        Assert.Equal(Samples.ParameterBits(whole), Samples.ParameterBits(pieces));

        static TrainingHistory Train(Network network, TrainingOptions options, TrainingHistory? earlier = null) =>
            new NetworkTrainer(network, options) { Earlier = earlier }.Train(SmallTraining.Data());
    }

    [Fact]
    public void Epochs_are_reported_once_each_in_order_and_returned()
    {
        var reported = new List<EpochSummary>();
        var options = SmallTraining.Options();
        options.EpochCompleted = reported.Add;
        var history = new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data());

        Assert.Equal(history, reported);
        Assert.Equal([(1, 3, 0.01f), (2, 3, 0.01f), (3, 3, 0.01f)], history.Select(e => (e.Epoch, e.NumberOfEpochs, e.LearningRate)));
        Assert.All(history, e => Assert.Equal((null, null, null), (e.Accuracy, e.ValidationLoss, e.ValidationAccuracy)));
        Assert.Equal(history.Select(e => e.Elapsed).Order(), history.Select(e => e.Elapsed));
    }

    [Fact]
    public void Batches_are_reported_in_order_with_what_came_of_the_epoch_so_far()
    {
        var reported = new List<BatchProgress>();
        var losses = new List<double>();
        var options = SmallTraining.Options();
        options.BatchCompleted = reported.Add;
        options.EpochCompleted = e =>
        {
            Assert.Equal(3 * e.Epoch, reported.Count);
            losses.Add(e.Loss);
        };
        var bits = SmallTraining.Train(options);

        Assert.Equal(
            Enumerable.Range(0, 9).Select(i => (i / 3 + 1, 3, i % 3 + 1, 3, Math.Min(4 * (i % 3 + 1), 10), (double?)null)),
            reported.Select(b => (b.Epoch, b.NumberOfEpochs, b.Batch, b.NumberOfBatches, b.Rows, b.Accuracy)));
        Assert.Equal(losses, reported.Where(b => b.Batch == 3).Select(b => b.Loss));
        Assert.Equal(9, reported.Select(b => b.Loss).Distinct().Count());
        Assert.Equal(SmallTraining.Train(SmallTraining.Options()), bits);
    }

    [Fact]
    public void Batches_of_a_classification_are_reported_with_the_accuracy_so_far()
    {
        var reported = new List<BatchProgress>();
        var data = Dataset.FromClasses(1, 2, new float[] { -1, 1, -1, -1 }, new[] { 0, 1, 1, 1 });
        var network = Network.Create(1, [new DenseLayer(2, Activation.Softmax)], seed: 1);
        network.SetParameter(network.Parameters[0], [-1, 1]);
        new NetworkTrainer(network, new TrainingOptions { BatchSize = 1, NumberOfEpochs = 1, Shuffle = false, LearningRate = 1e-6f, BatchCompleted = reported.Add }).Train(data);
        Assert.Equal([1, 1, 2.0 / 3, 0.5], reported.Select(b => b.Accuracy!.Value));
    }

    [Fact]
    public void What_the_report_of_a_batch_throws_reaches_the_caller_unchanged_and_ends_training()
    {
        var thrown = new TimeoutException();
        var options = SmallTraining.Options();
        options.BatchCompleted = b => throw (b.Batch == 1 ? thrown : new InvalidOperationException("called again"));
        Assert.Same(thrown, Assert.Throws<TimeoutException>(() => SmallTraining.Train(options)));
    }

    [Fact]
    public void The_end_is_reported_once_with_what_is_returned_and_the_final_weights()
    {
        var network = SmallTraining.NewNetwork();
        var ended = new List<TrainingHistory>();
        int[]? bits = null;
        var options = SmallTraining.Options();
        options.RestoreBestWeights = true;
        options.LearningRate = 1.5f;
        options.TrainingCompleted = history =>
        {
            ended.Add(history);
            bits = Samples.ParameterBits(network);
        };
        var returned = new NetworkTrainer(network, options).Train(SmallTraining.Data());
        Assert.Same(returned, Assert.Single(ended));
        Assert.True(returned.RestoredEpoch < returned.Count);
        Assert.Equal(Samples.ParameterBits(network), bits);

        options.TrainingCompleted = _ => Assert.Fail("Called for a training that ended in an exception.");
        options.CancellationToken = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => SmallTraining.Train(options));
    }

    [Fact]
    public void What_the_report_throws_reaches_the_caller_unchanged_and_ends_training()
    {
        var thrown = new OperationCanceledException("enough");
        var calls = 0;
        var options = SmallTraining.Options();
        options.EpochCompleted = e => throw (++calls == 1 ? thrown : new InvalidOperationException("called again"));
        var trainer = new NetworkTrainer(SmallTraining.NewNetwork(), options);
        Assert.Same(thrown, Assert.Throws<OperationCanceledException>(() => trainer.Train(SmallTraining.Data())));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Steps_need_a_gradient_and_asking_too_early_changes_nothing()
    {
        var (asked, other) = (SmallTraining.NewNetwork(), SmallTraining.NewNetwork());
        var trainer = new NetworkTrainer(asked, SmallTraining.Options());
        Assert.Throws<InvalidOperationException>(trainer.Step);
        Assert.Throws<InvalidOperationException>(() => trainer.Gradient(asked.Parameters[0]).Length);
        trainer.Train(SmallTraining.Data());
        new NetworkTrainer(other, SmallTraining.Options()).Train(SmallTraining.Data());
        Assert.Equal(Samples.ParameterBits(other), Samples.ParameterBits(asked));
    }

    /// <summary>Training uses up the gradients of large parameters while it computes them, so none is left to read.</summary>
    [Fact]
    public void Training_leaves_no_gradient_behind()
    {
        var network = SmallTraining.NewNetwork();
        var trainer = new NetworkTrainer(network, SmallTraining.Options());
        trainer.ComputeGradient(new float[3], new float[2]);
        trainer.Train(SmallTraining.Data());
        Assert.Throws<InvalidOperationException>(trainer.Step);
        Assert.Throws<InvalidOperationException>(() => trainer.Gradient(network.Parameters[0]).Length);
    }

    [Fact]
    public void Batches_that_do_not_fit_are_refused()
    {
        var trainer = new NetworkTrainer(SmallTraining.NewNetwork(), SmallTraining.Options());
        Assert.ThrowsAny<ArgumentException>(() => trainer.ComputeGradient([], []));
        Assert.ThrowsAny<ArgumentException>(() => trainer.ComputeGradient(new float[4], new float[2]));
        Assert.ThrowsAny<ArgumentException>(() => trainer.ComputeGradient(new float[3], new float[3]));
        Assert.ThrowsAny<ArgumentException>(() => trainer.ComputeGradient(new float[6], new float[4], new float[1]));
    }

    /// <summary>As a data set refuses them; else a step would make weights not-a-number.</summary>
    [Fact]
    public void Values_that_are_not_allowed_are_refused()
    {
        Check("A target is -1; the loss half gamma deviance needs targets above 0.", new GammaLoss(), [1], [-1]);
        Check("A target is 2; the loss", new BinaryCrossEntropy(), [1], [2]);
        Check("The targets must be finite.", new MeanSquaredError(), [1], [float.NaN]);
        Check("A weight is -2; expected a finite number of at least 0.", new MeanSquaredError(), [1, 2], [1, 2], [3, -2]);
        Check("Feature 0 is missing (not-a-number)", new MeanSquaredError(), [float.NaN], [1]);
        Check("features must be finite", new MeanSquaredError(), [float.PositiveInfinity], [1]);

        var takesMissing = Network.Create(2, [new MissingValueLayer([1]), new DenseLayer(1)], seed: 1);
        var trainer = new NetworkTrainer(takesMissing, SmallTraining.Options());
        Assert.True(double.IsFinite(trainer.ComputeGradient([1, float.NaN], [1])));
        Assert.Contains("Feature 0 is missing", Assert.Throws<ArgumentException>("features", () => trainer.ComputeGradient([float.NaN, 1], [1])).Message, StringComparison.Ordinal);

        static void Check(string expected, Loss loss, float[] features, float[] targets, float[]? weights = null)
        {
            var options = SmallTraining.Options();
            options.Loss = loss;
            var trainer = new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), options);
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => trainer.ComputeGradient(features, targets, weights)).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(trainer.Step);
        }
    }

    [Fact]
    public void Gradient_of_another_networks_parameter_is_refused()
    {
        var trainer = new NetworkTrainer(SmallTraining.NewNetwork(), SmallTraining.Options());
        trainer.ComputeGradient(new float[3], new float[2]);
        Assert.Throws<ArgumentException>("parameter", () => trainer.Gradient(SmallTraining.NewNetwork().Parameters[0]).Length);
    }

    private static int[] TrainWithoutDropout(bool shuffle, int seed)
    {
        var network = Network.Create(SmallTraining.Inputs, [new DenseLayer(SmallTraining.Outputs, Activation.Tanh)], seed: 1);
        var options = SmallTraining.Options(seed);
        options.Shuffle = shuffle;
        new NetworkTrainer(network, options).Train(SmallTraining.Data());
        return Samples.ParameterBits(network);
    }
}
