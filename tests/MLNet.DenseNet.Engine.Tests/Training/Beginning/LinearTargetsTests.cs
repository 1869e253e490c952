namespace MLNet.DenseNet.Engine.Tests.Training.Beginning;

public class LinearTargetsTests
{
    private const int Rows = 400;
    private const int Inputs = 4;

    /// <summary>Sums of amounts that are spread widely go with them all the way; of what a bounded function makes of them, far values say no more than near ones.</summary>
    [Theory]
    [InlineData(1.5, false, true)]
    [InlineData(1.5, true, false)]
    [InlineData(0.1, false, true)]
    public void Far_values_count_where_targets_go_with_them_along_a_straight_line(double spread, bool isBounded, bool expected)
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => (float)Math.Exp(spread * (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * 1.7))];
        float[] targets = [.. features.Chunk(Inputs).Select(row => row.Sum(x => isBounded ? MathF.Min(x, 2) : x) + 0.1f * random.NextSingle())];
        var rows = RowSubset.All(Dataset.FromTargets(Inputs, 1, features, targets));
        Assert.Equal(expected, LinearTargets.Of(Front(rows, 3), () => Front(rows, 100), rows, [0, 1, 2, 3]).AsFarAsValuesReach);
    }

    /// <summary>Up to a fifth of the variance. Where all is on a line, even the bend of values of two deviations shows.</summary>
    [Theory]
    [InlineData(0.0, true, true)]
    [InlineData(0.2, true, true)]
    [InlineData(0.7, true, false)]
    [InlineData(1.2, false, false)]
    [InlineData(2.0, false, false)]
    public void Targets_are_told_where_little_is_left_beside_a_line(double noise, bool areTold, bool asFarAsValuesReach)
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => Sum(random))];
        float[] targets = [.. features.Chunk(Inputs).Select(row => row.Sum() + (float)noise * Sum(random))];
        var rows = RowSubset.All(Dataset.FromTargets(Inputs, 1, features, targets));
        Assert.Equal(new LinearTargets(asFarAsValuesReach, areTold), LinearTargets.Of(Front(rows, 3), () => Front(rows, 100), rows, [0, 1, 2, 3]));
    }

    [Fact]
    public void Too_many_columns_none_and_classes_are_not_looked_at()
    {
        var features = Samples.Numbers(10 * Inputs, seed: 1);
        var classes = RowSubset.All(Dataset.FromClasses(Inputs, 2, features, new int[10]));
        Assert.Equal(default, LinearTargets.Of(Front(classes, 3), () => Front(classes, 100), classes, [0]));
        var numbers = RowSubset.All(Dataset.FromTargets(Inputs, 1, features, new float[10]));
        Assert.Equal(default, LinearTargets.Of(Front(numbers, 3), () => Front(numbers, 100), numbers, []));
        Assert.Equal(default, LinearTargets.Of(Front(numbers, 3), () => Front(numbers, 100), numbers, new int[LinearTargets.MostColumns + 1]));
    }

    /// <summary>About a normal distribution: mean 0 and variance 1.</summary>
    private static float Sum(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6;

    private static Network Front(RowSubset rows, float limit) => InputStatistics.Front(Inputs, missing: null, new StandardizationLayer(limit), rows);
}
