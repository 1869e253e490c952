namespace MLNet.DenseNet.Engine.Tests.Training;

public class LearningRateFinderTests
{
    [Fact]
    public void Rates_rise_by_the_same_factor_until_the_loss_explodes()
    {
        var points = Find(lowest: 1e-4f, highest: 100, steps: 121).Points;
        Assert.Equal(1e-4, points[0].LearningRate, 1e-9);
        Assert.All(points.Zip(points.Skip(1)), p => Assert.Equal(Math.Pow(10, 6 / 120.0), p.Second.LearningRate / p.First.LearningRate, 1e-4));
        Assert.InRange(points.Count, 50, 120);
    }

    [Fact]
    public void The_suggestion_lies_between_rates_that_do_nothing_and_rates_that_explode()
    {
        var curve = Find(lowest: 1e-4f, highest: 100, steps: 121);
        // For rows of squared length 1 the steps of plain descent on (w x - t)^2 explode beyond 1.
        Assert.InRange(curve.Suggestion!.Value, 1e-3f, 1);
    }

    [Fact]
    public void Losses_are_smoothed_with_the_bias_taken_out()
    {
        double mean = 0;
        var points = Find(lowest: 1e-4f, highest: 1, steps: 30).Points;
        for (var i = 0; i < points.Count; i++)
        {
            mean = 0.98 * mean + 0.02 * points[i].Loss;
            Assert.Equal(mean / (1 - Math.Pow(0.98, i + 1)), points[i].SmoothedLoss, 1e-9);
        }
    }

    [Fact]
    public void The_network_stays_as_it_is_and_the_same_seed_gives_the_same_curve()
    {
        var network = NewNetwork();
        var first = LearningRateFinder.Find(network, Data(), Options(), steps: 20);
        Assert.Equal(Samples.ParameterBits(NewNetwork()), Samples.ParameterBits(network));
        Assert.Equal(first.Points, LearningRateFinder.Find(network, Data(), Options(), steps: 20).Points);
    }

    [Fact]
    public void The_steepest_fall_counts_and_falls_after_an_explosion_do_not()
    {
        // Level at 50 for 20 steps, down to 10 in 8, level for 12, up to 200, and down to 50 in 16. A tenth of all steps is 5.
        var losses = Enumerable.Repeat(50.0, 20).Concat(Enumerable.Range(1, 8).Select(i => 50.0 - 5 * i)).Concat(Enumerable.Repeat(10.0, 12))
            .Concat(Enumerable.Range(0, 16).Select(i => 200.0 - 10 * i)).ToArray();
        var suggestion = new LearningRateCurve([.. losses.Select((l, i) => new LearningRatePoint(i, l, l))]).Suggestion;
        Assert.InRange(suggestion!.Value, 22, 26);
    }

    [Fact]
    public void A_loss_that_never_falls_has_no_suggestion() => Assert.Null(new LearningRateCurve([.. Enumerable.Range(0, 30).Select(i => new LearningRatePoint(i + 1, i, i))]).Suggestion);

    /// <summary>A constant that is taken from a loss changes nothing, though it makes it negative.</summary>
    [Fact]
    public void A_loss_may_be_negative()
    {
        var curves = new[] { 0.0, 100 }.Select(constant => LearningRateFinder.Find(NewNetwork(), Data(), With(o => o.Loss = new SquareBelow(constant)), lowest: 1e-4f, highest: 1, steps: 100)).ToArray();
        Assert.All(curves, curve => Assert.InRange(curve.Points.Count, 90, 100));
        Assert.Equal(curves[0].Suggestion!.Value, curves[1].Suggestion!.Value, 0.05f);
    }

    /// <summary>The first batches would otherwise be the best for good.</summary>
    [Fact]
    public void Batches_whose_rows_weigh_nothing_are_left_out()
    {
        var weights = Enumerable.Range(0, 64).Select(row => row % 4 == 0 ? 1f : 0).ToArray();
        var curve = LearningRateFinder.Find(NewNetwork(), Data(weights), With(o => o.BatchSize = 1), lowest: 1e-4f, highest: 0.1f, steps: 200);
        Assert.InRange(curve.Points.Count, 40, 60);
        Assert.All(curve.Points, point => Assert.NotEqual(0, point.Loss));
    }

    /// <summary>Amounts of which some are hundreds of times as large as most: single batches have losses as much larger.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public void Rows_far_from_all_others_do_not_end_the_search(int batchSize)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var numbers = Samples.Numbers(4 * 1000, seed);
            var noise = Samples.Numbers(1000, seed + 100);
            var data = Dataset.FromTargets(4, 1, numbers, noise.Select((n, row) => MathF.Exp(3 * (numbers[4 * row] + n))).ToArray());
            var network = Network.Create(4, [new DenseLayer(16, Activation.ReLU), new DenseLayer(1)], seed);
            var curve = LearningRateFinder.Find(network, data, new TrainingOptions { BatchSize = batchSize, Seed = seed }, highest: 1e-2f, steps: 100);
            Assert.Equal(100, curve.Points.Count);
        }
    }

    [Fact]
    public void Wrong_values_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("lowest", () => Find(0, 1, 10));
        Assert.Throws<ArgumentOutOfRangeException>("lowest", () => Find(float.NaN, 1, 10));
        Assert.Throws<ArgumentOutOfRangeException>("highest", () => Find(1, 1, 10));
        Assert.Throws<ArgumentOutOfRangeException>("highest", () => Find(1e-9f, 10, 10));
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => Find(1e-3f, 1, 1));
        using var source = new CancellationTokenSource();
        source.Cancel();
        var options = Options();
        options.CancellationToken = source.Token;
        Assert.Throws<OperationCanceledException>(() => LearningRateFinder.Find(NewNetwork(), Data(), options));
    }

    private static LearningRateCurve Find(float lowest, float highest, int steps) => LearningRateFinder.Find(NewNetwork(), Data(), Options(), lowest, highest, steps);

    private static Network NewNetwork() => Network.Create(2, [new DenseLayer(1)], seed: 1);

    private static TrainingOptions Options() => new() { Optimizer = new StochasticGradientDescent(), BatchSize = 8, Seed = 1 };

    private static TrainingOptions With(Action<TrainingOptions> set)
    {
        var options = Options();
        set(options);
        return options;
    }

    private static Dataset Data(float[]? weights = null)
    {
        var angles = Enumerable.Range(0, 64).Select(i => 2 * MathF.PI * i / 64).ToArray();
        return Dataset.FromTargets(2, 1, angles.SelectMany(a => new[] { MathF.Cos(a), MathF.Sin(a) }).ToArray(), angles.Select(a => 3 * MathF.Cos(a) - 2 * MathF.Sin(a)).ToArray(), weights);
    }

    private sealed class SquareBelow(double constant) : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            var error = prediction[0] - target[0];
            gradient[0] = 2 * error;
            return (double)error * error - constant;
        }
    }
}
