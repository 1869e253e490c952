namespace MLNet.DenseNet.Engine.Tests.Training.Measuring;

public class HeldOutErrorsTests
{
    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(0.9, 9)]
    [InlineData(0.05, 1)]
    [InlineData(0.899, 9)]
    public void Quantile_is_the_order_statistic_of_split_conformal_prediction(double confidence, float expected) =>
        Assert.Equal(expected, new HeldOutErrors(9, [1, 2, 3, 4, 5, 6, 7, 8, 9]).Quantile((decimal)confidence));

    /// <summary>In binary, 100 times 0.07 or 0.57 is more than 7 or 57.</summary>
    [Fact]
    public void Ranks_that_are_whole_numbers_are_not_rounded_up()
    {
        var errors = new HeldOutErrors(99, [.. Enumerable.Range(1, 99).Select(rank => (float)rank)]);
        Assert.All(Enumerable.Range(1, 99), rank =>
        {
            Assert.Equal(rank, errors.Quantile(rank / 100m));
            Assert.Equal(rank, errors.Quantile((decimal)(rank / 100f)));
        });
        Assert.Equal(1, errors.Quantile((decimal)float.Epsilon));
        Assert.Null(errors.Quantile((decimal)MathF.BitDecrement(1)));
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(0.75f)]
    [InlineData(0.95f)]
    [InlineData(1f)]
    public void Deviations_are_powers_of_the_prediction(float power)
    {
        foreach (var prediction in (float[])[0, 1e-40f, 1e-20f, 0.3f, 1, 2, 1e6f, 1e30f, float.MaxValue])
            Assert.Equal(1, prediction == 0 ? HeldOutErrors.Deviation(0, power) + 1 : HeldOutErrors.Deviation(prediction, power) / Math.Pow(prediction, power), 2e-5);
    }

    [Fact]
    public void Too_few_rows_tell_nothing() => Assert.Null(new HeldOutErrors(9, [1, 2, 3, 4, 5, 6, 7, 8, 9]).Quantile(0.91m));

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
        foreach (var confidence in new[] { 0.001m, 0.1m, 0.5m, 0.9m, 0.999m, 0.9999m })
        {
            var rank = Math.Ceiling((Rows + 1) * confidence);
            Assert.InRange((decimal)errors.Quantile(confidence)!.Value, rank, rank + 3);
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

    /// <summary>Predictions are 9 and, where the exponential of the sum is no float any more, 0.</summary>
    [Theory]
    [InlineData(0, new float[] { 0, 1, 5, 9, 16 })]
    [InlineData(0.5f, new float[] { 0, 3, 16 / 3f, float.MaxValue, float.MaxValue })]
    [InlineData(1, new float[] { 0, 1, 16 / 9f, float.MaxValue, float.MaxValue })]
    public void Errors_are_divided_by_a_power_of_the_prediction(float power, float[] expected)
    {
        var network = Network.Create(1, [new DenseLayer(1, Activation.Exponential)], seed: 1);
        network.SetParameter(network.Parameters[0], [-1000]);
        network.SetParameter(network.Parameters[1], [MathF.Log(9)]);
        var data = Dataset.FromTargets(1, 1, new float[] { 0, 0, 1, 1, 1 }, new float[] { 25, 0, 0, 1, 5 });
        var errors = HeldOutErrors.Of(network, RowSubset.All(data), folds: null, power)!;
        Assert.Equal(power, errors.DeviationPower);
        Assert.Equal(expected, errors.Magnitudes, (a, b) => Math.Abs(a - b) <= 1e-6 * Math.Abs(b));
    }

    [Fact]
    public void Losses_say_how_deviations_grow_with_the_mean()
    {
        Assert.Equal([0.5f, 1, 0.75f, 0.6f], ((Loss[])[new PoissonLoss(), new GammaLoss(), new TweedieLoss(), new TweedieLoss(1.2f)]).Select(loss => loss.DeviationPower));
        Assert.All(Samples.Losses.Values.Where(loss => loss is not (PoissonLoss or GammaLoss or TweedieLoss)), loss => Assert.Equal(0, loss.DeviationPower));
    }
}
