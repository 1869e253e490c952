using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The three matrix products of backpropagation. Trained matrices lie in panels (<see cref="PanelLayout"/>), all others row by row. Every element of a
/// result is accumulated in order of the inner index with fused multiply-add, so its bits do not depend on the width of the vectors.
/// </summary>
internal static unsafe class MatrixProduct
{
    // Multiply-adds that take some microseconds, a few times what handing over work and data takes.
    private const int OperationsWorthAThread = 300_000;

    /// <summary>outputs = inputs · weights + bias: the forward pass.</summary>
    /// <param name="inputs">rows x inner.</param>
    /// <param name="weights">inner x columns, in panels.</param>
    /// <param name="bias">columns, or empty for none.</param>
    /// <param name="outputs">rows x columns.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="after">What to do with each part of the outputs.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TWork>(
        MatrixRows inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int columns, TWork after, ThreadTeam? team = null)
        where TWork : struct, IPartWork
    {
        Lengths.Check(weights.Length, (long)inputs.Columns * columns);
        Lengths.Check(bias.Length, bias.IsEmpty ? 0 : columns);
        Lengths.Check(outputs.Length, (long)inputs.Rows * columns);
        fixed (float* b = weights, c = outputs, start = bias)
        {
            if (inputs.Rows == 1)
            {
                RowProduct.Run(inputs.Start(0), b, bias.IsEmpty ? null : start, c, inputs.Columns, columns);
                after.Do(c, MatrixPart.Whole(1, columns));
                return;
            }

            var blocks = new MatrixBlocks(
                inputs, isLeftTransposed: false, new(b, inputs.Columns, columns, isInPanels: true), isRightTransposed: false,
                bias.IsEmpty ? null : start, new(c, inputs.Rows, columns, isInPanels: false));
            Run(blocks, c, default(Nothing), after, team);
        }
    }

    /// <summary>result = inputsᵀ · gradient: the gradient of the weights.</summary>
    /// <param name="inputs">inner x rows.</param>
    /// <param name="gradient">inner x columns.</param>
    /// <param name="result">rows x columns, in panels.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="before">What to do first with each part of the gradient.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="target">What applies the result as it is computed, instead of having it written; nothing by default.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposedLeft<TWork>(
        MatrixRows inputs, Span<float> gradient, Span<float> result, int columns, TWork before, ThreadTeam? team = null, GradientTarget target = default)
        where TWork : struct, IPartWork
    {
        Lengths.Check(gradient.Length, (long)inputs.Rows * columns);
        Lengths.Check(result.Length, (long)inputs.Columns * columns);
        fixed (float* b = gradient, c = result)
        {
            if (columns == 1 && inputs.IsContiguous && target.Update is null)
            {
                // The same sums as a row times a matrix, which fills vectors.
                before.Do(b, MatrixPart.Whole(inputs.Rows, 1));
                new MatrixBlocks(
                    new MatrixRows(b, 1, inputs.Rows), isLeftTransposed: false, new(inputs.Elements, inputs.Rows, inputs.Columns, isInPanels: false), isRightTransposed: false,
                    null, new(c, 1, inputs.Columns, isInPanels: false)).Run(MatrixPart.Whole(1, inputs.Columns));
                return;
            }

            var blocks = new MatrixBlocks(
                inputs, isLeftTransposed: true, new(b, inputs.Rows, columns, isInPanels: false), isRightTransposed: false,
                null, new(c, inputs.Columns, columns, isInPanels: true), target);
            Run(blocks, b, before, default(Nothing), team);
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
            var blocks = new MatrixBlocks(
                gradient, isLeftTransposed: false, new(b, columns, gradient.Columns, isInPanels: true), isRightTransposed: true,
                null, new(c, gradient.Rows, columns, isInPanels: false));
            Run(blocks, c, default(Nothing), default(Nothing), team);
        }
    }

    /// <summary>Works on the columns of a matrix, on the threads that share a product of its columns.</summary>
    /// <param name="matrix">rows x columns.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="work">What to do with each part: all rows, some columns.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="multiplyAdds">Of the product.</param>
    public static void ForColumns<TWork>(float* matrix, int rows, int columns, TWork work, ThreadTeam? team, long multiplyAdds) where TWork : struct, IPartWork
    {
        var parts = Parts(team, multiplyAdds);
        if (parts == 1 || !PanelLayout.CutsColumns(columns, parts))
        {
            work.Do(matrix, MatrixPart.Whole(rows, columns));
            return;
        }

        var shared = new Columns<TWork>(matrix, rows, columns, work);
        team!.Run(ref shared, parts);
    }

    /// <summary>On how many threads a product is worth working.</summary>
    public static int Parts(ThreadTeam? team, long multiplyAdds) => team is null ? 1 : (int)Math.Clamp(multiplyAdds / OperationsWorthAThread, 1, team.ActiveThreads);

    /// <summary>
    /// The result is cut for several threads by columns where they suffice, since a thread then keeps the same columns of the weights in its cache
    /// from pass to pass, else by rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TBefore, TAfter>(MatrixBlocks blocks, float* matrix, TBefore before, TAfter after, ThreadTeam? team)
        where TBefore : struct, IPartWork
        where TAfter : struct, IPartWork
    {
        var parts = Parts(team, (long)blocks.Rows * blocks.Inner * blocks.Columns);
        var work = new ColumnParts<TBefore, TAfter>(blocks, matrix, before, after);
        if (parts == 1)
        {
            work.Do(0, 1);
        }
        else if (PanelLayout.CutsColumns(blocks.Columns, parts))
        {
            team!.Run(ref work, parts);
        }
        else
        {
            before.Do(matrix, MatrixPart.Whole(blocks.Inner, blocks.Columns));
            var rows = new RowParts<TAfter>(blocks, matrix, after);
            team!.Run(ref rows, parts);
        }
    }

    private readonly struct ColumnParts<TBefore, TAfter>(MatrixBlocks blocks, float* matrix, TBefore before, TAfter after) : ITeamWork
        where TBefore : struct, IPartWork
        where TAfter : struct, IPartWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var (first, end) = (PanelLayout.CutColumns(blocks.Columns, part, parts), PanelLayout.CutColumns(blocks.Columns, part + 1, parts));
            before.Do(matrix, new(0, blocks.Inner, first, end));
            blocks.Run(new(0, blocks.Rows, first, end));
            after.Do(matrix, new(0, blocks.Rows, first, end));
        }
    }

    private readonly struct RowParts<TAfter>(MatrixBlocks blocks, float* matrix, TAfter after) : ITeamWork where TAfter : struct, IPartWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var (first, end) = (ThreadTeam.Cut(blocks.Rows, MatrixTiles.Rows, part, parts), ThreadTeam.Cut(blocks.Rows, MatrixTiles.Rows, part + 1, parts));
            blocks.Run(new(first, end, 0, blocks.Columns));
            after.Do(matrix, new(first, end, 0, blocks.Columns));
        }
    }

    private readonly struct Columns<TWork>(float* matrix, int rows, int columns, TWork work) : ITeamWork where TWork : struct, IPartWork
    {
        public void Do(int part, int parts) =>
            work.Do(matrix, new(0, rows, PanelLayout.CutColumns(columns, part, parts), PanelLayout.CutColumns(columns, part + 1, parts)));
    }

    /// <summary>For a product by itself.</summary>
    public readonly struct Nothing : IPartWork
    {
        public void Do(float* matrix, MatrixPart part)
        {
        }
    }
}
