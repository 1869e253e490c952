using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class LogSumExpTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(1f, -2f, 0.5f, 3f)]
    [InlineData(0f, -20f, -30f)]
    [InlineData(-20f, 0f, 0f, -20f)]
    [InlineData(5f, 5f, 5f)]
    [InlineData(3e38f, -3e38f, 1f)]
    public void Is_the_logarithm_of_the_sum_of_exponentials(params float[] z)
    {
        var sum = SumOf(z);
        var exact = Math.Log(z.Sum(x => Math.Exp((double)x - z.Max())));
        Assert.Equal(exact, sum.LogAboveLargest().Value, 4e-7 * exact);
    }

    [Fact]
    public void One_of_the_largest_counts_as_one_wherever_it_stands()
    {
        Assert.Equal(2 + MathF.Exp(-1), SumOf([1, 0, 1, 1]).Others.Value, 1e-6);
        Assert.Equal(2 + MathF.Exp(-1), SumOf([0, 1, 1, 1]).Others.Value, 1e-6);
        Assert.Equal(0, SumOf([7]).Others.Value);
    }

    private static LogSumExp<Scalar> SumOf(float[] z)
    {
        var largest = new Scalar(z.Max());
        var sum = new LogSumExp<Scalar>(largest);
        foreach (var x in z)
            sum.Add(sum.Exp(new Scalar(x)), Scalar.LessThan(new Scalar(x), largest));
        return sum;
    }
}
