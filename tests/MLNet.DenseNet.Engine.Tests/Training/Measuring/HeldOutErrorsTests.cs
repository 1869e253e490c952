namespace MLNet.DenseNet.Engine.Tests.Training.Measuring;

public class HeldOutErrorsTests
{
    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(0.9, 9)]
    [InlineData(0.05, 1)]
    [InlineData(0.899, 9)]
    public void Quantile_is_the_order_statistic_of_split_conformal_prediction(double confidence, float expected) =>
        Assert.Equal(expected, new HeldOutErrors(9, [1, 2, 3, 4, 5, 6, 7, 8, 9]).Quantile(confidence));

    [Fact]
    public void Too_few_rows_tell_nothing() => Assert.Null(new HeldOutErrors(9, [1, 2, 3, 4, 5, 6, 7, 8, 9]).Quantile(0.91));

    [Fact]
    public void Of_many_rows_some_are_kept()
    {
        // Predictions are 0, so that targets are the errors.
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [0]);
        const int Rows = 25_000;
        int[] order = [.. Enumerable.Range(1, Rows)];
        new Random(1).Shuffle(order);
        var data = Dataset.FromTargets(1, 1, new float[Rows], order.Select((value, index) => index % 2 == 0 ? value : -(float)value).ToArray());
        var errors = HeldOutErrors.Of(network, RowSubset.All(data), folds: null)!;
        Assert.Equal((Rows, HeldOutErrors.MostKept), (errors.Rows, errors.Magnitudes.Count));
        Assert.Equal(Rows, errors.Magnitudes[^1]);
        foreach (var confidence in new[] { 0.001, 0.1, 0.5, 0.9, 0.999, 0.9999 })
        {
            var rank = Math.Ceiling((Rows + 1) * confidence);
            Assert.InRange(errors.Quantile(confidence)!.Value, rank, rank + 3);
        }
    }

    [Fact]
    public void Each_member_is_measured_on_what_it_left_out()
    {
        // Member m predicts m whatever the row is.
        var network = Network.Create(1, [new EnsembleLayer(2, [new DenseLayer(1)])], seed: 1);
        foreach (var (parameter, index) in network.Parameters.Select((parameter, index) => (parameter, index)))
            network.SetParameter(parameter, [index % 2 == 1 ? index / 2 : 0]);
        var data = Dataset.FromTargets(1, 1, new float[40], new float[40]);
        var folds = HeldOutFolds.Of(data, members: 2, folds: 4, seed: 1);
        var errors = HeldOutErrors.Of(network, folds.All, folds)!;
        Assert.Equal(20, errors.Rows);
        Assert.Equal([.. new float[10], .. Enumerable.Repeat(1f, 10)], errors.Magnitudes);
    }
}
