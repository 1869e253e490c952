namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>Data so small that a share of it is a single row, or that it is a single batch.</summary>
public class TinyDataTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Early_stopping_on_a_few_rows_ends_with_finite_numbers_and_the_best_epoch(int rows)
    {
        var data = Dataset.FromTargets(1, 1, Samples.Numbers(rows, seed: 1), Samples.Numbers(rows, seed: 2));
        var network = Network.Create(1, [new DenseLayer(4, Activation.ReLU), new DenseLayer(1)], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions { ValidationFraction = 0.5f, EarlyStopping = new EarlyStopping(patience: 2), LearningRate = 0.05f, NumberOfEpochs = 300, Seed = 1 }).Train(data);
        Assert.Equal(rows, history.Settings.TrainingRows + history.Settings.ValidationRows);
        Assert.All(history, e => Assert.True(double.IsFinite(e.Loss) && double.IsFinite(e.ValidationLoss!.Value)));
        // One row has no variation that could be explained.
        Assert.All(history, e => Assert.Equal(history.Settings.ValidationRows == 1, e.ValidationRSquared is null));
        Assert.Equal(history.MinBy(e => e.ValidationLoss)!.Epoch, history.RestoredEpoch);
        Assert.True(float.IsFinite(network.Predict([0.5f])[0]));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 200)]
    [InlineData(3, 2)]
    [InlineData(3, 200)]
    [InlineData(33, 3)]
    [InlineData(33, 200)]
    public void A_rate_is_looked_for_on_any_number_of_rows_and_steps(int rows, int steps)
    {
        var data = Dataset.FromTargets(2, 1, Samples.Numbers(2 * rows, seed: 1), Samples.Numbers(rows, seed: 2));
        var curve = LearningRateFinder.Find(Network.Create(2, [new DenseLayer(4, Activation.ReLU), new DenseLayer(1)], seed: 1), data, new TrainingOptions { Seed = 1 }, steps: steps);
        Assert.InRange(curve.Points.Count, 1, steps);
        Assert.All(curve.Points, point => Assert.True(double.IsFinite(point.SmoothedLoss)));
        // Two or three steps say nothing; what is suggested is one of the rates that were tried.
        Assert.True(curve.Suggestion is null || curve.Points.Any(point => point.LearningRate >= curve.Suggestion));
    }
}
