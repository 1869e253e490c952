using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>The engine's kernels on spans, as tests call them.</summary>
internal static unsafe class SpanKernels
{
    public static void Forward(this Activation activation, ReadOnlySpan<float> sums, Span<float> outputs, int units)
    {
        fixed (float* x = sums, y = outputs)
            activation.Forward(x, y, units, Rows(sums, units));
    }

    public static void Backward(this Activation activation, ReadOnlySpan<float> kept, Span<float> gradient, int units)
    {
        fixed (float* x = kept, y = gradient)
            activation.Backward(x, y, units, Rows(gradient, units));
    }

    /// <summary>The loss of one row.</summary>
    public static double Evaluate(this Loss loss, ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, float scale, Span<float> gradient)
    {
        var outputs = prediction.Length;
        var (losses, scales) = ((float[])[0], (float[])[scale]);
        fixed (float* p = prediction, t = target, g = gradient, l = losses, s = scales)
        {
            double exact;
            var pass = new LossPass(outputs, rows: 1, stride: 1, p, t, s, g, l) { ExactLosses = &exact };
            loss.Evaluate(in pass);
            return loss is CustomLoss ? exact : losses[0];
        }
    }

    /// <summary>A forward pass as in training.</summary>
    public static ReadOnlySpan<float> Forward(this Network network, ReadOnlySpan<float> inputs, Workspace workspace, TrainingStep step)
    {
        fixed (float* x = inputs)
            return network.Forward(new MatrixRows(x, inputs.Length / network.InputShape.Size, network.InputShape.Size), workspace, step);
    }

    /// <summary>inputs · weights + bias.</summary>
    /// <param name="inputs">(rows x inner).</param>
    /// <param name="weights">(inner x columns), in panels.</param>
    /// <param name="bias">(columns), or empty.</param>
    /// <param name="outputs">(rows x columns).</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public static void Multiply(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int rows, int inner, int columns, ThreadTeam? team = null)
    {
        fixed (float* x = inputs)
            MatrixProduct.Multiply(new MatrixRows(x, rows, inner), weights, bias, outputs, columns, default(NoWork), team);
    }

    /// <summary>inputs · weights + bias, accumulated onto a result that holds the bias.</summary>
    /// <inheritdoc cref="Multiply"/>
    public static void MultiplyOntoBias(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int rows, int inner, int columns, ThreadTeam? team = null)
    {
        for (var row = 0; row < rows; row++)
            bias[..columns].CopyTo(outputs[(row * columns)..]);
        fixed (float* x = inputs, w = weights, y = outputs)
        {
            var kernel = new MacroKernel(
                new MatrixRows(x, rows, inner), isATransposed: false, new(w, inner, columns, isInPanels: true), isBTransposed: false, null, new(y, rows, columns, isInPanels: false), adds: true);
            MatrixProduct.Shares(rows, inner, columns, team).Run(in kernel, team);
        }
    }

    /// <summary>inputsᵀ · gradient.</summary>
    /// <param name="inputs">(inner x rows).</param>
    /// <param name="gradient">(inner x columns).</param>
    /// <param name="result">(rows x columns), in panels.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public static void MultiplyTransposedLeft(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> gradient, Span<float> result, int rows, int inner, int columns, ThreadTeam? team = null)
    {
        fixed (float* x = inputs, y = gradient)
            MatrixProduct.MultiplyTransposedLeft(new MatrixRows(x, inner, rows), new Span<float>(y, gradient.Length), result, columns, MatrixProduct.Shares(rows, inner, columns, team), default(NoWork), team);
    }

    /// <summary>gradient · weightsᵀ.</summary>
    /// <param name="gradient">(rows x inner).</param>
    /// <param name="weights">(columns x inner), in panels.</param>
    /// <param name="result">(rows x columns).</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="unread">Which columns of the result nobody reads; empty for none.</param>
    public static void MultiplyTransposedRight(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> weights, Span<float> result, int rows, int inner, int columns, ThreadTeam? team = null, ReadOnlySpan<bool> unread = default)
    {
        fixed (float* x = gradient)
            MatrixProduct.MultiplyTransposedRight(new MatrixRows(x, rows, inner), weights, result, columns, team, unread);
    }

    public static void SumRows(ReadOnlySpan<float> matrix, Span<float> result, int rows)
    {
        fixed (float* x = matrix, y = result)
            ColumnSums.Run(x, y, result.Length, MatrixPart.Whole(rows, result.Length));
    }

    private static MatrixPart Rows(ReadOnlySpan<float> matrix, int units) => MatrixPart.Whole(units == 0 ? 0 : matrix.Length / units, units);
}
