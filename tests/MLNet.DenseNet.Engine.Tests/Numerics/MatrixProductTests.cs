using CsCheck;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class MatrixProductTests
{
    /// <summary>The edges of the register tile (6 rows; 1, 4, 8, 16, 32 columns), one to either side.</summary>
    private static readonly int[] Edges = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 31, 32, 33, 47, 48, 49];

    [Fact]
    public void Products_agree_with_float64_at_every_tile_edge()
    {
        foreach (var rows in Edges)
        {
            foreach (var columns in Edges)
            {
                foreach (var inner in (int[])[1, 2, 7, 16])
                    CheckAll(rows, inner, columns);
            }
        }
    }

    [Fact]
    public void Products_agree_with_float64_for_any_size() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 200], Gen.Int[1, 80]).Sample((rows, inner, columns) => CheckAll(rows, inner, columns), iter: 200);

    /// <summary>More rows and a longer inner index than a block, and strides that make blocks be packed.</summary>
    [Theory]
    [InlineData(9, 300, 1030)]
    [InlineData(40, 600, 1100)]
    [InlineData(1024, 270, 45)]
    [InlineData(1280, 30, 1029)]
    public void Products_agree_with_float64_across_blocks(int rows, int inner, int columns) => CheckAll(rows, inner, columns);

    [Fact]
    public void Sum_of_rows_agrees_with_float64()
    {
        foreach (var columns in Edges)
        {
            var matrix = Values(7 * columns, seed: columns);
            var result = new float[columns];
            MatrixProduct.SumRows(matrix, result, 7);
            for (var j = 0; j < columns; j++)
                Assert.Equal(Enumerable.Range(0, 7).Sum(i => (double)matrix[i * columns + j]), result[j], 1e-5);
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused() =>
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(new float[5], new float[6], [], new float[4], 2, 3, 2));

    private static void CheckAll(int rows, int inner, int columns)
    {
        var left = Values(rows * inner, seed: rows);
        var right = Values(inner * columns, seed: columns);
        var bias = Values(columns, seed: inner);
        var expected = Naive(left, right, rows, inner, columns);

        var result = new float[rows * columns];
        MatrixProduct.Multiply(left, right, [], result, rows, inner, columns);
        CheckClose(expected, result, inner);

        MatrixProduct.MultiplyTransposedLeft(Transposed(left, rows, inner), right, result, rows, inner, columns);
        CheckClose(expected, result, inner);

        MatrixProduct.MultiplyTransposedRight(left, Transposed(right, inner, columns), result, rows, inner, columns);
        CheckClose(expected, result, inner);

        MatrixProduct.Multiply(left, right, bias, result, rows, inner, columns);
        CheckClose([.. expected.Select((x, i) => x + bias[i % columns])], result, inner);
    }

    /// <summary>The values lie in [-1, 1), so an error of a unit in the last place of each of the sum's terms bounds the total.</summary>
    private static void CheckClose(double[] expected, float[] actual, int inner)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], (inner + 1) * inner * 6e-8);
    }

    private static double[] Naive(float[] left, float[] right, int rows, int inner, int columns)
    {
        var result = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                for (var k = 0; k < inner; k++)
                    result[i * columns + j] += (double)left[i * inner + k] * right[k * columns + j];
            }
        }

        return result;
    }

    private static float[] Transposed(float[] matrix, int rows, int columns)
    {
        var result = new float[matrix.Length];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                result[j * rows + i] = matrix[i * columns + j];
        }

        return result;
    }

    private static float[] Values(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
