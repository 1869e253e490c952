using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Sparse-dense products (SpMM): the forward pass of sparse rows, and the gradient of the weights. Every element of a result is accumulated over the stored
/// values in their order with fused multiply-add, as in <see cref="MatrixProduct"/>, so its bits depend neither on threads nor on the width of vectors.
/// </summary>
internal static unsafe class SparseDenseProduct
{
    // A multiply-add here takes the time of so many in a dense product, as most of it is spent waiting for memory.
    private const int CostOfMemory = 8;

    /// <summary>outputs = inputs · weights + bias: the forward pass.</summary>
    /// <param name="inputs">rows x inner.</param>
    /// <param name="weights">inner x columns, in panels.</param>
    /// <param name="bias">columns.</param>
    /// <param name="outputs">rows x columns.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="after">What to do with each part of the outputs.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TWork>(
        CsrMatrix inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> outputs, int columns, TWork after, ThreadTeam? team = null)
        where TWork : struct, IPartWork
    {
        Lengths.Check(weights.Length, (long)inputs.ColumnCount * columns);
        Lengths.Check(bias.Length, columns);
        Lengths.Check(outputs.Length, (long)inputs.Rows * columns);
        fixed (float* b = weights, c = outputs, start = bias)
        {
            var kernel = new SparseDenseKernel(inputs, new(b, inputs.ColumnCount, columns, isInPanels: true), start, new(c, inputs.Rows, columns, isInPanels: false), prefetches: true);
            var work = new Work<TWork>(kernel, c, after);
            ThreadTeam.Run(team, ref work, Parts(team, inputs.Count, columns));
        }
    }

    /// <summary>result = inputsᵀ · gradient in the touched rows: the gradient of the weights, of which all other rows are 0.</summary>
    /// <param name="inputs">rows x inner, by columns.</param>
    /// <param name="gradient">rows x columns.</param>
    /// <param name="result">inner x columns, in panels; the touched rows are written one after the other at the start of each panel, nothing after them.</param>
    /// <param name="inner">Columns of the inputs, those that are not touched included.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposedLeft(CscView inputs, ReadOnlySpan<float> gradient, Span<float> result, int inner, int columns, ThreadTeam? team = null)
    {
        var transposed = inputs.Transposed;
        Lengths.Check(gradient.Length, (long)transposed.ColumnCount * columns);
        Lengths.Check(result.Length, (long)inner * columns);
        fixed (float* b = gradient, c = result)
        {
            var kernel = new SparseDenseKernel(transposed, new(b, transposed.ColumnCount, columns, isInPanels: false), null, new(c, inner, columns, isInPanels: true), prefetches: false);
            var work = new Work<MatrixProduct.Nothing>(kernel, c, default);
            ThreadTeam.Run(team, ref work, Parts(team, inputs.Entries, columns));
        }
    }

    /// <summary>On how many threads a product is worth working.</summary>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="entries">How many values the sparse matrix stores.</param>
    /// <param name="columns">Columns of the result.</param>
    public static int Parts(ThreadTeam? team, long entries, int columns) => MatrixProduct.Parts(team, entries * columns * CostOfMemory);

    /// <summary>A thread's part of a result: some of its columns where they suffice, as of dense products, else some of its rows.</summary>
    public static MatrixPart Part(int rows, int columns, int part, int parts) => PanelLayout.CutsColumns(columns, parts)
        ? new(0, rows, PanelLayout.CutColumns(columns, part, parts), PanelLayout.CutColumns(columns, part + 1, parts))
        : new(ThreadTeam.Cut(rows, 1, part, parts), ThreadTeam.Cut(rows, 1, part + 1, parts), 0, columns);

    private readonly struct Work<TAfter>(SparseDenseKernel kernel, float* result, TAfter after) : ITeamWork where TAfter : struct, IPartWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var cut = Part(kernel.Rows, kernel.Columns, part, parts);
            kernel.Run(cut);
            after.Do(result, cut);
        }
    }
}
