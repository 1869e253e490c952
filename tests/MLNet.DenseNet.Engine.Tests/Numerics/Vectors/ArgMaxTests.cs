using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class ArgMaxTests
{
    [Theory]
    [InlineData(0, new[] { 5f })]
    [InlineData(2, new[] { -3f, -2f, -1f })]
    [InlineData(1, new[] { 0f, 7f, 7f, 2f })]
    [InlineData(0, new[] { 0f, -0f })]
    [InlineData(1, new[] { 1f, float.PositiveInfinity, float.PositiveInfinity })]
    [InlineData(2, new[] { 1f, float.NaN, 2f })]
    [InlineData(0, new[] { float.NaN, 2f })]
    public void It_is_the_first_of_the_largest(int expected, float[] values) => Assert.Equal(expected, ArgMax.Of(values));
}
