using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Optimizers;

public class OrthogonalizationTests
{
    public static TheoryData<int, int> Sides => new()
    {
        { 2, 2 }, { 2, 3 }, { 3, 2 }, { 1, 7 }, { 7, 1 }, { 16, 16 }, { 31, 33 }, { 33, 31 }, { 64, 32 }, { 117, 64 }, { 64, 117 }, { 200, 65 }, { 65, 200 },
    };

    [Theory]
    [MemberData(nameof(Sides))]
    public void A_matrix_becomes_what_the_polynomial_in_float64_makes_of_it(int rows, int columns)
    {
        foreach (var iterations in new[] { 1, 3, 5 })
        {
            var matrix = Samples.Numbers(rows * columns, seed: rows + columns);
            var expected = NaiveMuon.Orthogonalized(matrix, rows, columns, iterations);
            var actual = Run(matrix, rows, columns, iterations, team: null);
            // Each iteration multiplies a rounding by the slope of the polynomial, 3.4445, at most.
            var largest = expected.Max(Math.Abs);
            for (var i = 0; i < actual.Length; i++)
                Assert.InRange(actual[i], expected[i] - 2e-4 * largest, expected[i] + 2e-4 * largest);
        }
    }

    /// <summary>The product of the result and its own transpose is near the identity where the matrix is well conditioned.</summary>
    [Theory]
    [InlineData(100, 10)]
    [InlineData(10, 100)]
    public void Its_rows_or_columns_become_nearly_orthogonal(int rows, int columns)
    {
        var result = Run(Samples.Numbers(rows * columns, seed: 5), rows, columns, 5, team: null);
        var side = Math.Min(rows, columns);
        for (var i = 0; i < side; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < Math.Max(rows, columns); k++)
                    sum += rows > columns ? result[k * columns + i] * result[k * columns + j] : result[i * columns + k] * result[j * columns + k];
                // Singular values between 0.7 and 1.2 have squares between 0.49 and 1.44.
                Assert.InRange(sum, i == j ? 0.45 : -0.48, i == j ? 1.45 : 0.48);
            }
        }
    }

    [Fact]
    public void Its_size_does_not_matter_and_zeros_stay()
    {
        var matrix = Samples.Numbers(20 * 9, seed: 8);
        var expected = Run(matrix, 20, 9, 5, team: null);
        // Powers of 2, so that the norm has the same bits but for its exponent.
        foreach (var factor in new[] { MathF.Pow(2, -40), MathF.Pow(2, 100) })
            Assert.Equal(expected, Run([.. matrix.Select(value => value * factor)], 20, 9, 5, team: null));
        Assert.Equal(new float[180], Run(new float[180], 20, 9, 5, team: null));
    }

    [Theory]
    [InlineData(300, 200)]
    [InlineData(200, 300)]
    public void Any_number_of_threads_gives_the_same_bits(int rows, int columns)
    {
        var matrix = Samples.Numbers(rows * columns, seed: 3);
        var expected = Run(matrix, rows, columns, 3, team: null);
        foreach (var threads in new[] { 2, 3 })
        {
            using var team = new ThreadTeam(threads);
            Assert.Equal(expected, Run(matrix, rows, columns, 3, team));
        }
    }

    private static float[] Run(float[] matrix, int rows, int columns, int iterations, ThreadTeam? team)
    {
        var (panels, result) = (new float[matrix.Length], new float[matrix.Length]);
        PanelLayout.FromRowMajor(matrix, panels, columns);
        new Orthogonalization(matrix.Length, Math.Min(rows, columns)).Run(panels, rows, columns, iterations, team);
        PanelLayout.ToRowMajor(panels, result, columns);
        return result;
    }
}
