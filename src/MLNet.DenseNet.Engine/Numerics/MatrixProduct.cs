using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The three matrix products of backpropagation, all matrices row-major. Every element of a result is accumulated in order
/// of the inner index with fused multiply-add, so its bits do not depend on the width of the vectors.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>outputs = inputs · weights + bias: the forward pass.</summary>
    /// <param name="inputs">rows x inner.</param>
    /// <param name="weights">inner x columns.</param>
    /// <param name="bias">columns, or empty for none.</param>
    /// <param name="outputs">rows x columns.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    public static void Multiply(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int rows, int inner, int columns)
    {
        Elementwise.CheckSameLength(inputs.Length, rows * inner);
        Elementwise.CheckSameLength(weights.Length, inner * columns);
        Elementwise.CheckSameLength(bias.Length, bias.IsEmpty ? 0 : columns);
        Elementwise.CheckSameLength(outputs.Length, rows * columns);
        fixed (float* a = inputs, b = weights, c = outputs, start = bias)
            new MatrixTiles(a, inner, 1, b, c, start, rows, inner, columns).Run();
    }

    /// <summary>result = inputsᵀ · gradient: the gradient of the weights.</summary>
    /// <param name="inputs">inner x rows.</param>
    /// <param name="gradient">inner x columns.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    public static void MultiplyTransposedLeft(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> gradient, Span<float> result, int rows, int inner, int columns)
    {
        Elementwise.CheckSameLength(inputs.Length, inner * rows);
        Elementwise.CheckSameLength(gradient.Length, inner * columns);
        Elementwise.CheckSameLength(result.Length, rows * columns);
        fixed (float* a = inputs, b = gradient, c = result)
            new MatrixTiles(a, 1, rows, b, c, null, rows, inner, columns).Run();
    }

    /// <summary>result = gradient · weightsᵀ: the gradient of a layer's inputs.</summary>
    /// <param name="gradient">rows x inner.</param>
    /// <param name="weights">columns x inner.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="scratch">At least inner * columns elements, overwritten.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    public static void MultiplyTransposedRight(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> weights, Span<float> result, Span<float> scratch, int rows, int inner, int columns)
    {
        var transposed = scratch[..(inner * columns)];
        Transpose(weights, transposed, columns, inner);
        Multiply(gradient, transposed, [], result, rows, inner, columns);
    }

    /// <summary>result[j, i] = matrix[i, j].</summary>
    /// <param name="matrix">rows x columns.</param>
    /// <param name="result">columns x rows.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    public static void Transpose(ReadOnlySpan<float> matrix, Span<float> result, int rows, int columns)
    {
        const int Block = 16;
        Elementwise.CheckSameLength(matrix.Length, rows * columns);
        Elementwise.CheckSameLength(result.Length, rows * columns);
        for (var i0 = 0; i0 < rows; i0 += Block)
        {
            for (var j0 = 0; j0 < columns; j0 += Block)
            {
                for (var i = i0; i < Math.Min(i0 + Block, rows); i++)
                {
                    for (var j = j0; j < Math.Min(j0 + Block, columns); j++)
                        result[j * rows + i] = matrix[i * columns + j];
                }
            }
        }
    }

    /// <summary>result[j] = sum over i of matrix[i, j], added in order of i: the gradient of the bias.</summary>
    /// <param name="matrix">rows x columns.</param>
    /// <param name="result">columns.</param>
    /// <param name="rows">Rows of the matrix.</param>
    public static void SumRows(ReadOnlySpan<float> matrix, Span<float> result, int rows)
    {
        Elementwise.CheckSameLength(matrix.Length, rows * result.Length);
        result.Clear();
        for (var row = 0; row < rows; row++)
            Elementwise.Map(default(Sum), result, matrix.Slice(row * result.Length, result.Length), result);
    }

    private readonly struct Sum : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV x, TV y) where TV : struct, ISimd<TV> => x + y;
    }
}
