using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Some rows and some of the inner index of a left matrix, as tiles read it: element (i, k) of a group of <see cref="MatrixTiles.Rows"/> rows lies at i * row + k * column,
/// and groups lie groupStep apart; where there are offsets, they stand for the row's or the inner index's part.
/// </summary>
/// <param name="elements">Where the block begins.</param>
/// <param name="row">Elements from row to row.</param>
/// <param name="column">Elements from k to k.</param>
/// <param name="groupStep">Elements from group to group.</param>
/// <param name="rows">How many rows.</param>
/// <param name="rowOffsets">(rows), or null.</param>
/// <param name="innerOffsets">As many as the inner index is long, or null.</param>
internal readonly unsafe struct LeftBlock(float* elements, nint row, nint column, nint groupStep, int rows, nint* rowOffsets = null, nint* innerOffsets = null)
{
    public int Rows => rows;

    public nint Column => column;

    public nint* InnerOffsets => innerOffsets;

    /// <summary>The first row's first element; less the offset of k where the inner index has offsets.</summary>
    public float* First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => rowOffsets == null ? elements : elements + *rowOffsets;
    }

    /// <summary>Elements from the first row to another one of its group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Distance(int to) => rowOffsets == null ? to * row : rowOffsets[to] - *rowOffsets;

    /// <summary>The block without a number of whole groups at its start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LeftBlock Skip(int count) => rowOffsets == null
        ? new(elements + count / MatrixTiles.Rows * groupStep, row, column, groupStep, rows - count, null, innerOffsets)
        : new(elements, row, column, groupStep, rows - count, rowOffsets + count, innerOffsets);

    /// <summary>At most the first so many rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LeftBlock Take(int most) => new(elements, row, column, groupStep, Math.Min(rows, most), rowOffsets, innerOffsets);

    /// <summary>One row by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LeftBlock Single(int index)
    {
        var group = Skip(index & -MatrixTiles.Rows);
        return new(group.First + group.Distance(index & (MatrixTiles.Rows - 1)), row, column, groupStep, 1, null, innerOffsets);
    }
}
