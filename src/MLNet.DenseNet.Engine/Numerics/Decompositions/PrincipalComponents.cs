using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The directions in which rows vary, from the one of the largest variance on.</summary>
internal sealed class PrincipalComponents
{
    // Smaller shares of the largest variance, and of all squares, are what rounding left.
    private const double LeastShare = 1e-12;
    private const double LeastShareOfSquares = 1e-24;

    private readonly Func<int, double[]> _direction;

    private PrincipalComponents(int rows, double[] means, double[] variations, Func<int, double[]> direction, double[][] scores) =>
        (RowCount, Means, Variations, _direction, Scores) = (rows, means, variations, direction, scores);

    /// <summary>(columns): of the rows.</summary>
    public double[] Means { get; }

    /// <summary>(components): the sum of squares along each direction, descending, above 0.</summary>
    public double[] Variations { get; }

    /// <summary>(components x rows): where each row lies along the directions. Those of a component have mean 0 and a sum of squares of 1.</summary>
    public double[][] Scores { get; }

    /// <summary>The rows.</summary>
    public int RowCount { get; }

    /// <summary>The columns that the components are of.</summary>
    public int ColumnCount => Means.Length;

    /// <summary>How many directions there would be if all varied equally and their squared variances added up to the same: (Σ v)² / Σ v².</summary>
    public double EffectiveCount => Variations.Sum() is var sum && sum > 0 ? sum * sum / Variations.Sum(variation => variation * variation) : 0;

    /// <summary>(columns): the direction of a component, of length 1. Of thousands of columns, each takes its time.</summary>
    public double[] Direction(int component) => _direction(component);

    /// <summary>Finds all that there are.</summary>
    /// <param name="rows">(rows x columns), finite; overwritten.</param>
    public static PrincipalComponents Of(double[][] rows)
    {
        var (count, columns) = (rows.Length, rows[0].Length);
        var (means, squares) = (new double[columns], 0.0);
        foreach (var row in rows)
        {
            DoubleVectors.AddScaled(row, 1.0 / count, means);
            squares += DoubleVectors.SumOfProducts(row, row);
        }

        foreach (var row in rows)
            DoubleVectors.AddScaled(means, -1, row);

        // Whichever is smaller: the products of columns, whose eigenvectors are directions, or those of rows, whose eigenvectors are scores.
        var ofColumns = columns < count;
        var other = Transposed(rows);
        var eigen = SymmetricEigen.Of(Products(ofColumns ? rows : other));
        var kept = eigen.Values.TakeWhile(value => value > LeastShare * eigen.Values[0] && value > LeastShareOfSquares * squares).Count();
        var (variations, vectors) = (eigen.Values[..kept], eigen.Vectors[..kept]);
        return ofColumns
            ? new(count, means, variations, k => vectors[k], [.. vectors.Select((_, k) => Across(other, k))])
            : new(count, means, variations, k => Across(rows, k), vectors);

        double[] Across(double[][] along, int k) => Combined(along, vectors[k], 1 / Math.Sqrt(variations[k]));
    }

    /// <summary>What brings columns to components of variance 1 on these rows.</summary>
    /// <param name="count">How many components; those beyond what there are stay 0.</param>
    /// <returns>(columns x components) and (components).</returns>
    public (float[] Weights, float[] Bias) Whitening(int count)
    {
        var (weights, bias) = (new float[Means.Length * count], new float[count]);
        for (var k = 0; k < Math.Min(count, Variations.Length); k++)
        {
            var direction = Direction(k);
            var (scale, middle) = (Math.Sqrt(RowCount / Variations[k]), 0.0);
            for (var column = 0; column < Means.Length; column++)
            {
                weights[column * count + k] = FiniteValues.Nearest(scale * direction[column]);
                middle += Means[column] * scale * direction[column];
            }

            bias[k] = FiniteValues.Nearest(-middle);
        }

        return (weights, bias);
    }

    /// <summary>The lower triangle of the sum of the rows' outer products.</summary>
    private static double[][] Products(double[][] rows)
    {
        double[][] products = [.. rows[0].Select(_ => new double[rows[0].Length])];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                DoubleVectors.AddScaled(row, row[i], products[i].AsSpan(0, i + 1));
        }

        return products;
    }

    /// <summary>The sum of the rows, each times a factor of its own and one of all.</summary>
    private static double[] Combined(double[][] rows, double[] factors, double ofAll)
    {
        var sum = new double[rows[0].Length];
        for (var i = 0; i < rows.Length; i++)
            DoubleVectors.AddScaled(rows[i], factors[i] * ofAll, sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[][] Transposed(double[][] rows)
    {
        double[][] columns = [.. rows[0].Select(_ => new double[rows.Length])];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < columns.Length; column++)
                columns[column][row] = rows[row][column];
        }

        return columns;
    }
}
