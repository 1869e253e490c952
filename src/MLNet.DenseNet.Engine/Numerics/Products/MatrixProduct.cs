using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The three matrix products of backpropagation. Trained matrices lie in panels (<see cref="PanelLayout"/>), all others row by row. Every element of a
/// result is accumulated in order of the inner index with fused multiply-add, so its bits do not depend on the width of the vectors.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>How a product is cut for threads.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WorkShares Shares(int rows, int inner, int columns, ThreadTeam? team) =>
        WorkShares.Of(WorkShares.Threads(team, (long)rows * inner * columns), rows, MicroKernel.Rows, columns);

    /// <summary>outputs = inputs · weights + bias: the forward pass.</summary>
    /// <param name="inputs">rows x inner.</param>
    /// <param name="weights">inner x columns, in panels.</param>
    /// <param name="bias">columns, or empty for none.</param>
    /// <param name="outputs">rows x columns.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="after">What to do with each part of the outputs.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TAfter>(
        MatrixRows inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int columns, TAfter after, ThreadTeam? team = null)
        where TAfter : struct, IPartWork
    {
        Lengths.Check(weights.Length, (long)inputs.Columns * columns);
        Lengths.Check(bias.Length, bias.IsEmpty ? 0 : columns);
        Lengths.Check(outputs.Length, (long)inputs.Rows * columns);
        fixed (float* b = weights, c = outputs, start = bias)
        {
            if (inputs.Rows == 1)
            {
                RowProduct.Run(inputs.Start(0), b, bias.IsEmpty ? null : start, c, inputs.Columns, columns);
                after.Do(MatrixPart.Whole(1, columns));
                return;
            }

            var kernel = new MacroKernel(
                inputs, isATransposed: false, new(b, inputs.Columns, columns, isInPanels: true), isBTransposed: false,
                bias.IsEmpty ? null : start, new(c, inputs.Rows, columns, isInPanels: false));
            Shares(inputs.Rows, inputs.Columns, columns, team).Run(in kernel, in after, team);
        }
    }

    /// <summary>result = inputsᵀ · gradient: the gradient of the weights.</summary>
    /// <param name="inputs">inner x rows.</param>
    /// <param name="gradient">inner x columns.</param>
    /// <param name="result">rows x columns, in panels.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="shares">How the result is cut.</param>
    /// <param name="before">What to do with the gradient first. It is given parts of the result, and works on a part's columns in all rows of the gradient.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="target">What applies the result while it is computed; by default it is written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposedLeft<TBefore>(
        MatrixRows inputs, Span<float> gradient, Span<float> result, int columns, in WorkShares shares, TBefore before, ThreadTeam? team = null, GradientTarget target = default)
        where TBefore : struct, IPartWork
    {
        Lengths.Check(gradient.Length, (long)inputs.Rows * columns);
        Lengths.Check(result.Length, (long)inputs.Columns * columns);
        fixed (float* b = gradient, c = result)
        {
            if (columns == 1 && inputs.IsContiguous && target.Update is null)
            {
                MultiplyTransposedLeftByColumn(inputs, b, c, in shares, in before, team);
                return;
            }

            var kernel = new MacroKernel(
                inputs, isATransposed: true, new(b, inputs.Rows, columns, isInPanels: false), isBTransposed: false,
                null, new(c, inputs.Columns, columns, isInPanels: true), target);
            Run(in before, in kernel, in shares, team);
        }
    }

    /// <summary>result = gradient · weightsᵀ: the gradient of a layer's inputs.</summary>
    /// <param name="gradient">rows x inner.</param>
    /// <param name="weights">columns x inner, in panels.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposedRight(MatrixRows gradient, ReadOnlySpan<float> weights, Span<float> result, int columns, ThreadTeam? team = null)
    {
        Lengths.Check(weights.Length, (long)columns * gradient.Columns);
        Lengths.Check(result.Length, (long)gradient.Rows * columns);
        fixed (float* b = weights, c = result)
        {
            var kernel = new MacroKernel(
                gradient, isATransposed: false, new(b, columns, gradient.Columns, isInPanels: true), isBTransposed: true,
                null, new(c, gradient.Rows, columns, isInPanels: false));
            Shares(gradient.Rows, gradient.Columns, columns, team).Run(in kernel, team);
        }
    }

    /// <summary>The same for one column, computed as a row times a matrix: the sums are the same, and vectors are full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyTransposedLeftByColumn<TBefore>(MatrixRows inputs, float* column, float* result, in WorkShares shares, in TBefore before, ThreadTeam? team)
        where TBefore : struct, IPartWork
    {
        var row = new MacroKernel(
            new MatrixRows(column, 1, inputs.Rows), isATransposed: false, new(inputs.Elements, inputs.Rows, inputs.Columns, isInPanels: false), isBTransposed: false,
            null, new(result, 1, inputs.Columns, isInPanels: false));
        Run(in before, new SingleColumn(row), in shares, team);
    }

    /// <summary>Work on whole columns of the right matrix, then the product. Both go part by part; only where parts share columns, all of the work comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TBefore, TProduct>(in TBefore before, in TProduct product, in WorkShares shares, ThreadTeam? team)
        where TBefore : struct, IPartWork
        where TProduct : struct, IPartWork
    {
        if (shares.Rows.Parts == 1)
        {
            shares.Run(in before, in product, team);
            return;
        }

        shares.OfColumns(shares.Rows.Length).Run(in before, team);
        shares.Run(in product, team);
    }

    /// <summary>A result of one column, computed as one row.</summary>
    private readonly struct SingleColumn(MacroKernel row) : IPartWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(MatrixPart part)
        {
            if (part.EndColumn > part.FirstColumn)
                row.Do(new MatrixPart(0, 1, part.FirstRow, part.EndRow));
        }
    }
}
