using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Random matrices with orthonormal rows: a product with one keeps lengths, in every direction alike. The same bits everywhere.</summary>
/// <remarks>
/// Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks" (2013). Normally distributed rows are made orthonormal by the modified method of Gram and
/// Schmidt, in float64, which makes all such matrices equally likely.
/// </remarks>
internal static class OrthogonalMatrix
{
    // So many rows stay in a cache while the shares of all rows before them are taken out, and their sums, four vectors, in registers.
    private const int RowsAtOnce = 16;

    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="columns">Columns, at least as many.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="first">The first of rows · columns positions.</param>
    /// <returns>(rows x columns), row-major.</returns>
    public static float[] Create(int rows, int columns, RandomBits random, ulong first)
    {
        var done = new double[(long)rows * columns];
        // Transposed, so that vectors hold the same column of several rows: all of them go through the same operations. What lies beyond the last row stays 0.
        var block = new double[(long)columns * RowsAtOnce];
        for (var start = 0; start < rows; start += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, rows - start);
            block.AsSpan().Clear();
            for (var row = 0; row < count; row++)
            {
                for (var column = 0; column < columns; column++)
                    block[column * RowsAtOnce + row] = Normal(random, first + (ulong)(start + row) * (ulong)columns + (ulong)column);
            }

            TakeOut(done, start, block, columns);
            for (var row = 0; row < count; row++)
                Finish(block, row, done.AsSpan((start + row) * columns, columns));
        }

        return Array.ConvertAll(done, value => (float)value);
    }

    private static double Normal(RandomBits random, ulong position) => ElementaryFunctions.NormalQuantile(new Scalar(UniformNumbers.BetweenSigns(random[position].X0))).Value;

    /// <summary>Takes the shares of finished rows out of a block, one after the other.</summary>
    private static void TakeOut(double[] done, int count, Span<double> block, int columns)
    {
        var products = default(Sums);
        for (var row = 0; row < count; row++)
        {
            // Where the share of the row before is taken out of a column, it is also multiplied with this row: one way through memory for both.
            var before = done.AsSpan(Math.Max(0, row - 1) * columns, columns);
            products = Step(Vectors(block), before, products, done.AsSpan(row * columns, columns));
        }

        if (count > 0)
            Subtract(Vectors(block), done.AsSpan((count - 1) * columns, columns), products);
    }

    /// <summary>Gives a row of a block the length 1, and takes its share out of all rows after it. The rows up to it are not read any more.</summary>
    /// <param name="block">(columns x rows at once).</param>
    /// <param name="row">Which.</param>
    /// <param name="finished">To be filled with the row.</param>
    private static void Finish(Span<double> block, int row, Span<double> finished)
    {
        var square = 0.0;
        for (var at = row; at < block.Length; at += RowsAtOnce)
            square += block[at] * block[at];
        var length = Math.Sqrt(square);
        for (var column = 0; column < finished.Length; column++)
            finished[column] = block[column * RowsAtOnce + row] / length;
        if (row < RowsAtOnce - 1)
            Subtract(Vectors(block), finished, Step(Vectors(block), finished, default, finished));
    }

    private static Span<Sums> Vectors(Span<double> block) => MemoryMarshal.Cast<double, Sums>(block);

    /// <summary>block -= products · before; then the products of the block with a row.</summary>
    /// <remarks>Multiplied and added apart, column after column: the order in which the rows of the block would be summed one by one.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Sums Step(Span<Sums> block, ReadOnlySpan<double> before, Sums products, ReadOnlySpan<double> row)
    {
        var (p0, p1, p2, p3) = (products.First, products.Second, products.Third, products.Fourth);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var column = 0; column < block.Length && column < before.Length && column < row.Length; column++)
        {
            ref var values = ref block[column];
            var (share, factor) = (Vector256.Create(-before[column]), Vector256.Create(row[column]));
            var (v0, v1, v2, v3) = (values.First + p0 * share, values.Second + p1 * share, values.Third + p2 * share, values.Fourth + p3 * share);
            (values.First, values.Second, values.Third, values.Fourth) = (v0, v1, v2, v3);
            s0 += v0 * factor;
            s1 += v1 * factor;
            s2 += v2 * factor;
            s3 += v3 * factor;
        }

        return new Sums(s0, s1, s2, s3);
    }

    /// <summary>block -= products · row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(Span<Sums> block, ReadOnlySpan<double> row, Sums products)
    {
        for (var column = 0; column < block.Length && column < row.Length; column++)
        {
            ref var values = ref block[column];
            var share = Vector256.Create(-row[column]);
            values = new Sums(values.First + products.First * share, values.Second + products.Second * share, values.Third + products.Third * share, values.Fourth + products.Fourth * share);
        }
    }

    /// <summary>A value for each row of a block.</summary>
    private record struct Sums(Vector256<double> First, Vector256<double> Second, Vector256<double> Third, Vector256<double> Fourth);
}
