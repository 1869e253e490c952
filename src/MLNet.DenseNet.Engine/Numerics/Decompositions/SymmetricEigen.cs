namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to a tridiagonal one, then QL steps with implicit shifts.
/// </summary>
/// <remarks>Golub and Van Loan, "Matrix Computations" (2013), sections 8.3.1 and 8.3.4 to 8.3.5. An error is about 1e-16 of the largest eigenvalue.</remarks>
internal sealed class SymmetricEigen
{
    // Two or three bring an eigenvalue to the last bit.
    private const int MostSteps = 60;

    private SymmetricEigen(double[] values, double[][] vectors) => (Values, Vectors) = (values, vectors);

    /// <summary>Descending.</summary>
    public double[] Values { get; }

    /// <summary>The vector of each value, of length 1. Its sign is arbitrary.</summary>
    public double[][] Vectors { get; }

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">(n x n), row by row; overwritten. Finite; its upper triangle is not read.</param>
    public static SymmetricEigen Of(double[][] matrix)
    {
        var size = matrix.Length;
        for (var row = 0; row < size; row++)
        {
            for (var column = row + 1; column < size; column++)
                matrix[row][column] = matrix[column][row];
        }

        var vectors = new double[size][];
        for (var i = 0; i < size; i++)
            (vectors[i] = new double[size])[i] = 1;
        var beside = Reduce(matrix, vectors);
        double[] values = [.. Enumerable.Range(0, size).Select(i => matrix[i][i])];
        for (var first = 0; first < size; first++)
            Converge(values, beside, vectors, first);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => values[i])];
        return new SymmetricEigen([.. order.Select(i => values[i])], [.. order.Select(i => vectors[i])]);
    }

    /// <summary>Makes the matrix tridiagonal by reflections, which the rows of <paramref name="basis"/> take part in.</summary>
    /// <returns>What stands beside the diagonal.</returns>
    private static double[] Reduce(double[][] matrix, double[][] basis)
    {
        var size = matrix.Length;
        var beside = new double[size];
        var (reflector, product) = (new double[size], new double[size]);
        for (var k = 0; k < size - 1; k++)
        {
            var (start, below) = (k + 1, 0.0);
            reflector[start] = matrix[start][k];
            for (var i = start + 1; i < size; i++)
                below += (reflector[i] = matrix[i][k]) * matrix[i][k];
            if (below == 0)
            {
                beside[k] = reflector[start];
                continue;
            }

            var length = Math.Sqrt(below + reflector[start] * reflector[start]);
            beside[k] = reflector[start] > 0 ? -length : length;
            reflector[start] -= beside[k];
            Reflect(matrix, reflector, product, start, 2 / (below + reflector[start] * reflector[start]));
            ReflectRows(basis, reflector, product, start, 2 / (below + reflector[start] * reflector[start]));
        }

        return beside;
    }

    /// <summary>A - u wᵀ - w uᵀ in the rows and columns from <paramref name="start"/> on, where p = factor A u, and w = p - factor / 2 (uᵀ p) u.</summary>
    private static void Reflect(double[][] matrix, double[] reflector, double[] product, int start, double factor)
    {
        var (size, sum) = (matrix.Length, 0.0);
        Array.Clear(product);
        for (var i = start; i < size; i++)
            DoubleVectors.AddScaled(matrix[i].AsSpan(start), factor * reflector[i], product.AsSpan(start));
        for (var i = start; i < size; i++)
            sum += reflector[i] * product[i];
        DoubleVectors.AddScaled(reflector.AsSpan(start), -factor / 2 * sum, product.AsSpan(start));
        for (var i = start; i < size; i++)
        {
            var row = matrix[i].AsSpan(start);
            DoubleVectors.AddScaled(product.AsSpan(start), -reflector[i], row);
            DoubleVectors.AddScaled(reflector.AsSpan(start), -product[i], row);
        }
    }

    /// <summary>B - factor u uᵀ B in the rows from <paramref name="start"/> on.</summary>
    private static void ReflectRows(double[][] basis, double[] reflector, double[] product, int start, double factor)
    {
        Array.Clear(product);
        for (var i = start; i < basis.Length; i++)
            DoubleVectors.AddScaled(basis[i], reflector[i], product);
        for (var i = start; i < basis.Length; i++)
            DoubleVectors.AddScaled(product, -factor * reflector[i], basis[i]);
    }

    /// <summary>QL steps until what stands beside the value at <paramref name="first"/> is nothing.</summary>
    private static void Converge(double[] values, double[] beside, double[][] vectors, int first)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            var last = first;
            while (last < values.Length - 1 && Math.Abs(values[last]) + Math.Abs(values[last + 1]) is var near && near + Math.Abs(beside[last]) != near)
                last++;
            if (last == first)
                return;
            Step(values, beside, vectors, first, last);
        }
    }

    private static void Step(double[] values, double[] beside, double[][] vectors, int first, int last)
    {
        // The eigenvalue of the first two rows and columns that is nearer to the first value.
        var half = (values[first + 1] - values[first]) / (2 * beside[first]);
        var shift = values[first] - beside[first] / (half + (half < 0 ? -1 : 1) * Math.Sqrt(half * half + 1));
        var (cosine, sine, below, bulge) = (1.0, 1.0, 0.0, values[last] - shift);
        for (var i = last - 1; i >= first; i--)
        {
            var (across, along) = (sine * beside[i], cosine * beside[i]);
            var length = Math.Sqrt(across * across + bulge * bulge);
            beside[i + 1] = length;
            if (length == 0)
            {
                // The matrix falls in two.
                values[i + 1] -= below;
                beside[last] = 0;
                return;
            }

            (sine, cosine) = (across / length, bulge / length);
            var corner = values[i + 1] - below;
            var turned = (values[i] - corner) * sine + 2 * cosine * along;
            below = sine * turned;
            values[i + 1] = corner + below;
            bulge = cosine * turned - along;
            DoubleVectors.Rotate(vectors[i], vectors[i + 1], cosine, sine);
        }

        values[first] -= below;
        beside[first] = bulge;
        beside[last] = 0;
    }
}
