using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics.Decompositions;

public class PrincipalComponentsTests
{
    /// <summary>With more rows than columns and with fewer, which are decomposed in other ways.</summary>
    [Theory]
    [InlineData(60, 7)]
    [InlineData(9, 30)]
    [InlineData(20, 20)]
    public void Rows_are_made_up_of_their_components(int rows, int columns)
    {
        var table = Table(rows, columns);
        var components = PrincipalComponents.Of(Copy(table));
        var count = Math.Min(rows - 1, columns);
        Assert.Equal((count, columns), (components.Variations.Length, components.ColumnCount));
        Assert.Equal(components.Variations.OrderDescending(), components.Variations);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = components.Means[column] + Enumerable.Range(0, count).Sum(k => Math.Sqrt(components.Variations[k]) * components.Scores[k][row] * components.Direction(k)[column]);
                Assert.Equal(table[row][column], sum, 1e-10);
            }
        }

        for (var k = 0; k < count; k++)
        {
            Assert.Equal(0, components.Scores[k].Sum(), 1e-10);
            for (var other = 0; other <= k; other++)
            {
                Assert.Equal(k == other ? 1 : 0, components.Scores[k].Zip(components.Scores[other], (one, two) => one * two).Sum(), 1e-10);
                Assert.Equal(k == other ? 1 : 0, components.Direction(k).Zip(components.Direction(other), (one, two) => one * two).Sum(), 1e-10);
            }
        }
    }

    [Theory]
    [InlineData(60, 7)]
    [InlineData(9, 30)]
    public void Whitened_columns_have_mean_0_and_variance_1(int rows, int columns)
    {
        var table = Table(rows, columns);
        const int Count = 5;
        var (weights, bias) = PrincipalComponents.Of(Copy(table)).Whitening(Count);
        double[][] whitened = [.. table.Select(row => Enumerable.Range(0, Count).Select(k => bias[k] + Enumerable.Range(0, columns).Sum(column => row[column] * weights[column * Count + k])).ToArray())];
        for (var k = 0; k < Count; k++)
        {
            Assert.Equal(0, whitened.Average(row => row[k]), 1e-5);
            for (var other = 0; other <= k; other++)
                Assert.Equal(k == other ? 1 : 0, whitened.Average(row => row[k] * row[other]), 1e-5);
        }
    }

    /// <summary>Three rows lie in a plane; columns of one value have no direction.</summary>
    [Fact]
    public void Components_that_there_are_not_stay_0()
    {
        var three = PrincipalComponents.Of(Copy(Table(3, 10)));
        Assert.Equal(2, three.Variations.Length);
        var (weights, bias) = three.Whitening(4);
        Assert.All(weights, (weight, i) => Assert.Equal(i % 4 >= 2, weight == 0));
        Assert.Equal((0, 0), (bias[2], bias[3]));

        var constant = PrincipalComponents.Of([.. Enumerable.Range(0, 5).Select(_ => (double[])[3, 4])]);
        Assert.Equal((0, 0.0), (constant.Variations.Length, constant.EffectiveCount));
        Assert.Equal([0, 0, 0, 0], constant.Whitening(2).Weights);
    }

    [Fact]
    public void As_many_directions_count_as_vary()
    {
        var random = new Random(1);
        Assert.Equal(1, PrincipalComponents.Of([.. Enumerable.Range(0, 30).Select(row => (double[])[row, 2 * row, -row])]).EffectiveCount, 1e-9);
        Assert.InRange(PrincipalComponents.Of([.. Enumerable.Range(0, 3000).Select(_ => (double[])[random.NextDouble(), random.NextDouble(), random.NextDouble()])]).EffectiveCount, 2.95, 3);
    }

    private static double[][] Copy(double[][] table) => [.. table.Select(row => row.ToArray())];

    private static double[][] Table(int rows, int columns)
    {
        var random = new Random(rows);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(column => 5 + random.NextDouble() * (column + 1)).ToArray())];
    }
}
