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
    /// <param name="crew">Who shares the work; null for the caller alone.</param>
    /// <param name="copies">A copy of the inputs for each of the crew's threads; empty where there is only the one.</param>
    public static void Multiply(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int rows, int inner, int columns, Crew? crew = null, MatrixCopies copies = default)
    {
        Elementwise.CheckSameLength(inputs.Length, rows * inner);
        Elementwise.CheckSameLength(weights.Length, inner * columns);
        Elementwise.CheckSameLength(bias.Length, bias.IsEmpty ? 0 : columns);
        Elementwise.CheckSameLength(outputs.Length, rows * columns);
        fixed (float* a = inputs, b = weights, c = outputs, start = bias)
            new MatrixBlocks(a, inner, 1, b, columns, isTransposed: false, bias.IsEmpty ? null : start, c, columns).Run(rows, inner, columns, crew, copies);
    }

    /// <summary>result = inputsᵀ · gradient: the gradient of the weights.</summary>
    /// <param name="inputs">inner x rows.</param>
    /// <param name="gradient">inner x columns.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="crew">Who shares the work; null for the caller alone.</param>
    /// <param name="copies">A copy of the inputs for each of the crew's threads; empty where there is only the one.</param>
    public static void MultiplyTransposedLeft(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> gradient, Span<float> result, int rows, int inner, int columns, Crew? crew = null, MatrixCopies copies = default)
    {
        Elementwise.CheckSameLength(inputs.Length, inner * rows);
        Elementwise.CheckSameLength(gradient.Length, inner * columns);
        Elementwise.CheckSameLength(result.Length, rows * columns);
        fixed (float* a = inputs, b = gradient, c = result)
            new MatrixBlocks(a, 1, rows, b, columns, isTransposed: false, null, c, columns).Run(rows, inner, columns, crew, copies);
    }

    /// <summary>result = gradient · weightsᵀ: the gradient of a layer's inputs.</summary>
    /// <param name="gradient">rows x inner.</param>
    /// <param name="weights">columns x inner.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="crew">Who shares the work; null for the caller alone.</param>
    public static void MultiplyTransposedRight(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> weights, Span<float> result, int rows, int inner, int columns, Crew? crew = null)
    {
        Elementwise.CheckSameLength(gradient.Length, rows * inner);
        Elementwise.CheckSameLength(weights.Length, columns * inner);
        Elementwise.CheckSameLength(result.Length, rows * columns);
        fixed (float* a = gradient, b = weights, c = result)
            new MatrixBlocks(a, inner, 1, b, inner, isTransposed: true, null, c, columns).Run(rows, inner, columns, crew);
    }

    /// <summary>result[j] = sum over i of matrix[i, j], added in order of i: the gradient of the bias.</summary>
    /// <param name="matrix">rows x columns.</param>
    /// <param name="result">columns.</param>
    /// <param name="rows">Rows of the matrix.</param>
    public static void SumRows(ReadOnlySpan<float> matrix, Span<float> result, int rows)
    {
        Elementwise.CheckSameLength(matrix.Length, rows * result.Length);
        fixed (float* x = matrix, y = result)
            Elementwise.Run(new ColumnSum(x, y, rows, result.Length), result.Length);
    }

    private readonly struct ColumnSum(float* matrix, float* result, int rows, int columns) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var sum = TV.Broadcast(0f);
            var x = matrix + index;
            for (var row = 0; row < rows; row++, x += columns)
                sum += TV.Load(x);
            sum.Store(result + index);
        }
    }
}
