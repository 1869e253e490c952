using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Training.Beginning;

public class RidgeRegressionTests
{
    /// <summary>Against regressions on all rows but one, one after the other, by the normal equations.</summary>
    [Theory]
    [InlineData(25, 4)]
    [InlineData(12, 30)]
    public void Errors_are_those_of_rows_that_are_left_out(int rows, int columns)
    {
        var (table, targets) = Made(rows, columns);
        var components = PrincipalComponents.Of(Copy(table));
        var ridge = RidgeRegression.Of(components, targets);
        Assert.True(double.IsFinite(ridge.Errors[1]));
        Assert.Equal(1 / Math.Pow(1 - 1.0 / rows, 2), ridge.Errors[0], 1e-9);
        for (var decade = 1; decade < 4 && double.IsFinite(ridge.Errors[decade]); decade++)
        {
            var parameter = Math.Pow(10, -decade) * components.Variations[0];
            var error = targets.Average(ofOutput => Enumerable.Range(0, rows).Average(row => Math.Pow(ofOutput[row] - LeftOut(table, ofOutput, row, parameter), 2)) / Variance(ofOutput));
            Assert.Equal(error, ridge.Errors[decade], 1e-6 * error);
        }

        Assert.Equal(ridge.Errors.Min(), ridge.Errors[ridge.Best]);
    }

    /// <summary>A column that only one row has, as of its number, tells that row from all others and nothing of it by them.</summary>
    [Fact]
    public void Rows_that_tell_themselves_are_not_told_by_others()
    {
        const int Rows = 30;
        const int Alone = 20;
        var random = new Random(1);
        double[][] table = [.. Enumerable.Range(0, Rows).Select(row => (double[])[random.NextDouble(), .. Enumerable.Range(0, Alone).Select(own => own == row ? 5.0 : 0)])];
        double[] targets = [.. Enumerable.Range(0, Rows).Select(_ => random.NextDouble())];
        var components = PrincipalComponents.Of(Copy(table));
        var ridge = RidgeRegression.Of(components, [targets]);
        Assert.True(double.IsFinite(ridge.Errors[^1]));
        // From 1e-8 on, elimination is less exact.
        for (var decade = 1; decade < 8; decade++)
        {
            var error = Enumerable.Range(0, Rows).Average(row => Math.Pow(targets[row] - LeftOut(table, targets, row, Math.Pow(10, -decade) * components.Variations[0]), 2)) / Variance(targets);
            Assert.Equal(error, ridge.Errors[decade], 1e-4 * error);
        }
    }

    [Theory]
    [InlineData(25, 4)]
    [InlineData(12, 30)]
    public void Coefficients_are_those_of_the_normal_equations(int rows, int columns)
    {
        var (table, targets) = Made(rows, columns);
        var components = PrincipalComponents.Of(Copy(table));
        var ridge = RidgeRegression.Of(components, targets);
        Assert.InRange(ridge.Best, 1, 9);
        var (weights, bias) = ridge.Coefficients();
        for (var output = 0; output < targets.Length; output++)
        {
            var (expected, middle) = Solve(table, targets[output], ridge.BestShare * components.Variations[0]);
            for (var column = 0; column < columns; column++)
                Assert.Equal(expected[column], weights[column * targets.Length + output], 1e-5);
            Assert.Equal(middle, bias[output], 1e-4);
        }
    }

    /// <summary>More columns than rows tell these exactly, which says nothing about others.</summary>
    [Fact]
    public void Where_nothing_tells_the_mean_is_best()
    {
        var random = new Random(3);
        double[][] table = [.. Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 50).Select(_ => random.NextDouble()).ToArray())];
        var ridge = RidgeRegression.Of(PrincipalComponents.Of(table), [[.. Enumerable.Range(0, 30).Select(row => row % 2 + random.NextDouble())]]);
        Assert.Equal(0, ridge.Best);
        Assert.All(ridge.Coefficients().Weights, weight => Assert.Equal(0, weight));
        Assert.Equal(double.PositiveInfinity, ridge.Errors[^1]);
    }

    /// <summary>Columns that do not vary have no components.</summary>
    [Fact]
    public void Without_components_the_mean_is_what_rows_tell()
    {
        double[][] table = [.. Enumerable.Range(0, 10).Select(_ => (double[])[3, 3])];
        double[] targets = [.. Enumerable.Range(0, 10).Select(row => (double)row)];
        var ridge = RidgeRegression.Of(PrincipalComponents.Of(table), [targets]);
        Assert.Equal(0, ridge.Best);
        Assert.All(ridge.Errors, error => Assert.Equal(1 / Math.Pow(0.9, 2), error, 1e-9));
        Assert.All(targets.Zip(ridge.LeftOut()[0]), row => Assert.Equal((45 - row.First) / 9, row.Second, 1e-9));
    }

    /// <summary>An output that any model tells does not make the others better told.</summary>
    [Fact]
    public void Targets_of_one_value_do_not_count()
    {
        var (table, targets) = Made(25, 4);
        var components = PrincipalComponents.Of(table);
        Assert.Equal(RidgeRegression.Of(components, [targets[0]]).Errors, RidgeRegression.Of(components, [targets[0], new double[25]]).Errors);
    }

    [Fact]
    public void Rows_that_are_left_out_are_told_by_all_others()
    {
        var (table, targets) = Made(25, 4);
        var components = PrincipalComponents.Of(Copy(table));
        var ridge = RidgeRegression.Of(components, targets);
        var told = ridge.LeftOut();
        for (var row = 0; row < 25; row++)
            Assert.All(targets, (ofOutput, output) => Assert.Equal(LeftOut(table, ofOutput, row, ridge.BestShare * components.Variations[0]), told[output][row], 1e-8));
    }

    /// <summary>As many components as there are tell what all do, none what the mean does.</summary>
    [Fact]
    public void Fewer_components_tell_less()
    {
        var (table, targets) = Made(25, 4);
        var ridge = RidgeRegression.Of(PrincipalComponents.Of(table), targets);
        double[] errors = [.. Enumerable.Range(0, 5).Select(ridge.ErrorOf)];
        Assert.Equal((ridge.Errors[0], ridge.Errors[ridge.Best]), (errors[0], errors[4]));
        Assert.True(errors[3] > errors[4]);
    }

    [Fact]
    public void A_target_of_one_value_is_told()
    {
        var (table, _) = Made(25, 4);
        var (weights, bias) = RidgeRegression.Of(PrincipalComponents.Of(table), [Enumerable.Repeat(7.0, 25).ToArray()]).Coefficients();
        Assert.All(weights, weight => Assert.Equal(0, weight));
        Assert.Equal([7], bias);
    }

    private static double[][] Copy(double[][] table) => [.. table.Select(row => row.ToArray())];

    private static (double[][] Table, double[][] Targets) Made(int rows, int columns)
    {
        var random = new Random(columns);
        double[][] table = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextDouble()).ToArray())];
        return (table, [[.. table.Select(row => 3 + 2 * row[0] - row[1] + 0.1 * random.NextDouble())], [.. table.Select(row => row[2] + 0.2 * random.NextDouble())]]);
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }

    /// <summary>What all rows but one tell about it.</summary>
    private static double LeftOut(double[][] table, double[] targets, int row, double parameter)
    {
        int[] others = [.. Enumerable.Range(0, table.Length).Where(other => other != row)];
        var (weights, bias) = Solve([.. others.Select(other => table[other])], [.. others.Select(other => targets[other])], parameter);
        return bias + weights.Zip(table[row], (weight, value) => weight * value).Sum();
    }

    /// <summary>(XᵀX + parameter I) w = Xᵀy of centered columns and targets, by elimination.</summary>
    private static (double[] Weights, double Bias) Solve(double[][] table, double[] targets, double parameter)
    {
        var columns = table[0].Length;
        double[] means = [.. Enumerable.Range(0, columns).Select(column => table.Average(row => row[column]))];
        var middle = targets.Average();
        var equations = new double[columns, columns + 1];
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++)
                equations[i, j] = table.Sum(row => (row[i] - means[i]) * (row[j] - means[j])) + (i == j ? parameter : 0);
            equations[i, columns] = table.Zip(targets, (row, target) => (row[i] - means[i]) * (target - middle)).Sum();
        }

        for (var pivot = 0; pivot < columns; pivot++)
        {
            for (var row = 0; row < columns; row++)
            {
                var factor = row == pivot ? 0 : equations[row, pivot] / equations[pivot, pivot];
                for (var j = pivot; j <= columns; j++)
                    equations[row, j] -= factor * equations[pivot, j];
            }
        }

        double[] weights = [.. Enumerable.Range(0, columns).Select(i => equations[i, columns] / equations[i, i])];
        return (weights, middle - weights.Zip(means, (weight, mean) => weight * mean).Sum());
    }
}
