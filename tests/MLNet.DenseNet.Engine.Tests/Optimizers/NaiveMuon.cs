namespace MLNet.DenseNet.Engine.Tests.Optimizers;

/// <summary>Muon's formulas in float64.</summary>
internal static class NaiveMuon
{
    /// <summary>a x + b x³ + c x⁵ of the singular values of a matrix divided by its norm, some times.</summary>
    /// <param name="matrix">(rows x columns), row-major.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="iterations">How often.</param>
    public static double[] Orthogonalized(IEnumerable<float> matrix, int rows, int columns, int iterations)
    {
        double[] x = [.. matrix];
        var norm = Math.Sqrt(x.Sum(value => value * value));
        x = [.. x.Select(value => norm == 0 ? 0 : value / norm)];
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            // (x xᵀ) x is the same as x (xᵀ x), whichever side is the smaller one.
            var cubed = Product(Product(x, Transposed(x, rows, columns), rows, columns, rows), x, rows, rows, columns);
            var fifth = Product(Product(cubed, Transposed(x, rows, columns), rows, columns, rows), x, rows, rows, columns);
            x = [.. x.Select((value, i) => 3.4445 * value - 4.7750 * cubed[i] + 2.0315 * fifth[i])];
        }

        return x;
    }

    private static double[] Transposed(double[] x, int rows, int columns)
    {
        var result = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
            result[i % columns * rows + i / columns] = x[i];
        return result;
    }

    private static double[] Product(double[] left, double[] right, int rows, int inner, int columns)
    {
        var result = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < inner; k++)
            {
                for (var j = 0; j < columns; j++)
                    result[i * columns + j] += left[i * inner + k] * right[k * columns + j];
            }
        }

        return result;
    }
}
