using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Random matrices with orthonormal rows: a product with one keeps lengths, in every direction alike. The same bits everywhere.</summary>
/// <remarks>
/// Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks" (2013). Normally distributed rows are made orthonormal by the modified method of Gram and
/// Schmidt, in float64, which makes all such matrices equally likely.
/// </remarks>
internal static class OrthogonalMatrix
{
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="columns">Columns, at least as many.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="first">The first of rows · columns positions.</param>
    /// <returns>(rows x columns), row-major.</returns>
    public static float[] Create(int rows, int columns, RandomBits random, ulong first)
    {
        // Transposed, so that vectors hold the same column of several rows: all of them go through the same operations, whatever the width of the vectors.
        var matrix = new double[(long)columns * rows];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                matrix[(long)column * rows + row] = Normal(random, first + (ulong)row * (ulong)columns + (ulong)column);
        }

        var products = new double[rows];
        for (var row = 0; row < rows; row++)
            Remove(matrix, row, products);

        var result = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                result[row * columns + column] = (float)matrix[(long)column * rows + row];
        }

        return result;
    }

    private static double Normal(RandomBits random, ulong position) => ElementaryFunctions.NormalQuantile(new Scalar(UniformNumbers.BetweenSigns(random[position].X0))).Value;

    /// <summary>Gives a row the length 1, and takes its share out of all rows after it.</summary>
    private static void Remove(Span<double> matrix, int row, Span<double> products)
    {
        var rows = products.Length;
        var square = 0.0;
        for (var at = row; at < matrix.Length; at += rows)
            square += matrix[at] * matrix[at];
        var length = Math.Sqrt(square);
        products.Clear();
        for (var start = 0; start < matrix.Length; start += rows)
        {
            matrix[start + row] /= length;
            AddScaled(products[(row + 1)..], matrix[(start + row + 1)..(start + rows)], matrix[start + row]);
        }

        for (var start = 0; start < matrix.Length; start += rows)
            AddScaled(matrix[(start + row + 1)..(start + rows)], products[(row + 1)..], -matrix[start + row]);
    }

    /// <summary>values += factor · others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(Span<double> values, ReadOnlySpan<double> others, double factor)
    {
        var index = 0;
        for (; index <= values.Length - Vector<double>.Count; index += Vector<double>.Count)
            (new Vector<double>(values[index..]) + new Vector<double>(others[index..]) * factor).CopyTo(values[index..]);
        for (; index < values.Length; index++)
            values[index] += others[index] * factor;
    }
}
