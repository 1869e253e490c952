namespace MLNet.DenseNet.Engine.Tests.Training;

public class DivergenceTests
{
    private static readonly Dataset Line = Dataset.FromTargets(1, 1, new float[] { 1, 2, 3, 4 }, new float[] { 2, 4, 6, 8 });

    [Fact]
    public void Rate_that_is_too_large_ends_training_and_the_message_says_what_to_do()
    {
        var exception = Diverge(Line, rate: 1000, epochs: 100);
        Assert.InRange(exception.Epoch, 2, 99);
        Assert.Contains($"epoch {exception.Epoch}:", exception.Message, StringComparison.Ordinal);
        Assert.Contains("learning rate below 1000,", exception.Message, StringComparison.Ordinal);
        Assert.Contains("scale the features", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loss_that_overflows_is_found()
    {
        var exception = Diverge(Dataset.FromTargets(1, 1, new[] { float.MaxValue }, new float[] { 0 }), rate: 0.1f, epochs: 1);
        Assert.Equal(1, exception.Epoch);
        Assert.Contains("the loss", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Early_stopping_and_best_weights_do_not_hide_it()
    {
        var options = new TrainingOptions { Seed = 1, LearningRate = 1e25f, Optimizer = new StochasticGradientDescent(), NumberOfEpochs = 50, ValidationFraction = 0.25f, EarlyStopping = new EarlyStopping(patience: 3) };
        var error = Assert.Throws<TrainingDivergedException>(() => new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), options).Train(Line));
        Assert.InRange(error.Epoch, 1, 49);
        Assert.Contains($"epoch {error.Epoch}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weight_that_overflows_in_the_last_step_is_found()
    {
        var exception = Diverge(Line, rate: 3e38f, epochs: 1);
        Assert.Equal(1, exception.Epoch);
        Assert.Contains("a weight", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Epochs_before_the_divergence_were_reported()
    {
        var reported = new List<int>();
        var exception = Diverge(Line, rate: 1000, epochs: 100, reported.Add);
        Assert.Equal(Enumerable.Range(1, exception.Epoch - 1), reported);
    }

    private static TrainingDivergedException Diverge(Dataset data, float rate, int epochs, Action<int>? report = null)
    {
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [1.5f]);
        var trainer = new NetworkTrainer(network, new TrainingOptions
        {
            Optimizer = new StochasticGradientDescent(),
            LearningRate = rate,
            NumberOfEpochs = epochs,
            BatchSize = TrainingOptions.FullBatch,
            Seed = 1,
            EpochCompleted = summary => report?.Invoke(summary.Epoch),
        });
        return Assert.Throws<TrainingDivergedException>(() => trainer.Train(data));
    }

    /// <summary>Single steps leave it to the caller to look; an earlier batch's gradient in its place would hide it.</summary>
    [Fact]
    public void A_loss_that_is_not_finite_has_a_gradient_of_its_own()
    {
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions());
        trainer.ComputeGradient([1], [2]);
        var earlier = trainer.Gradient(network.Parameters[1]);
        Assert.True(double.IsInfinity(trainer.ComputeGradient([1], [3e38f])));
        Assert.NotEqual(earlier, trainer.Gradient(network.Parameters[1]));
    }
}
