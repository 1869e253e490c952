using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// A block of a as the micro-kernel reads it, packed or in place. It is cut into micro-panels of <see cref="MicroKernel.Rows"/> rows; in each, element (i, k) lies at i * row + k * column.
/// Offsets, where there are some, replace i * row or k * column.
/// </summary>
/// <param name="elements">Where the block begins.</param>
/// <param name="row">Elements from row to row.</param>
/// <param name="column">Elements from k to k.</param>
/// <param name="microPanelStep">Elements from micro-panel to micro-panel.</param>
/// <param name="rows">How many rows.</param>
/// <param name="rowOffsets">(rows), or null.</param>
/// <param name="innerOffsets">(inner), or null.</param>
internal readonly unsafe struct PackedA(float* elements, nint row, nint column, nint microPanelStep, int rows, nint* rowOffsets = null, nint* innerOffsets = null)
{
    public int Rows => rows;

    public nint Column => column;

    /// <summary>Whether the rows of a micro-panel lie next to each other: where a is transposed, packed or not.</summary>
    public bool HasAdjacentRows => row == 1 && rowOffsets == null;

    public nint* InnerOffsets => innerOffsets;

    /// <summary>How many rows lie one step after the other: those of a micro-panel where the block is packed, else all.</summary>
    public int RowsInStep => rowOffsets == null && microPanelStep != MicroKernel.Rows * row ? MicroKernel.Rows : rows;

    /// <summary>The first element of the first row, to which inner offsets are added where there are some.</summary>
    public float* First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => rowOffsets == null ? elements : elements + *rowOffsets;
    }

    /// <summary>Elements from the first row to another one of its micro-panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Distance(int to) => rowOffsets == null ? to * row : rowOffsets[to] - *rowOffsets;

    /// <summary>The block without its first micro-panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PackedA Skip(int count) => rowOffsets == null
        ? new(elements + count / MicroKernel.Rows * microPanelStep, row, column, microPanelStep, rows - count, null, innerOffsets)
        : new(elements, row, column, microPanelStep, rows - count, rowOffsets + count, innerOffsets);

    /// <summary>A micro-panel without its first rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PackedA Without(int first) => rowOffsets == null
        ? new(elements + first * row, row, column, microPanelStep, rows - first, null, innerOffsets)
        : new(elements, row, column, microPanelStep, rows - first, rowOffsets + first, innerOffsets);

    /// <summary>The first rows, at most this many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PackedA Take(int most) => new(elements, row, column, microPanelStep, Math.Min(rows, most), rowOffsets, innerOffsets);

    /// <summary>One row by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PackedA Single(int index)
    {
        var microPanel = Skip(index & -MicroKernel.Rows);
        return new(microPanel.First + microPanel.Distance(index & (MicroKernel.Rows - 1)), row, column, microPanelStep, 1, null, innerOffsets);
    }
}
