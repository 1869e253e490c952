using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class RunningMomentsTests
{
    // Whole vectors of any width, and a tail.
    private const int Columns = 37;
    private const int Rows = 50;

    [Fact]
    public void Agree_with_two_passes_over_the_values()
    {
        var (values, weights) = Sample();
        var moments = new RunningMoments(Columns);
        AddAll(moments, values, weights);
        var total = weights.Sum();
        Assert.Equal(total, moments.Weight, 1e-12);
        for (var column = 0; column < Columns; column++)
        {
            var mean = Enumerable.Range(0, Rows).Sum(row => weights[row] * values[row * Columns + column]) / total;
            var variation = Enumerable.Range(0, Rows).Sum(row => weights[row] * Math.Pow(values[row * Columns + column] - mean, 2));
            Assert.Equal(mean, moments.Means[column], 1e-13);
            Assert.Equal(variation, moments.Variations[column], 1e-11);
        }
    }

    [Fact]
    public void Rows_and_single_values_give_the_same_bits()
    {
        var (values, weights) = Sample();
        var (whole, single) = (new RunningMoments(Columns), new RunningMoments(Columns));
        AddAll(whole, values, weights);
        var total = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            total += weights[row];
            for (var column = 0; column < Columns && weights[row] > 0; column++)
                single.AddToColumn(values[row * Columns + column], column, weights[row], total);
        }

        Assert.Equal(whole.Means, single.Means);
        Assert.Equal(whole.Variations, single.Variations);
    }

    [Fact]
    public void Equal_weights_change_nothing_but_rounding()
    {
        var (values, _) = Sample();
        var moments = new RunningMoments(Columns);
        AddAll(moments, values, [.. Enumerable.Repeat(1.0, Rows)]);
        var (mean, variation) = (0.0, 0.0);
        for (var row = 0; row < Rows; row++)
            RunningMoments.Add(values[row * Columns], row + 1, ref mean, ref variation);
        Assert.Equal(moments.Means[0], mean, 1e-14);
        Assert.Equal(moments.Variations[0], variation, 1e-12);
    }

    [Fact]
    public void Values_that_are_all_the_same_vary_by_nothing()
    {
        var moments = new RunningMoments(1);
        var (mean, variation) = (0.0, 0.0);
        for (var row = 0; row < 1000; row++)
        {
            moments.Add([0.1f], 1 + row % 3 * 0.3);
            RunningMoments.Add(0.1f, row + 1, ref mean, ref variation);
        }

        Assert.Equal((0.1f, 0, 0.1f, 0), (moments.Means[0], moments.Variations[0], mean, variation));
    }

    [Fact]
    public void Begin_anew_after_clearing()
    {
        var (values, weights) = Sample();
        var (moments, fresh) = (new RunningMoments(Columns), new RunningMoments(Columns));
        moments.Add(new float[Columns], 3);
        moments.Clear();
        Assert.Equal((0, 0, 0), (moments.Weight, moments.Means[0], moments.Variations[0]));
        AddAll(moments, values, weights);
        AddAll(fresh, values, weights);
        Assert.Equal(fresh.Means, moments.Means);
        Assert.Equal(fresh.Variations, moments.Variations);
    }

    [Fact]
    public void A_row_of_another_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunningMoments(2).Add([1], 1));

    private static void AddAll(RunningMoments moments, float[] values, double[] weights)
    {
        for (var row = 0; row < Rows; row++)
            moments.Add(values.AsSpan(row * Columns, Columns), weights[row]);
    }

    /// <summary>A row in five weighs nothing.</summary>
    private static (float[] Values, double[] Weights) Sample()
    {
        var random = new Random(5);
        return ([.. Enumerable.Range(0, Rows * Columns).Select(_ => random.NextSingle() * 4 - 1)], [.. Enumerable.Range(0, Rows).Select(row => row % 5 == 2 ? 0 : random.NextDouble() + 0.1)]);
    }
}
