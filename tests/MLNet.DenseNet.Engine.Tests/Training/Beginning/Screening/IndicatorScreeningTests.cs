namespace MLNet.DenseNet.Engine.Tests.Training.Beginning.Screening;

public class IndicatorScreeningTests
{
    private const int Rows = 60;
    private const int Inputs = 80;

    // One of two values that are not 0 and 1, a number, a constant, one with a missing value.
    private const int Telling = 2;
    private const int Number = 5;
    private const int Constant = 7;
    private const int Missing = 9;

    /// <summary>Of classes the variance between their means over that within all rows, of a number n times the squared correlation; in all that is indicators, all at once or class by class.</summary>
    [Theory]
    [InlineData(0, false, false, 1000)]
    [InlineData(0, true, true, 1000)]
    [InlineData(2, false, true, 1000)]
    [InlineData(4, true, false, 1000)]
    [InlineData(4, true, false, 1)]
    [InlineData(4, false, true, 2 * Inputs)]
    public void Weights_say_how_surely_an_indicator_goes_with_the_label(int classes, bool isWeighted, bool isSparse, int mostSums)
    {
        var (features, labels, targets, weights) = Values(classes, isWeighted, isSparse);
        var data = Data(features, classes, labels, targets, weights, isSparse);
        var network = NewNetwork(data, classes);
        var before = StandardizationLayer.ScalesOf(network.Standardization!);
        var calls = 0;
        var (weighed, nullCount) = IndicatorScreening.Apply(network, RowSubset.All(data), isSparse ? [] : [Number], mostFloor: 0.1, () => calls++, mostSums);
        // Once for each row and class, or for some classes at once, and once more for pairs.
        Assert.InRange(calls, Rows, 2 * Math.Max(1, classes) * Rows);

        var expected = Enumerable.Range(0, Inputs).Select(Statistic).ToArray();
        var floor = Math.Clamp(5 * (1 - (double)nullCount / weighed), 0.05, 0.1);
        var left = isSparse ? (int[])[Constant] : [Number, Constant, Missing];
        Assert.Equal(Inputs - left.Length, weighed);
        Assert.InRange(nullCount, Rows / 4, weighed);
        var actual = StandardizationLayer.ScalesOf(network.Standardization!);
        for (var input = 0; input < Inputs; input++)
        {
            var weight = left.Contains(input) ? 1 : Math.Max(floor, 1 - 4 / expected[input]);
            Assert.Equal(weight, actual[input] / before[input], 1e-4);
        }

        Assert.InRange(actual[Telling] / before[Telling], 0.6, 1);
        Assert.True(actual.Zip(before).Count(pair => pair.First < 0.2f * pair.Second) > Inputs / 2);

        double Statistic(int input)
        {
            var own = Enumerable.Range(0, Rows).Select(row => (X: (double)features[row * Inputs + input], Y: (double)targets[row], Class: labels[row], Weight: isWeighted ? weights[row] : 1.0)).ToArray();
            var total = own.Sum(row => row.Weight);
            double Mean(Func<(double X, double Y, int Class, double Weight), double> value) => own.Sum(row => row.Weight * value(row)) / total;
            var mean = Mean(row => row.X);
            var variance = Mean(row => (row.X - mean) * (row.X - mean));
            if (classes == 0)
            {
                var meanTarget = Mean(row => row.Y);
                var covariance = Mean(row => (row.X - mean) * (row.Y - meanTarget));
                return Rows * covariance * covariance / (variance * Mean(row => (row.Y - meanTarget) * (row.Y - meanTarget)));
            }

            var between = own.GroupBy(row => row.Class).Where(group => group.Any(row => row.Weight > 0)).Sum(group =>
            {
                var size = group.Sum(row => row.Weight);
                var distance = group.Sum(row => row.Weight * row.X) / size - mean;
                return size / total * distance * distance;
            });
            return Rows * between / (variance * (classes - 1));
        }
    }

    /// <summary>Few indicators, or such as mostly tell something, stay as they are, as does a label that is always the same.</summary>
    [Fact]
    public void Where_few_may_tell_nothing_all_stay_as_they_are()
    {
        var (features, labels, targets, _) = Values(classes: 0, isWeighted: false, isSparse: false);
        Check(targets, [.. Enumerable.Range(0, Inputs).Where(input => input != Telling)]);
        for (var row = 0; row < Rows; row++)
        {
            for (var input = 12; input < Inputs; input++)
                features[row * Inputs + input] = (targets[row] > input / 40f - 1) == (row % 9 > 0) ? 1 : 0;
        }

        Check(targets, [.. Enumerable.Range(0, 12)]);

        void Check(float[] targets, int[] numbers)
        {
            var data = Data(features, 0, labels, targets, [], isSparse: false);
            var network = NewNetwork(data, 0);
            var before = StandardizationLayer.ScalesOf(network.Standardization!);
            Assert.Equal((0, 0), IndicatorScreening.Apply(network, RowSubset.All(data), numbers, mostFloor: 0.1, () => { }));
            Assert.Equal(before, StandardizationLayer.ScalesOf(network.Standardization!));
        }
    }

    /// <summary>Neither of them tells anything by itself; of those that tell nothing, the floor is left.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Two_indicators_that_tell_something_together_keep_their_weights(int classes)
    {
        const int Rows = 400;
        var random = new Random(4);
        float[] features = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => random.Next(2))];
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => features[row * Inputs + Telling] == features[row * Inputs + Number] ? 1 : 0)];
        var data = classes == 0 ? Dataset.FromTargets(Inputs, 1, features, Array.ConvertAll(labels, label => label + random.NextSingle())) : Dataset.FromClasses(Inputs, classes, features, labels);
        var network = NewNetwork(data, classes);
        var before = StandardizationLayer.ScalesOf(network.Standardization!);
        Assert.Equal(Inputs, IndicatorScreening.Apply(network, RowSubset.All(data), [], mostFloor: 0.05, () => { }).Weighed);
        var weights = StandardizationLayer.ScalesOf(network.Standardization!).Zip(before, (after, own) => after / own).ToArray();
        Assert.All((int[])[Telling, Number], column => Assert.InRange(weights[column], 0.8, 1));
        Assert.InRange(weights.Count(weight => weight < 0.06), Inputs * 3 / 4, Inputs - 2);
    }

    /// <summary>What the values of a category tell, each told by its few rows, is told by all of them: they stay as they are, unless they are as many as a quarter of the rows. Indicators that stand for themselves do not.</summary>
    [Theory]
    [InlineData(5, false)]
    [InlineData(30, true)]
    public void Values_of_a_category_are_weighed_where_they_are_many_only(int values, bool areWeighed)
    {
        const int Single = 8;
        var (random, columns) = (new Random(2), values + Single);
        var features = new float[Rows * columns];
        for (var row = 0; row < Rows; row++)
        {
            features[row * columns + row % values] = 1;
            for (var input = values; input < columns; input++)
                features[row * columns + input] = random.Next(3) == 0 ? 1 : 0;
        }

        foreach (var isSparse in (bool[])[false, true])
        {
            var targets = Enumerable.Range(0, Rows).Select(_ => random.NextSingle()).ToArray();
            var data = isSparse ? Dataset.FromTargets(SparseSamples.Store(features, columns), 1, targets, default) : Dataset.FromTargets(columns, 1, features, targets);
            var network = Network.Create(columns, [new StandardizationLayer(), new DenseLayer(1)], seed: 1);
            InputStatistics.Standardize(network, RowSubset.All(data));
            var before = StandardizationLayer.ScalesOf(network.Standardization!);
            var (weighed, _) = IndicatorScreening.Apply(network, RowSubset.All(data), [], mostFloor: 0.1, () => { });
            Assert.Equal(areWeighed ? columns : Single, weighed);
            var after = StandardizationLayer.ScalesOf(network.Standardization!);
            if (!areWeighed)
                Assert.Equal(before[..values], after[..values]);
            Assert.Equal(columns - values, after[values..].Zip(before[values..]).Count(pair => pair.First < pair.Second));
        }
    }

    [Fact]
    public void A_label_that_is_always_the_same_leaves_the_floor()
    {
        var (features, labels, _, _) = Values(classes: 0, isWeighted: false, isSparse: true);
        var data = Data(features, 0, labels, Enumerable.Repeat(3f, Rows).ToArray(), [], isSparse: true);
        var network = NewNetwork(data, 0);
        Assert.Equal(Inputs - 1, IndicatorScreening.Apply(network, RowSubset.All(data), [], mostFloor: 0.1, () => { }).Weighed);
        Assert.All(StandardizationLayer.ScalesOf(network.Standardization!), scale => Assert.True(float.IsFinite(scale)));
    }

    [Fact]
    public void It_can_be_canceled()
    {
        var (features, labels, targets, _) = Values(classes: 0, isWeighted: false, isSparse: true);
        var data = Data(features, 0, labels, targets, [], isSparse: true);
        Assert.Throws<OperationCanceledException>(() => IndicatorScreening.Apply(NewNetwork(data, 0), RowSubset.All(data), [], mostFloor: 0.1, () => throw new OperationCanceledException()));
    }

    private static Network NewNetwork(Dataset data, int classes)
    {
        Layer[] first = data.HasMissing ? [new MissingValueLayer([Missing])] : [];
        var network = Network.Create(Inputs, [.. first, new StandardizationLayer(), new DenseLayer(Math.Max(1, classes))], seed: 1);
        InputStatistics.Standardize(network, RowSubset.All(data));
        return network;
    }

    private static Dataset Data(float[] features, int classes, int[] labels, float[] targets, float[] weights, bool isSparse) => (isSparse, classes) switch
    {
        (true, 0) => Dataset.FromTargets(SparseSamples.Store(features, Inputs), 1, targets, weights),
        (true, _) => Dataset.FromClasses(SparseSamples.Store(features, Inputs), classes, labels, weights),
        (false, 0) => Dataset.FromTargets(Inputs, 1, features, targets, weights),
        _ => Dataset.FromClasses(Inputs, classes, features, labels, weights),
    };

    private static (float[] Features, int[] Labels, float[] Targets, float[] Weights) Values(int classes, bool isWeighted, bool isSparse)
    {
        var random = new Random(4);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row % Math.Max(1, classes))];
        float[] targets = [.. Enumerable.Range(0, Rows).Select(_ => 1e6f + random.NextSingle())];
        var features = new float[Rows * Inputs];
        for (var row = 0; row < Rows; row++)
        {
            for (var input = 0; input < Inputs; input++)
                features[row * Inputs + input] = random.Next(4) == 0 ? isSparse ? random.NextSingle() + 0.5f : 1 : 0;
            features[row * Inputs + Telling] = (classes > 0 ? labels[row] == 1 : targets[row] > 1e6f + 0.5f) ? 4 : isSparse ? 0 : 3;
            features[row * Inputs + Constant] = isSparse ? 0 : 2;
            if (isSparse)
                continue;
            features[row * Inputs + Number] = random.NextSingle();
            features[row * Inputs + Missing] = row == 8 ? float.NaN : random.Next(2);
        }

        return (features, labels, targets, isWeighted ? [.. Enumerable.Range(0, Rows).Select(row => row % 5 / 2f)] : []);
    }
}
