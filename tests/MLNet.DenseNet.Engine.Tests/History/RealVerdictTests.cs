namespace MLNet.DenseNet.Engine.Tests.History;

/// <summary>Trainings built to fit, to overfit, to underfit, to diverge and to end too soon.</summary>
public class RealVerdictTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_large_network_on_few_noisy_rows_overfits(int seed)
    {
        var verdict = Train(NoisyClouds(40, seed), NoisyClouds(400, seed + 10), [256, 256], epochs: 150, seed).Verdict;
        Assert.Equal(TrainingFit.Overfits, verdict.Fit);
        Assert.InRange(verdict.SinceEpoch!.Value, 1, 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Early_stopping_keeps_weights_of_before(int seed)
    {
        var history = Train(NoisyClouds(40, seed), NoisyClouds(400, seed + 10), [256, 256], epochs: 150, seed, o => o.EarlyStopping = new EarlyStopping(patience: 15));
        Assert.Equal(TrainingEnd.EarlyStopped, history.End);
        Assert.DoesNotContain("Early stopping", history.Verdict.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Enough_rows_for_the_task_fit_well(int seed) =>
        Assert.Equal(TrainingFit.FitsWell, Train(LearningData.Clouds(5, 1000, seed), LearningData.Clouds(5, 500, seed + 10), [32], epochs: 40, seed).Verdict.Fit);

    /// <summary>Half of the variance is noise: no network tells more than half of it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_network_that_knows_all_that_is_no_noise_fits_well(int seed)
    {
        var verdict = Train(Noisy(4000, seed), Noisy(2000, seed + 10), [64, 32], epochs: 30, seed).Verdict;
        Assert.Equal(TrainingFit.FitsWell, verdict.Fit);
        Assert.Contains(verdict.Evidence, e => e.Contains("has weights enough to know more: what is left may be noise", StringComparison.Ordinal));
        // What decay holds back may know more without.
        Assert.Equal(TrainingFit.Underfits, Train(Noisy(4000, seed), Noisy(2000, seed + 10), [64, 32], epochs: 30, seed, o => (o.Optimizer, o.WeightDecay) = (new AdamW(), 3)).Verdict.Fit);

        static Dataset Noisy(int rows, int seed)
        {
            var random = new Random(seed);
            var features = Enumerable.Range(0, rows).Select(_ => 2 * random.NextSingle() - 1).ToArray();
            return Dataset.FromTargets(1, 1, features, features.Select(x => x + 2 * random.NextSingle() - 1).ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_linear_model_of_spirals_underfits(int seed) =>
        Assert.Equal(TrainingFit.Underfits, Train(LearningData.Spirals(600, seed), LearningData.Spirals(300, seed + 10), [], epochs: 60, seed, o => o.LearningRate = 0.02f).Verdict.Fit);

    [Fact]
    public void A_line_through_a_wave_underfits()
    {
        var data = LearningData.Functions(200, x => Math.Sin(9 * x));
        Assert.Equal(TrainingFit.Underfits, Train(data, data, [], epochs: 60, seed: 1, o => o.LearningRate = 0.02f).Verdict.Fit);
        Assert.Equal(TrainingFit.FitsWell, Train(data, data, [64, 64], epochs: 500, seed: 1, o => o.LearningRate = 0.01f).Verdict.Fit);
    }

    [Fact]
    public void A_few_small_steps_are_too_short() =>
        Assert.Equal(TrainingFit.TooShort, Train(LearningData.Clouds(5, 1000, 1), LearningData.Clouds(5, 500, 2), [32], epochs: 10, seed: 1, o => o.LearningRate = 2e-4f).Verdict.Fit);

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void So_are_a_few_epochs_at_a_rate_that_falls_to_0(int epochs)
    {
        Assert.True(TrainingFit.TooShort == TrainSpirals(epochs).Fit, TrainSpirals(epochs).ToString());
        Assert.Equal(TrainingFit.FitsWell, TrainSpirals(100).Fit);

        static TrainingVerdict TrainSpirals(int epochs) =>
            Train(LearningData.Spirals(600, 1), LearningData.Spirals(300, 2), [64, 64], epochs, seed: 1, o => (o.LearningRate, o.LearningRateSchedule) = (0.001f, new CosineSchedule())).Verdict;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Weighed_classes_of_nothing_but_noise_do_not_fit_well(int seed)
    {
        var random = new Random(seed);
        var verdict = Train(Noise(), Noise(), [64, 64], epochs: 60, seed, o => o.ClassWeights = ClassWeights.Balanced).Verdict;
        Assert.True(TrainingFit.FitsWell != verdict.Fit, verdict.ToString());

        Dataset Noise() => Dataset.FromClasses(3, 2, Samples.Numbers(3000, random.Next()), Enumerable.Range(0, 1000).Select(_ => random.Next(50) == 0 ? 1 : 0).ToArray());
    }

    /// <summary>One row in sixteen is of the second class: always the first is as often right as the best possible model, whose probabilities tell much.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_rare_class_whose_probabilities_are_learned_is_no_guess(int seed)
    {
        var random = new Random(seed);
        var history = Train(Rare(5000), Rare(2000), [16], epochs: 30, seed, o => o.EarlyStopping = new EarlyStopping());
        Assert.Equal(history.BaselineAccuracy!.Value, history[history.RestoredEpoch!.Value - 1].ValidationAccuracy!.Value, 0.02);
        Assert.InRange(history[history.RestoredEpoch.Value - 1].ValidationLoss!.Value, 0.7 * history.BaselineLoss!.Value, 0.9 * history.BaselineLoss.Value);
        Assert.DoesNotContain("guess:", history.Verdict.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(TrainingFit.LearnedNothing, history.Verdict.Fit);

        Dataset Rare(int rows)
        {
            var features = Samples.Numbers(3 * rows, random.Next());
            return Dataset.FromClasses(3, 2, features, Enumerable.Range(0, rows).Select(row => random.NextDouble() < 1 / (1 + Math.Exp(3.5 - 2 * features[3 * row] - 2 * features[3 * row + 1])) ? 1 : 0).ToArray());
        }
    }

    /// <summary>Nearly all of the target is noise; what is not is learned.</summary>
    [Fact]
    public void A_small_R_squared_of_many_rows_is_no_guess()
    {
        var history = Train(Noisy(8000, 1), Noisy(4000, 2), [], epochs: 20, seed: 1, o => o.EarlyStopping = new EarlyStopping());
        Assert.InRange(history[history.RestoredEpoch!.Value - 1].ValidationRSquared!.Value, 0.021, 0.05);
        Assert.DoesNotContain("guess:", history.Verdict.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(TrainingFit.LearnedNothing, history.Verdict.Fit);

        static Dataset Noisy(int rows, int seed)
        {
            var (features, noise) = (Samples.Numbers(3 * rows, seed), Samples.Numbers(rows, seed + 10));
            return Dataset.FromTargets(3, 1, features, noise.Select((n, row) => n + 0.18f * features[3 * row]).ToArray());
        }
    }

    /// <summary>Labels drawn at random: whether they are learned by heart or not, what is said first is that the features may not tell them.</summary>
    [Theory]
    [InlineData(1, 60, false)]
    [InlineData(2, 60, true)]
    [InlineData(3, 200, false)]
    [InlineData(4, 200, true)]
    public void Labels_drawn_at_random_may_not_be_told_by_the_features(int seed, int epochs, bool isEndedEarly)
    {
        var random = new Random(seed);
        var verdict = Train(Noise(), Noise(), [64, 64], epochs, seed, o => o.EarlyStopping = isEndedEarly ? new EarlyStopping() : null).Verdict;
        Assert.True(verdict.Evidence[0].Contains("the features may not tell the label", StringComparison.Ordinal) && verdict.Remedies[0].StartsWith("More telling features", StringComparison.Ordinal), verdict.ToString());

        Dataset Noise() => Dataset.FromClasses(8, 2, Samples.Numbers(8 * 400, random.Next()), Enumerable.Range(0, 400).Select(_ => random.Next(2)).ToArray());
    }

    /// <summary>Which a hundred epochs learn.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Three_epochs_are_too_short(int seed)
    {
        Assert.True(TrainingFit.TooShort == Learn(3).Fit, Learn(3).ToString());
        Assert.True(TrainingFit.FitsWell == Learn(150).Fit, Learn(150).ToString());

        TrainingVerdict Learn(int epochs) => Train(LearningData.Spirals(800, seed), LearningData.Spirals(300, seed + 10), [64, 64], epochs, seed).Verdict;
    }

    /// <summary>What is kept of a training that was ended early does far better on the rows that it learned from all the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_best_epoch_of_a_training_that_learned_rows_by_heart_overfits(int seed)
    {
        var history = Train(Bumps(150, seed), Bumps(600, seed + 10), [128, 128], epochs: 200, seed, o => o.EarlyStopping = new EarlyStopping());
        var kept = history[history.RestoredEpoch!.Value - 1];
        Assert.True(kept.RSquared - kept.ValidationRSquared > 0.15, $"{kept}");
        Assert.True(TrainingFit.Overfits == history.Verdict.Fit, history.Verdict.ToString());

        static Dataset Bumps(int rows, int seed)
        {
            var (x, noise) = (Samples.Numbers(rows * 10, seed), Samples.Numbers(rows, seed + 100));
            return Dataset.FromTargets(10, 1, x, Enumerable.Range(0, rows).Select(i => (float)(Math.Sin(3 * x[10 * i]) * x[10 * i + 1] + x[10 * i + 2] + 0.3 * noise[i])).ToArray());
        }
    }

    [Fact]
    public void A_network_wrecked_by_its_rate_is_told_so()
    {
        var data = LearningData.Functions(200, x => Math.Sin(9 * x));
        var verdict = Train(data, LearningData.Functions(100, x => Math.Sin(9 * x)), [32], epochs: 60, seed: 1, o => o.LearningRate = 3).Verdict;
        Assert.NotEqual(TrainingFit.Overfits, verdict.Fit);
        Assert.True(verdict.Remedies[0].Contains("learning rate", StringComparison.Ordinal), verdict.ToString());
    }

    [Fact]
    public void Too_large_a_learning_rate_diverges()
    {
        var data = LearningData.Functions(100, x => x + 1);
        // Just above where steps overshoot by more than they gain: 2 divided by the curvature, which is 2 along the bias.
        var options = new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 1.02f, BatchSize = TrainingOptions.FullBatch, NumberOfEpochs = 60, Seed = 1 };
        Assert.Equal(TrainingFit.Diverges, new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), options).Train(data).Verdict.Fit);
    }

    /// <summary>Clouds a third of whose rows are of any class.</summary>
    private static Dataset NoisyClouds(int rows, int seed)
    {
        var random = new Random(seed);
        var features = Samples.Numbers(rows * 10, seed);
        return Dataset.FromClasses(10, 2, features, Enumerable.Range(0, rows).Select(i => random.Next(3) == 0 ? random.Next(2) : features[10 * i] > 0 ? 1 : 0).ToArray());
    }

    private static TrainingHistory Train(Dataset data, Dataset validation, int[] hidden, int epochs, int seed, Action<TrainingOptions>? set = null)
    {
        var options = new TrainingOptions { NumberOfEpochs = epochs, Seed = seed, NumberOfThreads = 1 };
        set?.Invoke(options);
        Layer output = data.IsClassification ? new DenseLayer(data.ClassCount, Activation.Softmax) : new DenseLayer(1);
        var network = Network.Create(data.Inputs, [.. hidden.Select(units => new DenseLayer(units, Activation.ReLU)), output], seed);
        return new NetworkTrainer(network, options).Train(data, validation);
    }
}
