namespace MLNet.DenseNet.Engine.Tests.Training.Beginning.Screening;

public class ChiSquaredTests
{
    /// <summary>Quantiles from tables of the distribution, divided by the degrees of freedom.</summary>
    [Theory]
    [InlineData(1, 0, 0.455, 0.04)]
    [InlineData(3, 0, 2.366)]
    [InlineData(3, 1.6449, 7.815)]
    [InlineData(10, 1.6449, 18.307)]
    [InlineData(10, 3.0902, 29.588)]
    [InlineData(100, 2.3263, 135.807)]
    public void A_quantile_is_that_of_tables(int degrees, double deviations, double expected, double tolerance = 0.01) =>
        Assert.Equal(expected, degrees * ChiSquared.Quantile(degrees, deviations), tolerance * expected);

    /// <summary>0 up to the quantile, then nearer to 1 the larger the sum is.</summary>
    [Fact]
    public void The_excess_of_a_sum_is_what_chance_does_not_explain()
    {
        Assert.Equal(0, ChiSquared.Excess(0, 10, 1.6449));
        Assert.Equal(0, ChiSquared.Excess(18, 10, 1.6449));
        Assert.Equal(0.5, ChiSquared.Excess(2 * 18.307, 10, 1.6449), 0.01);
        Assert.Equal(1, ChiSquared.Excess(1e9, 10, 1.6449), 1e-6);
    }
}
