using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// A dense matrix whose rows lie one after the other, or anywhere in a buffer, as the shuffled rows of a batch do. Its columns may lie anywhere too: element (i, j) is then at offsets[i] + columnOffsets[j],
/// which is where a convolution finds what a tap of its window sees at a position.
/// </summary>
/// <param name="elements">The buffer.</param>
/// <param name="offsets">(rows): the index of each row's first element; null where row i begins at i * columns.</param>
/// <param name="rows">How many rows.</param>
/// <param name="columns">The length of a row.</param>
/// <param name="columnOffsets">(columns): from a row's first element to each of its columns; null where they lie next to each other.</param>
internal readonly unsafe struct MatrixRows(float* elements, nint* offsets, int rows, int columns, nint* columnOffsets = null)
{
    public MatrixRows(float* elements, int rows, int columns) : this(elements, null, rows, columns)
    {
    }

    public float* Elements => elements;

    public nint* Offsets => offsets;

    public nint* ColumnOffsets => columnOffsets;

    public int Rows => rows;

    public int Columns => columns;

    /// <summary>Whether the rows lie one after the other.</summary>
    public bool IsContiguous => offsets == null && columnOffsets == null;

    /// <summary>(rows x columns), row-major; only where the rows are contiguous.</summary>
    public ReadOnlySpan<float> Span => new(elements, rows * columns);

    public ReadOnlySpan<float> this[int row] => new(Start(row), columns);

    /// <summary>The first element of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Start(int row) => elements + (offsets == null ? (nint)row * columns : offsets[row]);

    /// <summary>Some of the rows.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public MatrixRows Slice(int first, int count) =>
        offsets == null ? new(elements + (nint)first * columns, null, count, columns, columnOffsets) : new(elements, offsets + first, count, columns, columnOffsets);

    /// <summary>Copies the rows one after the other.</summary>
    /// <param name="destination">(rows x columns), row-major.</param>
    public void CopyTo(Span<float> destination)
    {
        for (var row = 0; row < rows; row++)
            this[row].CopyTo(destination[(row * columns)..]);
    }
}
