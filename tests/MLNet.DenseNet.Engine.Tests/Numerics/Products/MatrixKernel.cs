using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>A matrix product of the engine under the one signature that all tests of products use.</summary>
/// <param name="Name">For messages.</param>
/// <param name="IsLeftTransposed">Whether the left matrix lies in memory as (inner x rows), else (rows x inner).</param>
/// <param name="IsRightTransposed">Whether the right matrix lies in memory as (columns x inner), else (inner x columns).</param>
/// <param name="HasBias">Whether sums start from the bias, else from 0.</param>
/// <param name="Run">Computes the (rows x columns) of the result.</param>
internal sealed record MatrixKernel(string Name, bool IsLeftTransposed, bool IsRightTransposed, bool HasBias, MatrixKernel.Function Run)
{
    public delegate void Function(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, ReadOnlySpan<float> bias, Span<float> result, int rows, int inner, int columns, ThreadTeam? team);

    public static IReadOnlyList<MatrixKernel> All { get; } =
    [
        new("inputs · weights", false, false, false, (left, right, _, result, rows, inner, columns, team) =>
            SpanKernels.Multiply(left, right, [], result, rows, inner, columns, team)),
        new("inputs · weights + bias", false, false, true, (left, right, bias, result, rows, inner, columns, team) =>
            SpanKernels.Multiply(left, right, bias, result, rows, inner, columns, team)),
        new("inputs · weights onto the bias", false, false, true, SpanKernels.MultiplyOntoBias),
        new("inputsᵀ · gradient", true, false, false, (left, right, _, result, rows, inner, columns, team) =>
            SpanKernels.MultiplyTransposedLeft(left, right, result, rows, inner, columns, team)),
        new("gradient · weightsᵀ", false, true, false, (left, right, _, result, rows, inner, columns, team) =>
            SpanKernels.MultiplyTransposedRight(left, right, result, rows, inner, columns, team)),
    ];

    /// <summary>Lays matrices out as the kernel reads them and computes. An element that it left out would stay not-a-number.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="left">(rows x inner).</param>
    /// <param name="right">(inner x columns).</param>
    /// <param name="bias">(columns).</param>
    public float[] Multiply(ProductShape shape, ReadOnlySpan<float> left, ReadOnlySpan<float> right, ReadOnlySpan<float> bias)
    {
        var (rows, inner, columns) = shape;
        var result = new float[rows * columns];
        Array.Fill(result, float.NaN);
        var laidOut = IsRightTransposed ? Transposed(right, columns) : right;
        Run(IsLeftTransposed ? Transposed(left, inner) : left, IsResultTrained ? laidOut : InPanels(laidOut, IsRightTransposed ? inner : columns), bias, result, rows, inner, columns, null);
        if (!IsResultTrained)
            return result;
        var rowMajor = new float[result.Length];
        PanelLayout.ToRowMajor(result, rowMajor, columns);
        return rowMajor;
    }

    public override string ToString() => Name;

    /// <summary>The gradient of the weights lies in panels as the weights do; of the other products, the weights are the right matrix.</summary>
    private bool IsResultTrained => IsLeftTransposed;

    private static float[] InPanels(ReadOnlySpan<float> rowMajor, int columns)
    {
        var panels = new float[rowMajor.Length];
        PanelLayout.FromRowMajor(rowMajor, panels, columns);
        return panels;
    }

    private static float[] Transposed(ReadOnlySpan<float> matrix, int columns)
    {
        var result = new float[matrix.Length];
        var rows = columns == 0 ? 0 : matrix.Length / columns;
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                result[j * rows + i] = matrix[i * columns + j];
        }

        return result;
    }
}
