namespace MLNet.DenseNet.Engine.Tests.Training.Beginning.Screening;

public class FeatureScreeningTests
{
    private const int Rows = 40;
    private const int Inputs = 9;

    /// <summary>Of each member by the rows that it does not leave out, of classes and of several numbers, with and without weights of rows.</summary>
    [Theory]
    [InlineData(0, false, 1000)]
    [InlineData(3, false, 1000)]
    [InlineData(3, true, 1000)]
    [InlineData(3, true, 2 * Inputs)]
    [InlineData(0, true, 1)]
    public void Weights_are_powers_of_the_correlation_with_the_target_that_a_feature_goes_with_best(int classes, bool isWeighted, int mostProducts)
    {
        var features = Samples.Numbers(Rows * Inputs, seed: 1);
        var random = new Random(2);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(3))];
        float[] numbers = [.. Enumerable.Range(0, Rows).SelectMany(row => (float[])[features[row * Inputs] + random.NextSingle(), random.NextSingle()])];
        float[] weights = isWeighted ? [.. Enumerable.Range(0, Rows).Select(row => row % 3 / 2f)] : [];
        for (var row = 0; row < Rows; row++)
        {
            features[row * Inputs + 2] += labels[row] == 1 ? 2 : 0;
            features[row * Inputs + 5] = 4;
        }

        var data = classes > 0 ? Dataset.FromClasses(Inputs, classes, features, labels, weights) : Dataset.FromTargets(Inputs, 2, features, numbers, weights);
        var network = Network.Create(Inputs, [new StandardizationLayer(100), new EnsembleLayer(2, [new StandardizationLayer(1000), new DenseLayer(classes > 0 ? 3 : 2)])], seed: 1);
        InputStatistics.Standardize(network, RowSubset.All(data));
        var folds = HeldOutFolds.Of(data, members: 2, folds: 4, seed: 1);
        var calls = 0;
        FeatureScreening.Apply(network, 1, RowSubset.All(data), folds, () => calls++, mostProducts);
        Assert.InRange(calls, 2 * Rows / 2, 2 * 3 * Rows);

        var expected = Enumerable.Range(0, 2).Select(member =>
        {
            int[] own = [.. Enumerable.Range(0, Rows).Where(row => folds.HeldOutBy[row] != member)];
            var correlations = Enumerable.Range(0, Inputs).Select(input => Enumerable.Range(0, classes > 0 ? 3 : 2).Max(output =>
                Correlation([.. own.Select(row => ((double)features[row * Inputs + input], classes > 0 ? (labels[row] == output ? 1.0 : 0) : numbers[row * 2 + output], isWeighted ? weights[row] : 1.0))]))).ToArray();
            return correlations.Select(correlation => Math.Pow(correlation / correlations.Max(), 8)).ToArray();
        }).ToArray();
        for (var member = 0; member < 2; member++)
        {
            var actual = StandardizationLayer.ScalesOf(network.Members[member].Layers[1]);
            Assert.All(expected[member].Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * pair.First + 1e-7));
            Assert.Equal((1, 0), (actual.Max(), actual[5]));
            Assert.All(network.Members[member].Layers[1].Parameters[0].ToArray(), mean => Assert.Equal(0, mean));
        }

        Assert.NotEqual(expected[0], expected[1]);
        Assert.Equal(expected.Average(own => own.Sum()), FeatureScreening.SumOfWeights(network, 1), 1e-3);
    }

    [Fact]
    public void Where_nothing_goes_with_the_target_all_weigh_the_same()
    {
        var data = Dataset.FromTargets(3, 1, Samples.Numbers(30, seed: 1), Enumerable.Repeat(2f, 10).ToArray());
        var network = Network.Create(3, [new StandardizationLayer(), new StandardizationLayer(1000), new DenseLayer(1)], seed: 1);
        FeatureScreening.Apply(network, 1, RowSubset.All(data), folds: null, NotCanceled);
        Assert.Equal([1, 1, 1], StandardizationLayer.ScalesOf(network.Layers[1]));
    }

    /// <summary>As of a time in seconds, which numbers of 32 bits tell in steps of 128.</summary>
    [Fact]
    public void A_target_far_from_0_is_none_of_one_value()
    {
        var features = Samples.Numbers(Rows * Inputs, seed: 1);
        float[] near = [.. Enumerable.Range(0, Rows).Select(row => 128 * MathF.Round(8 * features[row * Inputs + 3] + features[row * Inputs + 4]))];
        Assert.Equal(Weights(near), Weights(Array.ConvertAll(near, target => 1.7e9f + target)));

        float[] Weights(float[] targets)
        {
            var network = Network.Create(Inputs, [new StandardizationLayer(), new StandardizationLayer(1000), new DenseLayer(1)], seed: 1);
            FeatureScreening.Apply(network, 1, RowSubset.All(Dataset.FromTargets(Inputs, 1, features, targets)), folds: null, NotCanceled);
            var weights = StandardizationLayer.ScalesOf(network.Layers[1]);
            Assert.Equal(1, weights[3]);
            Assert.InRange(weights.Sum(), 1, 2);
            return weights;
        }
    }

    [Fact]
    public void It_can_be_canceled()
    {
        var data = Dataset.FromTargets(3, 1, Samples.Numbers(30, seed: 1), Samples.Numbers(10, seed: 2));
        var network = Network.Create(3, [new StandardizationLayer(), new StandardizationLayer(1000), new DenseLayer(1)], seed: 1);
        var rows = 0;
        Assert.Throws<OperationCanceledException>(() => FeatureScreening.Apply(network, 1, RowSubset.All(data), folds: null, () =>
        {
            if (++rows > 4)
                throw new OperationCanceledException();
        }));
        Assert.Equal(5, rows);
    }

    private static void NotCanceled()
    {
    }

    private static double Correlation((double X, double Y, double Weight)[] pairs)
    {
        var total = pairs.Sum(pair => pair.Weight);
        var (x, y) = (pairs.Sum(pair => pair.Weight * pair.X) / total, pairs.Sum(pair => pair.Weight * pair.Y) / total);
        var (xx, yy) = (pairs.Sum(pair => pair.Weight * (pair.X - x) * (pair.X - x)), pairs.Sum(pair => pair.Weight * (pair.Y - y) * (pair.Y - y)));
        return xx == 0 || yy == 0 ? 0 : Math.Abs(pairs.Sum(pair => pair.Weight * (pair.X - x) * (pair.Y - y))) / Math.Sqrt(xx * yy);
    }
}
