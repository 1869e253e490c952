namespace MLNet.DenseNet.Engine.Tests;

public class ShapeTests
{
    [Fact]
    public void Size_is_the_product_of_the_dimensions()
    {
        var shape = new Shape(28, 20, 3);
        Assert.Equal(1680, shape.Size);
        Assert.Equal([28, 20, 3], shape.Dimensions.ToArray());
        Assert.Equal("28 x 20 x 3", shape.ToString());
    }

    [Fact]
    public void A_number_is_a_shape_of_one_dimension()
    {
        Shape shape = 7;
        Assert.Equal(new Shape(7), shape);
        Assert.Equal(Shape.FromInt32(7), shape);
        Assert.Equal("7", shape.ToString());
    }

    [Fact]
    public void Shapes_are_equal_by_their_dimensions()
    {
        Assert.True(new Shape(2, 3) == new Shape(2, 3));
        Assert.Equal(new Shape(2, 3).GetHashCode(), new Shape(2, 3).GetHashCode());
        Assert.True(new Shape(2, 3) != new Shape(3, 2));
        Assert.True(new Shape(6) != new Shape(2, 3));
        Assert.False(new Shape(6).Equals((object)6));
    }

    [Fact]
    public void Dimensions_are_copied()
    {
        int[] dimensions = [2, 3];
        var shape = new Shape(dimensions);
        dimensions[0] = 9;
        Assert.Equal(new Shape(2, 3), shape);
    }

    [Fact]
    public void More_dimensions_than_can_be_saved_are_refused()
    {
        int[] dimensions = [.. Enumerable.Repeat(1, 17)];
        Assert.Equal(16, new Shape(dimensions.AsSpan(1)).Dimensions.Length);
        Assert.Contains("at most 16 dimensions; 17 were given", Assert.Throws<ArgumentException>(nameof(dimensions), () => new Shape(dimensions)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_dimension_is_refused() => Assert.Throws<ArgumentException>("dimensions", () => new Shape([]));

    [Fact]
    public void Shape_that_was_never_constructed_equals_only_itself()
    {
        Assert.Equal(default, new Shape());
        Assert.NotEqual(new Shape(1), default);
        Assert.Equal((0, ""), (default(Shape).Size, default(Shape).ToString()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, -1)]
    [InlineData(65536, 32768)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Dimensions_below_one_and_sizes_above_an_int_are_refused(int first, int second) =>
        Assert.Throws<ArgumentOutOfRangeException>("dimensions", () => new Shape(first, second));
}
