using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The three matrix products of backpropagation. Trained matrices lie in panels (<see cref="PanelLayout"/>), all others row by row. Every element of a
/// result is accumulated in order of the inner index with fused multiply-add, so its bits do not depend on the width of the vectors.
/// </summary>
internal static unsafe class MatrixProduct
{
    // What an element of the result costs besides its sum: it is written to a cache line that other threads have read.
    private const int MultiplyAddsPerElement = 64;

    // A micro-panel of the right matrix is read from the first-level cache for all rows of a chunk but the first ones.
    private const int FewestRowsOfChunk = 8 * MicroKernel.Rows;

    // Packing a transposed right matrix takes a thread as long as multiplying so many rows by it.
    private const int RowsOfPacking = 8;

    /// <summary>How many threads a product is worth.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Threads(int rows, int inner, int columns, ThreadTeam? team) =>
        ThreadTeam.ThreadsFor(team, rows * ((long)inner + MultiplyAddsPerElement) * AlignedBuffer.RoundUp(columns));

    /// <summary>How a product is cut for threads.</summary>
    /// <inheritdoc cref="Threads"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WorkShares Shares(int rows, int inner, int columns, ThreadTeam? team) => WorkShares.Of(Threads(rows, inner, columns, team), rows, MicroKernel.Rows, columns);

    /// <summary>How a product with a transposed right matrix is cut for threads.</summary>
    /// <inheritdoc cref="Threads"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WorkShares TransposedRightShares(int rows, int inner, int columns, ThreadTeam? team) =>
        WorkShares.Of(Threads(rows, inner, columns, team), rows, MicroKernel.Rows, columns, RowsOfPacking);

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
        in MatrixRows inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int columns, in TAfter after, ThreadTeam? team = null)
        where TAfter : struct, IPartWork
    {
        Lengths.Check(weights.Length, (long)inputs.Columns * columns);
        Lengths.Check(bias.Length, bias.IsEmpty ? 0 : columns);
        Lengths.Check(outputs.Length, (long)inputs.Rows * columns);
        fixed (float* b = weights, c = outputs, start = bias)
        {
            if (inputs.Rows != 1)
            {
                MultiplyRows(in inputs, b, bias.IsEmpty ? null : start, c, columns, in after, team);
                return;
            }

            RowProduct.Run(inputs.Start(0), b, bias.IsEmpty ? null : start, c, inputs.Columns, columns);
            Unsafe.AsRef(in after).Do(MatrixPart.Whole(1, columns));
        }
    }

    /// <summary>In a method of its own, so that the call for a single row stays short.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyRows<TAfter>(in MatrixRows inputs, float* weights, float* start, float* outputs, int columns, in TAfter after, ThreadTeam? team)
        where TAfter : struct, IPartWork
    {
        var kernel = new MacroKernel(
            inputs, isATransposed: false, new(weights, inputs.Columns, columns, isInPanels: true), isBTransposed: false,
            start, new(outputs, inputs.Rows, columns, isInPanels: false));
        WorkChunks.Of(Shares(inputs.Rows, inputs.Columns, columns, team), inputs.Columns, byPanels: true, fewestRows: MicroKernel.Rows).Run(in kernel, in after, team);
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

            // Chunks of columns would pack the same rows again.
            var chunks = WorkChunks.Of(in shares, inputs.Rows, byPanels: false, FewestRowsOfChunk);
            if (team is not null && (chunks.Count > 1 || (shares.Rows.Parts > 1 && WorkChunks.IsNear(shares.Columns.Longest, inputs.Rows))))
            {
                MultiplyTransposedLeftByPanels(inputs, b, c, columns, in chunks, in before, team, in target);
                return;
            }

            var kernel = new MacroKernel(
                inputs, isATransposed: true, new(b, inputs.Rows, columns, isInPanels: false), isBTransposed: false,
                null, new(c, inputs.Columns, columns, isInPanels: true), target);
            if (shares.Rows.Parts == 1)
            {
                shares.Run(in before, in kernel, team);
                return;
            }

            shares.ByCacheLines(inputs.Rows).Run(in before, team);
            shares.Run(in kernel, team);
        }
    }

    /// <summary>result = gradient · weightsᵀ: the gradient of a layer's inputs.</summary>
    /// <param name="gradient">rows x inner.</param>
    /// <param name="weights">columns x inner, in panels.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="unread">Of each <see cref="PanelLayout.UnreadUnit"/> columns of the result, whether nobody reads them: they may stay as they are. Empty where all are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposedRight(MatrixRows gradient, ReadOnlySpan<float> weights, Span<float> result, int columns, ThreadTeam? team = null, ReadOnlySpan<bool> unread = default)
    {
        Lengths.Check(weights.Length, (long)columns * gradient.Columns);
        Lengths.Check(result.Length, (long)gradient.Rows * columns);
        Lengths.Check(unread.Length, unread.IsEmpty ? 0 : (columns + PanelLayout.UnreadUnit - 1) / PanelLayout.UnreadUnit);
        fixed (float* b = weights, c = result)
        fixed (bool* leftOut = unread)
        {
            var kernel = new MacroKernel(
                gradient, isATransposed: false, new(b, columns, gradient.Columns, isInPanels: true), isBTransposed: true,
                null, new(c, gradient.Rows, columns, isInPanels: false), leftOut: leftOut);
            // Chunks of rows would pack the same columns again.
            WorkChunks.Of(TransposedRightShares(gradient.Rows, gradient.Columns, columns, team), gradient.Columns, byPanels: true, fewestRows: 0).Run(in kernel, team);
        }
    }

    /// <summary>The same where several threads need the same columns of the gradient: these are completed first, and packed once for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyTransposedLeftByPanels<TBefore>(
        MatrixRows inputs, float* gradient, float* result, int columns, in WorkChunks chunks, in TBefore before, ThreadTeam team, in GradientTarget target)
        where TBefore : struct, IPartWork
    {
        var shares = chunks.Shares.ByCacheLines(inputs.Rows);
        var isOnePanel = columns <= PanelLayout.Width;
        var panels = isOnePanel ? gradient : team.Shared(inputs.Rows * columns);
        if (isOnePanel)
            shares.Run(in before, team);
        else
            shares.Run(in before, new PanelPacking(gradient, panels, inputs.Rows, columns), team);
        chunks.Run(
            new MacroKernel(
                inputs, isATransposed: true, new(panels, inputs.Rows, columns, isInPanels: true), isBTransposed: false,
                null, new(result, inputs.Columns, columns, isInPanels: true), target), team);
    }

    /// <summary>The same for one column, computed as a row times a matrix: the sums are the same, and vectors are full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyTransposedLeftByColumn<TBefore>(MatrixRows inputs, float* column, float* result, in WorkShares shares, in TBefore before, ThreadTeam? team)
        where TBefore : struct, IPartWork
    {
        var row = new MacroKernel(
            new MatrixRows(column, 1, inputs.Rows), isATransposed: false, new(inputs.Elements, inputs.Rows, inputs.Columns, isInPanels: false), isBTransposed: false,
            null, new(result, 1, inputs.Columns, isInPanels: false));
        shares.OfColumns(inputs.Rows).Run(in before, team);
        shares.Run(new SingleColumn(row), team);
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
