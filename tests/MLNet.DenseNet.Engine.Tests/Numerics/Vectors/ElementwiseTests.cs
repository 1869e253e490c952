using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class ElementwiseTests
{
    [Fact]
    public unsafe void Map_reaches_every_element_and_no_other_at_every_length()
    {
        for (var length = 0; length <= 256; length++)
        {
            var source = Enumerable.Range(0, length).Select(i => i * 0.5f).ToArray();
            var destination = new float[length + 1];
            destination[length] = 77;
            fixed (float* x = source, y = destination)
                Elementwise.Map(default(Double), x, y, length, MatrixPart.Whole(1, length));
            Assert.Equal(source.Select(x => 2 * x).Append(77), destination);
        }
    }

    [Fact]
    public unsafe void Map_of_two_reaches_every_element_in_place()
    {
        for (var length = 0; length <= 256; length++)
        {
            var left = Enumerable.Range(0, length).Select(i => i + 1f).ToArray();
            var right = Enumerable.Range(0, length).Select(i => i * 3f).ToArray();
            var expected = left.Zip(right, (x, y) => x - y).ToArray();
            fixed (float* x = left, y = right)
                Elementwise.Map(default(Difference), x, y, y, length, MatrixPart.Whole(1, length));
            Assert.Equal(expected, right);
        }
    }

    [Fact]
    public unsafe void A_soft_threshold_brings_values_nearer_to_0_at_every_length()
    {
        for (var length = 0; length <= 256; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => 0.25f * (i % 17 - 8)), 77];
            float[] expected = [.. values.SkipLast(1).Select(x => Math.Sign(x) * Math.Max(Math.Abs(x) - 0.75f, 0)), 77];
            fixed (float* x = values)
                Elementwise.SoftThreshold(0.75f, x, length);
            Assert.Equal(expected, values);
        }
    }

    /// <summary>A training that diverged is known by what is no number.</summary>
    [Fact]
    public unsafe void A_soft_threshold_keeps_what_is_no_number_and_takes_any_threshold()
    {
        float[] values = [float.NaN, 1, -1, float.MaxValue];
        fixed (float* x = values)
        {
            Elementwise.SoftThreshold(0, x, 4);
            Assert.Equal([float.NaN, 1, -1, float.MaxValue], values);
            Elementwise.SoftThreshold(float.PositiveInfinity, x, 4);
        }

        Assert.Equal([float.NaN, 0, 0, 0], values);
    }

    [Theory]
    [InlineData(3, 38)]
    [InlineData(0, 32)]
    [InlineData(32, 40)]
    [InlineData(0, 40)]
    public unsafe void Map_leaves_what_is_outside_its_part(int firstColumn, int endColumn)
    {
        const int Rows = 5, Columns = 40;
        var source = Enumerable.Range(0, Rows * Columns).Select(i => i + 1f).ToArray();
        var destination = new float[source.Length];
        var part = new MatrixPart(1, 4, firstColumn, endColumn);
        fixed (float* x = source, y = destination)
            Elementwise.Map(default(Double), x, y, Columns, part);
        for (var i = 0; i < source.Length; i++)
        {
            var (row, column) = (i / Columns, i % Columns);
            var isInside = row >= part.FirstRow && row < part.EndRow && column >= part.FirstColumn && column < part.EndColumn;
            Assert.Equal(isInside ? 2 * source[i] : 0, destination[i]);
        }
    }

    private readonly struct Double : IUnaryOperator
    {
        public TV Invoke<TV>(TV x) where TV : struct, ISimd<TV> => x + x;
    }

    private readonly struct Difference : IBinaryOperator
    {
        public TV Invoke<TV>(TV x, TV y) where TV : struct, ISimd<TV> => x - y;
    }
}
