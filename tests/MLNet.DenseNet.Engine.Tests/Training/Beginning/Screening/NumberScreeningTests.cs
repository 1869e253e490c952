namespace MLNet.DenseNet.Engine.Tests.Training.Beginning.Screening;

public class NumberScreeningTests
{
    private const int Rows = 500;
    private const int Numbers = 40;

    // What tells something: a slope, a wave, and two that do so only together.
    private const int Slope = 4;
    private const int Wave = 11;
    private const int First = 20;
    private const int Second = 33;

    // The first column is none of the numbers.
    private static readonly int[] Columns = [.. Enumerable.Range(1, Numbers - 1)];

    private static readonly Action NeverCanceled = () => { };

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(2, false)]
    [InlineData(4, true)]
    public void Numbers_that_go_with_the_label_alone_or_in_pairs_are_found(int classes, bool hasWeights)
    {
        var rows = Table(classes, hasWeights, x => x[Slope] + Math.Sin(5 * x[Wave]) + x[First] * x[Second]);
        var screened = NumberScreening.Of(rows, Columns, NeverCanceled)!;
        Assert.Equal(Columns, screened.Columns);
        Assert.Subset(screened.Told.ToHashSet(), (HashSet<int>)[Slope, Wave, First, Second]);
        // One in a hundred may be taken for one of them, for each of three degrees.
        Assert.InRange(screened.Told.Length, 4, 7);
        Assert.All((int[])[Slope, Wave, First, Second], column => Assert.InRange(screened.Weights[Array.IndexOf(Columns, column)], 0.4f, 1));
        Assert.All(screened.Weights, weight => Assert.InRange(weight, 0, 1));
    }

    /// <summary>What it tells goes the other way where the indicator is the other one. Of pairs of numbers alone, none tells anything.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_number_that_tells_something_beside_an_indicator_is_found_with_it(int classes)
    {
        var rows = Table(classes, hasWeights: false, x => x[Slope] + 2 * x[First] * Math.Sign(x[0]), column => column == 0);
        var screened = NumberScreening.Of(rows, Columns, NeverCanceled)!;
        Assert.Subset(screened.Told.ToHashSet(), (HashSet<int>)[Slope, First]);
        Assert.Equal([0], screened.Partners);
    }

    /// <summary>The weight of a number is 1 - c / F, of its correlations with the label: what a naive reference says of the only degree that counts where a number has two values.</summary>
    [Fact]
    public void The_weight_of_a_number_says_how_surely_it_goes_with_the_label()
    {
        var rows = Table(0, hasWeights: false, x => x[Slope] > 0 ? 1 : 0, column => column == Slope);
        var screened = NumberScreening.Of(rows, Columns, NeverCanceled)!;
        var values = Enumerable.Range(0, Rows).Select(row => (X: (double)rows.Data.FeaturesOf(row)[Slope], Y: Target(rows.Data, row))).ToArray();
        double[] ranks = [.. values.Select(value => values.Count(other => other.Y < value.Y) + values.Count(other => other.Y <= value.Y)).Select(twice => (double)twice)];
        var (meanX, meanRank) = (values.Average(value => value.X), ranks.Average());
        var covariance = values.Zip(ranks, (value, rank) => (value.X - meanX) * (rank - meanRank)).Average();
        var f = Rows * covariance * covariance / (values.Average(value => (value.X - meanX) * (value.X - meanX)) * ranks.Average(rank => (rank - meanRank) * (rank - meanRank)));
        Assert.Equal(ChiSquared.Excess(f, 1, 2.44), screened.Weights[Array.IndexOf(Columns, Slope)], 1e-4);
    }

    [Fact]
    public void All_stay_where_most_tell_something_or_none_does_or_they_are_few()
    {
        Assert.Null(NumberScreening.Of(Table(0, false, x => x.Sum()), Columns, NeverCanceled));
        Assert.Null(NumberScreening.Of(Table(0, false, x => x[First] * x[Second] * x[Wave]), Columns, NeverCanceled));
        Assert.Null(NumberScreening.Of(Table(0, false, _ => 1), Columns, NeverCanceled));
        Assert.Null(NumberScreening.Of(Table(0, false, x => x[Slope]), Columns[..9], NeverCanceled));
        Assert.NotNull(NumberScreening.Of(Table(0, false, x => x[Slope]), Columns[..12], NeverCanceled));
    }

    [Fact]
    public void It_ends_where_it_is_canceled()
    {
        var calls = 0;
        var rows = Table(0, false, x => x[Slope]);
        Assert.Throws<OperationCanceledException>(() => NumberScreening.Of(rows, Columns, () => throw new OperationCanceledException()));
        NumberScreening.Of(rows, Columns, () => calls++);
        Assert.Equal(2 * Columns.Length + Rows, calls);
    }

    /// <summary>Numbers that tell nothing keep a twentieth of their scale, in all networks; functions of the others begin at their weights.</summary>
    [Fact]
    public void A_network_begins_with_the_weights()
    {
        var rows = Table(0, hasWeights: false, x => x[Slope] + x[First] * x[Second]);
        var screened = NumberScreening.Of(rows, Columns, NeverCanceled)!;
        var network = Network.Create(Numbers, [new StandardizationLayer(), new EnsembleLayer(2, [new NumericEmbeddingLayer(2, 8, screened.Told, scaleRate: 6), new DenseLayer(1)])], seed: 1);
        InputStatistics.Standardize(network, rows);
        var before = StandardizationLayer.ScalesOf(network.Standardization!);
        screened.Apply(network);
        var after = StandardizationLayer.ScalesOf(network.Standardization!);
        for (var column = 0; column < Numbers; column++)
            Assert.Equal(column == 0 || screened.Told.Contains(column) ? 1 : 0.05, after[column] / before[column], 1e-6);
        foreach (var member in network.Members)
        {
            var factors = NumericEmbeddingLayer.FactorsOf(InputStatistics.EmbeddingOf(member)!.Value.Place);
            Assert.All(screened.Told.Zip(factors), pair => Assert.Equal(screened.Weights[Array.IndexOf(Columns, pair.First)], pair.Second, 1e-6));
        }
    }

    private static double Target(Dataset data, int row)
    {
        var target = new float[1];
        data.CopyTargets([row], target, 1);
        return target[0];
    }

    private static RowSubset Table(int classes, bool hasWeights, Func<float[], double> label, Func<int, bool>? hasTwoValues = null)
    {
        var random = new Random(2);
        var (features, values) = (new float[Rows * Numbers], new float[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            var x = features.AsSpan(row * Numbers, Numbers);
            for (var column = 0; column < Numbers; column++)
                x[column] = 3.4f * (hasTwoValues?.Invoke(column) == true ? random.Next(2) - 0.5f : random.NextSingle() - 0.5f);
            values[row] = (float)(label(x.ToArray()) + 0.2 * (random.NextDouble() - 0.5));
        }

        float[] weights = hasWeights ? [.. values.Select((_, row) => 0.5f + row % 3)] : [];
        if (classes == 0)
            return RowSubset.All(Dataset.FromTargets(Numbers, 1, features, values, weights));
        var sorted = values.Order().ToArray();
        int[] ofRows = [.. values.Select(value => Array.BinarySearch(sorted, value) * classes / Rows)];
        return RowSubset.All(Dataset.FromClasses(Numbers, classes, features, ofRows, weights));
    }
}
