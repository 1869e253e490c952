using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Rows of numbers: one after the other, or anywhere in a block, as the shuffled rows of a batch are.</summary>
/// <param name="elements">The block.</param>
/// <param name="offsets">(rows): where each row begins; null where row i begins at i * columns.</param>
/// <param name="rows">How many rows.</param>
/// <param name="columns">The length of a row.</param>
internal readonly unsafe struct MatrixRows(float* elements, nint* offsets, int rows, int columns)
{
    public MatrixRows(float* elements, int rows, int columns) : this(elements, null, rows, columns)
    {
    }

    public float* Elements => elements;

    public nint* Offsets => offsets;

    public int Rows => rows;

    public int Columns => columns;

    public bool IsContiguous => offsets == null;

    /// <summary>All rows, where they are contiguous.</summary>
    public ReadOnlySpan<float> Span => new(elements, rows * columns);

    public ReadOnlySpan<float> this[int row] => new(Start(row), columns);

    /// <summary>Where a row begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Start(int row) => elements + (offsets == null ? (nint)row * columns : offsets[row]);

    /// <summary>Copies the rows one after the other.</summary>
    /// <param name="destination">(rows x columns).</param>
    public void CopyTo(Span<float> destination)
    {
        for (var row = 0; row < rows; row++)
            this[row].CopyTo(destination[(row * columns)..]);
    }
}
