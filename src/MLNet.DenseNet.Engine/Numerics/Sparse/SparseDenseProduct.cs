using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Sparse-dense products (SpMM): the forward pass of sparse rows, and the gradient of the weights. Every element of a result is accumulated over the stored
/// values in their order with fused multiply-add, as in <see cref="MatrixProduct"/>, so its bits depend neither on threads nor on the width of vectors.
/// </summary>
internal static unsafe class SparseDenseProduct
{
    /// <summary>A multiply-add takes as long here as this many in a dense product, since most of the time is spent waiting for memory.</summary>
    public const int CostOfMemory = 8;

    /// <summary>How a product is cut for threads.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="entries">How many values the sparse matrix stores.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public static WorkShares Shares(int rows, long entries, int columns, ThreadTeam? team) =>
        WorkShares.Of(ThreadTeam.ThreadsFor(team, entries * columns * CostOfMemory), rows, rowUnit: 1, columns);

    /// <summary>outputs = inputs · weights + bias: the forward pass.</summary>
    /// <param name="inputs">rows x inner.</param>
    /// <param name="weights">inner x columns, in panels.</param>
    /// <param name="bias">columns; empty for none.</param>
    /// <param name="outputs">rows x columns.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="after">What to do with each part of the outputs.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TAfter>(
        CsrMatrix inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int columns, TAfter after, ThreadTeam? team = null)
        where TAfter : struct, IPartWork
    {
        Lengths.Check(weights.Length, (long)inputs.ColumnCount * columns);
        Lengths.Check(bias.Length, bias.IsEmpty ? 0 : columns);
        Lengths.Check(outputs.Length, (long)inputs.Rows * columns);
        fixed (float* b = weights, c = outputs, start = bias)
        {
            var kernel = new SparseDenseKernel(inputs, new(b, inputs.ColumnCount, columns, isInPanels: true), start, new(c, inputs.Rows, columns, isInPanels: false), prefetches: true);
            Shares(inputs.Rows, inputs.Count, columns, team).Run(in kernel, in after, team);
        }
    }

    /// <summary>result = inputsᵀ · gradient in the touched rows: the gradient of the weights, of which all other rows are 0.</summary>
    /// <param name="inputs">rows x inner, by columns.</param>
    /// <param name="gradient">rows x columns.</param>
    /// <param name="result">inner x columns, in panels; the touched rows are written one after the other at the start of each panel, nothing after them.</param>
    /// <param name="inner">Columns of the inputs, those that are not touched included.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="shares">How the touched rows of the result are cut.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposedLeft(CscView inputs, ReadOnlySpan<float> gradient, Span<float> result, int inner, int columns, WorkShares shares, ThreadTeam? team = null)
    {
        var transposed = inputs.Transposed;
        Lengths.Check(gradient.Length, (long)transposed.ColumnCount * columns);
        Lengths.Check(result.Length, (long)inner * columns);
        fixed (float* b = gradient, c = result)
        {
            var kernel = new SparseDenseKernel(transposed, new(b, transposed.ColumnCount, columns, isInPanels: false), null, new(c, inner, columns, isInPanels: true), prefetches: false);
            shares.Run(in kernel, team);
        }
    }
}
