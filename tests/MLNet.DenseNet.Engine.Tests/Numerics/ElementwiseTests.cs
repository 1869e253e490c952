using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class ElementwiseTests
{
    [Fact]
    public void Map_reaches_every_element_and_no_other_at_every_length()
    {
        for (var length = 0; length <= 256; length++)
        {
            var source = Enumerable.Range(0, length).Select(i => i * 0.5f).ToArray();
            var destination = new float[length + 1];
            destination[length] = 77;
            Elementwise.Map(default(Double), source, destination.AsSpan(0, length));
            Assert.Equal(source.Select(x => 2 * x).Append(77), destination);
        }
    }

    [Fact]
    public void Map_of_two_reaches_every_element_in_place()
    {
        for (var length = 0; length <= 256; length++)
        {
            var left = Enumerable.Range(0, length).Select(i => i + 1f).ToArray();
            var right = Enumerable.Range(0, length).Select(i => i * 3f).ToArray();
            var expected = left.Zip(right, (x, y) => x - y).ToArray();
            Elementwise.Map(default(Difference), left, right, right);
            Assert.Equal(expected, right);
        }
    }

    [Fact]
    public void Map_refuses_other_lengths() =>
        Assert.Throws<ArgumentException>(() => Elementwise.Map(default(Double), new float[3], new float[4]));

    private readonly struct Double : IUnaryOperator
    {
        public TV Invoke<TV>(TV x) where TV : struct, ISimd<TV> => x + x;
    }

    private readonly struct Difference : IBinaryOperator
    {
        public TV Invoke<TV>(TV x, TV y) where TV : struct, ISimd<TV> => x - y;
    }
}
