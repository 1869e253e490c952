namespace MLNet.DenseNet.Engine.Tests.Training;

public class EarlyStoppingTests
{
    [Fact]
    public void It_says_when_training_ends()
    {
        Assert.Equal("after 10 epochs without a better loss", new EarlyStopping().ToString());
        Assert.Equal("after 1 epoch without a better metric, by at least 0.5", new EarlyStopping(EarlyStoppingMetric.TaskMetric, patience: 1, minimumImprovement: 0.5).ToString());
        Assert.Equal("after 3 epochs, at first 8, without a better loss", new EarlyStopping(patience: 3) { InitialPatience = 8 }.ToString());
        Assert.Equal("after 3 epochs without a better loss, and 5 epochs of annealing", new EarlyStopping(patience: 3) { AnnealingEpochs = 5 }.ToString());
    }

    [Theory]
    [InlineData(new[] { 3.0, 2, 1 }, 1, 0, null)]
    [InlineData(new[] { 3.0, 2, 2 }, 1, 0, 3)]
    [InlineData(new[] { 3.0, 2, 2 }, 2, 0, null)]
    [InlineData(new[] { 3.0, 2, 2.5, 2 }, 2, 0, 4)]
    [InlineData(new[] { 3.0, 2, 2.5, 2, 1 }, 2, 0, 4)]
    [InlineData(new[] { 3.0, 2, 2.5, 1.9, 2 }, 2, 0, null)]
    [InlineData(new[] { 3.0, 2.6, 2.3, 2.1 }, 2, 0.5, null)]
    [InlineData(new[] { 3.0, 2.6, 2.55 }, 2, 0.5, 3)]
    [InlineData(new[] { double.NaN, 3, 2, 1 }, 2, 0, null)]
    [InlineData(new[] { double.NaN, 3, 3, 3 }, 2, 0, 4)]
    [InlineData(new[] { 3.0, double.NaN, double.NaN }, 2, 0, 3)]
    [InlineData(new[] { double.NaN, double.PositiveInfinity, 3 }, 2, 0, 2)]
    [InlineData(new double[0], 1, 0, null)]
    public void Learning_ends_after_epochs_without_enough_improvement(double[] losses, int patience, double improvement, int? end) =>
        Assert.Equal(end, EndOfLearning(new EarlyStopping(patience: patience, minimumImprovement: improvement), losses.Select(l => Epoch(1, l)), planned: 10));

    /// <summary>The loss is best after the first epoch; the metric says whether anything was learned by then or later.</summary>
    [Theory]
    [InlineData(new[] { 0.0, 0, 0, 0, 0, 0, 0 }, null, 6)]
    [InlineData(new[] { 0.1, 0, 0, 0, 0, 0, 0 }, null, 3)]
    [InlineData(new[] { 0.0, 0, 0, 0.2, 0, 0, 0 }, null, 4)]
    [InlineData(new[] { 0.62, 0.62, 0.62, 0.62, 0.62, 0.62, 0.62 }, 0.6, 6)]
    [InlineData(new[] { 0.64, 0.62, 0.62, 0.62, 0.62, 0.62, 0.62 }, 0.6, 3)]
    [InlineData(new[] { double.NaN, double.NaN, double.NaN, double.NaN }, null, 3)]
    public void Patience_is_longer_until_learning_has_begun(double[] metrics, double? baseline, int end)
    {
        EpochSummary[] epochs = [.. metrics.Select((metric, i) => Epoch(i + 1, 1 + i) with
        {
            ValidationLoss = 1 + i,
            Accuracy = baseline is null ? null : metric,
            ValidationAccuracy = baseline is null ? null : metric,
            ValidationRSquared = baseline is not null || double.IsNaN(metric) ? null : metric,
        })];
        Assert.Equal(end, EndOfLearning(new EarlyStopping(patience: 2) { InitialPatience = 5 }, epochs, planned: 100, baseline));
        Assert.Equal(3, EndOfLearning(new EarlyStopping(patience: 2), epochs, planned: 100, baseline));
    }

    /// <summary>The accuracy of several labels, and the order of groups, do not tell how far they are from a guess.</summary>
    [Fact]
    public void Patience_is_the_usual_one_where_nobody_knows_what_a_guess_reaches()
    {
        var stopping = new EarlyStopping(patience: 2) { InitialPatience = 5 };
        Assert.Equal(3, EndOfLearning(stopping, Enumerable.Range(1, 7).Select(e => Epoch(e, e) with { Accuracy = 0.05 }), planned: 100));
        Assert.Equal(3, EndOfLearning(stopping, Enumerable.Range(1, 7).Select(e => Epoch(e, e) with { Ndcg = 0.05 }), planned: 100));
    }

    [Theory]
    [InlineData(10, 3, 6, null)]
    [InlineData(10, 3, 7, 7)]
    [InlineData(10, 3, 9, 7)]
    // There is one epoch at the schedule's rate in any case: the annealing falls from its rate.
    [InlineData(3, 5, 1, 1)]
    [InlineData(1, 5, 1, 1)]
    public void The_last_epochs_are_those_of_annealing(int planned, int annealing, int done, int? end) =>
        Assert.Equal(end, EndOfLearning(new EarlyStopping { AnnealingEpochs = annealing }, Enumerable.Range(1, done).Select(e => Epoch(e, 10 - e)), planned));

    [Fact]
    public void The_metric_is_that_of_the_validation_set_where_there_is_one()
    {
        var training = Epoch(1, 0.5) with { Accuracy = 0.25 };
        Assert.Equal((0.5, -0.25), (training.MonitoredValue(EarlyStoppingMetric.Loss), training.MonitoredValue(EarlyStoppingMetric.TaskMetric)));
        var classification = training with { ValidationLoss = 2, ValidationAccuracy = 0.75 };
        Assert.Equal((2, -0.75), (classification.MonitoredValue(EarlyStoppingMetric.Loss), classification.MonitoredValue(EarlyStoppingMetric.TaskMetric)));
        var regression = Epoch(1, 0.5) with { RSquared = 0.5, ValidationLoss = 2, ValidationRSquared = 0.3 };
        Assert.Equal(-0.3, regression.MonitoredValue(EarlyStoppingMetric.TaskMetric));
        Assert.Equal(double.PositiveInfinity, (regression with { ValidationRSquared = null }).MonitoredValue(EarlyStoppingMetric.TaskMetric));
        var weighted = training with { ClassWeightedAccuracy = 0.125 };
        Assert.Equal(-0.125, weighted.MonitoredValue(EarlyStoppingMetric.TaskMetric));
        Assert.Equal(-0.25, (weighted with { ValidationLoss = 2, ValidationAccuracy = 0.75, ValidationClassWeightedAccuracy = 0.25 }).MonitoredValue(EarlyStoppingMetric.TaskMetric));
    }

    [Fact]
    public void The_loss_is_what_training_makes_small_where_that_is_another_one_than_is_told()
    {
        var epoch = Epoch(1, 0.5);
        Assert.Equal((0.5, null, 0.5), (epoch.Objective, epoch.ValidationObjective, epoch.MonitoredLoss));
        epoch = epoch with { ObjectiveApart = 3 };
        Assert.Equal((3, null, 3), (epoch.Objective, epoch.ValidationObjective, epoch.MonitoredLoss));
        epoch = epoch with { ValidationLoss = 2 };
        Assert.Equal((3, 2, 2), (epoch.Objective, epoch.ValidationObjective, epoch.MonitoredLoss));
        epoch = epoch with { ValidationObjectiveApart = 4 };
        Assert.Equal((3, 4, 4), (epoch.Objective, epoch.ValidationObjective, epoch.MonitoredValue(EarlyStoppingMetric.Loss)));
    }

    [Fact]
    public void Training_ends_early_with_the_weights_of_the_best_epoch()
    {
        // The validation targets are far from the training targets, so the sooner the better.
        var validation = Dataset.FromTargets(
            SmallTraining.Inputs, SmallTraining.Outputs, SmallTraining.Features, SmallTraining.Targets.Select(t => -10 * t).ToArray());
        var options = SmallTraining.Options();
        options.LearningRate = 0.05f;
        options.NumberOfEpochs = 50;
        options.EarlyStopping = new EarlyStopping(patience: 4);
        var network = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(network, options).Train(SmallTraining.Data(), validation);
        Assert.Equal(TrainingEnd.EarlyStopped, history.End);
        var best = history.MinBy(e => e.ValidationLoss)!.Epoch;
        Assert.Equal(best, history.RestoredEpoch);
        Assert.Equal(best + 4, history.Count);

        options.NumberOfEpochs = best;
        options.EarlyStopping = null;
        Assert.Equal(SmallTraining.Train(options), Samples.ParameterBits(network));

        options.NumberOfEpochs = best + 4;
        options.EarlyStopping = new EarlyStopping(patience: 4);
        options.RestoreBestWeights = false;
        var latest = SmallTraining.NewNetwork();
        Assert.Null(new NetworkTrainer(latest, options).Train(SmallTraining.Data(), validation).RestoredEpoch);
        Assert.NotEqual(Samples.ParameterBits(network), Samples.ParameterBits(latest));
        options.EarlyStopping = null;
        Assert.Equal(SmallTraining.Train(options), Samples.ParameterBits(latest));
    }

    [Fact]
    public void The_best_epoch_is_restored_where_all_epochs_ran()
    {
        // The validation targets are far from the training targets, so the best epoch is an early one; patience is never at its end.
        var validation = Dataset.FromTargets(
            SmallTraining.Inputs, SmallTraining.Outputs, SmallTraining.Features, SmallTraining.Targets.Select(t => -10 * t).ToArray());
        var options = SmallTraining.Options();
        (options.LearningRate, options.NumberOfEpochs, options.EarlyStopping) = (0.05f, 12, new EarlyStopping(patience: 12));
        var network = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(network, options).Train(SmallTraining.Data(), validation);
        Assert.Equal((TrainingEnd.Completed, 12), (history.End, history.Count));
        Assert.InRange(history.RestoredEpoch!.Value, 1, 11);
        (options.NumberOfEpochs, options.EarlyStopping) = (history.RestoredEpoch.Value, null);
        Assert.Equal(SmallTraining.Train(options), Samples.ParameterBits(network));
    }

    /// <summary>Every epoch would be as good as any other.</summary>
    [Fact]
    public void A_metric_that_the_rows_do_not_have_is_refused()
    {
        var constant = Dataset.FromTargets(SmallTraining.Inputs, SmallTraining.Outputs, SmallTraining.Features, new float[SmallTraining.Rows * SmallTraining.Outputs]);
        var options = SmallTraining.Options();
        options.EarlyStopping = new EarlyStopping(EarlyStoppingMetric.TaskMetric, patience: 1);
        Assert.Contains("which the training rows do not have", Assert.Throws<ArgumentException>(() => SmallTraining.Train(options, constant)).Message, StringComparison.Ordinal);
        Assert.Contains("which the validation rows do not have", Assert.Throws<ArgumentException>(() => SmallTraining.Train(options, SmallTraining.Data(), constant)).Message, StringComparison.Ordinal);
    }

    /// <summary>The squared error of one validation row is out of the range of float32.</summary>
    [Fact]
    public void A_loss_that_is_never_finite_ends_training_with_the_latest_weights()
    {
        var validation = Dataset.FromTargets(SmallTraining.Inputs, SmallTraining.Outputs, SmallTraining.Features, (float[])[1e25f, .. SmallTraining.Targets[1..]]);
        var options = SmallTraining.Options();
        (options.NumberOfEpochs, options.EarlyStopping) = (50, new EarlyStopping(patience: 3));
        var history = new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data(), validation);
        Assert.Equal((TrainingEnd.EarlyStopped, 3, 3), (history.End, history.Count, history.RestoredEpoch));
    }

    [Fact]
    public void Wrong_values_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("metric", () => new EarlyStopping((EarlyStoppingMetric)7));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => new EarlyStopping(patience: 0));
        Assert.Throws<ArgumentOutOfRangeException>("minimumImprovement", () => new EarlyStopping(minimumImprovement: -1));
        Assert.Throws<ArgumentOutOfRangeException>("minimumImprovement", () => new EarlyStopping(minimumImprovement: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("InitialPatience", () => new EarlyStopping { InitialPatience = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("AnnealingEpochs", () => new EarlyStopping { AnnealingEpochs = -1 });
    }

    private static int? EndOfLearning(EarlyStopping stopping, IEnumerable<EpochSummary> epochs, int planned, double? baselineAccuracy = null)
    {
        var end = new EndOfLearning(stopping, planned, baselineAccuracy);
        foreach (var epoch in epochs)
            end.Add(epoch);
        return end.After;
    }

    private static EpochSummary Epoch(int number, double loss) => new(number, 10, loss, null, null, null, null, null, 0.1f, 100, TimeSpan.Zero, TimeSpan.Zero);
}
