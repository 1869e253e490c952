using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Memory for sparse rows that are made of others. It is used again for every batch, and grows where one needs more.</summary>
internal sealed unsafe class CsrMemory
{
    private PinnedArray<float> _values;
    private PinnedArray<int> _columns;
    private PinnedArray<int> _starts;
    private PinnedArray<int> _ends;

    /// <summary>Whether rows lie in this memory.</summary>
    public bool Holds(in CsrMatrix rows) => _starts.Length > 0 && rows.Starts == _starts.Pointer;

    /// <summary>Replaces missing values, not-a-number, in some columns, and adds for each of these columns another one at the end: 1 where its value was missing, else 0.</summary>
    /// <param name="rows">The rows, without factors, in other memory.</param>
    /// <param name="columns">Which ones, ascending.</param>
    /// <param name="replacements">(columns).</param>
    /// <returns>Rows in this memory, or where none of those misses a value, the same ones with more columns.</returns>
    /// <exception cref="ArgumentException">They are more than a block of memory holds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public CsrMatrix ReplaceMissing(in CsrMatrix rows, ReadOnlySpan<int> columns, ReadOnlySpan<float> replacements)
    {
        var columnCount = rows.ColumnCount + columns.Length;
        var missing = rows.CountMissing();
        if (missing == 0)
            return new CsrMatrix(rows.Values, rows.Columns, rows.Starts, rows.Ends, rows.Rows, columnCount);

        Reserve(rows.Rows, rows.Count + missing);
        var count = 0;
        for (var row = 0; row < rows.Rows; row++)
        {
            _starts[row] = count;
            for (var entry = rows.Starts[row]; entry < rows.Ends[row]; entry++)
            {
                var value = rows.Values[entry];
                var index = float.IsNaN(value) ? columns.BinarySearch(rows.Columns[entry]) : -1;
                Add(ref count, rows.Columns[entry], index < 0 ? value : replacements[index]);
            }

            // Behind all others, so that columns still ascend.
            for (var entry = rows.Starts[row]; entry < rows.Ends[row]; entry++)
            {
                if (float.IsNaN(rows.Values[entry]) && columns.BinarySearch(rows.Columns[entry]) is >= 0 and var index)
                    Add(ref count, rows.ColumnCount + index, 1);
            }

            _ends[row] = count;
        }

        return new CsrMatrix(_values.Pointer, _columns.Pointer, _starts.Pointer, _ends.Pointer, rows.Rows, columnCount);
    }

    private void Add(ref int count, int column, float value)
    {
        (_values[count], _columns[count]) = (value, column);
        count++;
    }

    private void Reserve(int rows, long values)
    {
        if (values > AlignedBuffer.MaxLength)
            throw new ArgumentException(FormattableString.Invariant($"The {values:N0} stored values and indicators of {rows:N0} sparse rows are more than one block of memory holds; use smaller batches."), nameof(values));
        if (_starts.Length < rows)
            (_starts, _ends) = (new(rows, isZeroed: false), new(rows, isZeroed: false));
        if (_values.Length < values)
        {
            var room = (int)Math.Min(BitOperations.RoundUpToPowerOf2((ulong)values), AlignedBuffer.MaxLength);
            (_values, _columns) = (new(room, isZeroed: false), new(room, isZeroed: false));
        }
    }
}
