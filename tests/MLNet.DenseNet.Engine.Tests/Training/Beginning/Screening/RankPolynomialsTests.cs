namespace MLNet.DenseNet.Engine.Tests.Training.Beginning.Screening;

public class RankPolynomialsTests
{
    private const int Degrees = 12;

    /// <summary>Far values, equal ones and missing ones among them.</summary>
    [Theory]
    [InlineData(200, 0, 0)]
    [InlineData(200, 40, 0)]
    [InlineData(300, 0, 0.2)]
    [InlineData(300, 20, 0.3)]
    public void Polynomials_are_orthonormal(int rows, int distinct, double missing)
    {
        var values = Values(rows, distinct, missing);
        var functions = RankPolynomials.Of(values, Degrees);
        Assert.Equal(Degrees, functions.Length);
        for (var i = 0; i < Degrees; i++)
        {
            Assert.Equal(0, functions[i].Average(), 1e-9);
            Assert.All(functions[i].Zip(values), pair => Assert.True(!float.IsNaN(pair.Second) || pair.First == 0));
            for (var j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, functions[i].Zip(functions[j], (a, b) => a * b).Average(), 1e-8);
        }
    }

    /// <summary>A naive reference: Gram and Schmidt's way with powers of ranks spans the same functions, one degree after the other.</summary>
    [Fact]
    public void Each_adds_one_degree()
    {
        var values = Values(150, 0, 0);
        double[] ranks = [.. values.Select(value => values.Count(other => other < value) + values.Count(other => other <= value)).Select(twice => twice / 150.0 - 1)];
        List<double[]> expected = [];
        for (var degree = 0; degree <= 4; degree++)
        {
            double[] power = [.. ranks.Select(rank => Math.Pow(rank, degree))];
            foreach (var lower in expected)
            {
                var product = power.Zip(lower, (a, b) => a * b).Average();
                power = [.. power.Zip(lower, (a, b) => a - product * b)];
            }

            var root = Math.Sqrt(power.Average(value => value * value));
            expected.Add([.. power.Select(value => value / root)]);
        }

        foreach (var (reference, actual) in expected.Skip(1).Zip(RankPolynomials.Of(values, 4)))
            Assert.All(reference.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Equal_numbers_have_equal_functions_and_few_distinct_ones_few_functions()
    {
        var functions = RankPolynomials.Of([5, 7, 5, 9, 7, 5, 9, 7], 4);
        foreach (var function in functions)
        {
            Assert.Equal(function[0], function[2]);
            Assert.Equal(function[3], function[6]);
        }

        Assert.Equal([true, true, false, false], functions.Select(function => function.Any(value => value != 0)));
        Assert.All(RankPolynomials.Of([3, 3, 3], 2), function => Assert.Equal([0, 0, 0], function));
        Assert.All(RankPolynomials.Of([float.NaN, float.NaN], 2), function => Assert.Equal([0, 0], function));
    }

    private static float[] Values(int rows, int distinct, double missing)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < missing ? float.NaN : distinct > 0 ? random.Next(distinct) : MathF.Exp(5 * random.NextSingle()))];
    }
}
