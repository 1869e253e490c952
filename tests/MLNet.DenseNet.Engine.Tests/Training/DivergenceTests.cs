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
        Assert.EndsWith("The learning rate of 1000 is high: try one near 0.01, the default of StochasticGradientDescent, or set the option GradientNormLimit.", exception.Message, StringComparison.Ordinal);
        // And it helps.
        Diverges(o => o.LearningRate = 0.01f, Line, isExpected: false);
    }

    [Fact]
    public void A_rate_that_is_the_default_or_less_is_not_called_high() =>
        Assert.EndsWith(
            "Try a learning rate below 0.005, or set the option GradientNormLimit.",
            Diverges(o => o.LearningRate = 0.05f, Dataset.FromTargets(1, 1, new float[] { 10, 20, 30, 40 }, new float[] { 2, 4, 6, 8 }))!.Message, StringComparison.Ordinal);

    [Fact]
    public void A_decay_that_takes_whole_weights_away_is_named_and_the_rate_is_not()
    {
        void Change(TrainingOptions o) => (o.Optimizer, o.LearningRate, o.WeightDecay) = (new AdamW(), 0.01f, 500);
        Assert.EndsWith(
            "The weight decay of 500 times the learning rate of 0.01 is 5, and from 1 on a step takes more than the whole weight away: try a weight decay below 10.",
            Diverges(Change, Line)!.Message, StringComparison.Ordinal);
        Diverges(o => (o.Optimizer, o.LearningRate, o.WeightDecay) = (new AdamW(), 0.01f, 9), Line, isExpected: false);
        // What is changed once in some steps is decayed as much as in all of them.
        var options = new TrainingOptions { Optimizer = new Muon(interval: 10), LearningRate = 0.01f, WeightDecay = 50 };
        var cause = $"{new DivergenceCause(options, new MeanSquaredError(), RowSubset.All(Line), standardizesFeatures: true, standardizesTargets: false, classFactors: null)}";
        Assert.Contains("The weight decay of 50 times the learning rate of 0.01 and the interval of 10 is 5, and from 1 on a step takes more than the whole weight away: try a weight decay below 1.", cause, StringComparison.Ordinal);
        // Here the decay is usual and the rate is too large.
        Assert.EndsWith("try a learning rate near 0.001.", Diverges(o => (o.Optimizer, o.LearningRate) = (new AdamW(), 1000), Line)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_differ_too_much_are_named()
    {
        float[] features = [.. Enumerable.Range(0, 4000).Select(_ => 1f)], targets = [.. Enumerable.Range(0, 4000).Select(row => row % 3f)];
        void Change(TrainingOptions o) => (o.LearningRate, o.BatchSize) = (0.01f, 1);
        var data = Dataset.FromTargets(1, 1, features, targets, features.Select((_, row) => row == 7 ? 1e6f : 1).ToArray());
        Assert.Contains("The heaviest row weighs 3.98E+03 times the mean weight, and its steps are as much larger: try weights that differ less", Diverges(Change, data)!.Message, StringComparison.Ordinal);
        Diverges(Change, Dataset.FromTargets(1, 1, features, targets, features.Select((_, row) => row == 7 ? 10f : 1).ToArray()), isExpected: false);
        var classes = Dataset.FromClasses(1, 2, features, targets.Select(target => target == 2 ? 1 : 0).ToArray());
        var cause = new DivergenceCause(new TrainingOptions(), new SoftmaxCrossEntropy(), RowSubset.All(classes), standardizesFeatures: true, standardizesTargets: false, classFactors: [0, 3000]);
        Assert.DoesNotContain("mean weight", $"{cause}", StringComparison.Ordinal);
        var rare = RowSubset.All(Dataset.FromClasses(1, 2, features, features.Select((_, row) => row == 7 ? 1 : 0).ToArray()));
        Assert.Contains("The heaviest row weighs 3.33E+03", $"{new DivergenceCause(new TrainingOptions(), new SoftmaxCrossEntropy(), rare, true, false, [1, 20_000])}", StringComparison.Ordinal);
    }

    [Fact]
    public void Features_that_are_not_standardized_are_named()
    {
        float[] features = [1e5f, 2e5f, 3e5f, 4e5f], targets = [2, 4, 6, 8];
        var error = Diverges(o => o.LearningRate = 0.01f, Dataset.FromTargets(1, 1, features, targets))!;
        Assert.Contains("The features are not standardized, and the root mean square of one is 2.74E+05: let a pipeline's option NormalizeFeatures be On, or the network begin with a StandardizationLayer", error.Message, StringComparison.Ordinal);
        Diverges(o => o.LearningRate = 0.01f, Dataset.FromTargets(1, 1, features, targets), isExpected: false, standardizes: true);
    }

    /// <summary>A layer of missing values stands before the standardization.</summary>
    [Fact]
    public void Features_that_are_standardized_behind_missing_values_are_not()
    {
        float[] features = [float.NaN, 2e5f, 3e5f, 4e5f], targets = [2, 4, 6, 8];
        var data = Dataset.FromTargets(1, 1, features, targets);
        var network = Network.Create(1, [new MissingValueLayer([0]), new StandardizationLayer(), new DenseLayer(1)], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 1e6f, NumberOfEpochs = 50, Seed = 1 });
        trainer.Standardize(data);
        Assert.Contains("The learning rate of 1000000 is high", Assert.Throws<TrainingDivergedException>(() => trainer.Train(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_that_are_learned_as_they_are_are_named()
    {
        float[] features = [1, 2, 3, 4];
        var error = Diverges(o => o.LearningRate = 0.01f, Dataset.FromTargets(1, 1, features, new float[] { 2e30f, 4e30f, 6e30f, 8e30f }))!;
        Assert.Contains("The targets are learned as they are, and one is 8E+30 large: scale the targets", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_of_ones_own_is_named()
    {
        var error = Diverges(o => (o.LearningRate, o.Loss, o.GradientNormLimit) = (0.05f, new WrongWayRound(), 1e38f), Line)!;
        Assert.EndsWith("is a class of your own: see whether the gradient that it fills is the derivative of what it returns, and does not grow without limit.", error.Message, StringComparison.Ordinal);
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

    private static TrainingDivergedException? Diverges(Action<TrainingOptions> change, Dataset data, bool isExpected = true, bool standardizes = false)
    {
        var options = new TrainingOptions { Optimizer = new StochasticGradientDescent(), NumberOfEpochs = 400, BatchSize = TrainingOptions.FullBatch, Seed = 1 };
        change(options);
        var network = Network.Create(1, standardizes ? [new StandardizationLayer(), new DenseLayer(1)] : [new DenseLayer(1)], seed: 1);
        var trainer = new NetworkTrainer(network, options);
        if (standardizes)
            trainer.Standardize(data);
        var error = Record.Exception(() => trainer.Train(data));
        Assert.Equal(isExpected, error is TrainingDivergedException);
        return (TrainingDivergedException?)error;
    }

    private sealed class WrongWayRound : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            var error = (double)prediction[0] - target[0];
            gradient[0] = (float)(-2 * error);
            return error * error;
        }
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
