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

    /// <summary>Training uses up the gradients of large parameters part by part: what is left is none.</summary>
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
