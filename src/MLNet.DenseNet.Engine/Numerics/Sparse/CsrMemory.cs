using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Memory for sparse rows that are made of others, which may lie in it too: what is made last but one is overwritten. It is used again for every batch, and grows where one needs more.</summary>
internal sealed unsafe class CsrMemory
{
    private readonly Block _first = new();
    private readonly Block _second = new();

    /// <summary>Replaces missing values, not-a-number, in some columns, and adds for each of these columns another one at the end: 1 where its value was missing, else 0.</summary>
    /// <param name="rows">The rows, without factors.</param>
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

        var block = Begin(in rows, missing);
        for (var row = 0; row < rows.Rows; row++)
        {
            block.BeginRow(row);
            for (var entry = rows.Starts[row]; entry < rows.Ends[row]; entry++)
            {
                var value = rows.Values[entry];
                var index = float.IsNaN(value) ? columns.BinarySearch(rows.Columns[entry]) : -1;
                block.Add(rows.Columns[entry], index < 0 ? value : replacements[index]);
            }

            // Behind all others, so that columns still ascend.
            for (var entry = rows.Starts[row]; entry < rows.Ends[row]; entry++)
            {
                if (float.IsNaN(rows.Values[entry]) && columns.BinarySearch(rows.Columns[entry]) is >= 0 and var index)
                    block.Add(rows.ColumnCount + index, 1);
            }

            block.EndRow(row);
        }

        return block.ToRows(rows.Rows, columnCount);
    }

    /// <summary>Stores a value of some columns in every row: 0 where none is stored.</summary>
    /// <param name="rows">The rows, without factors.</param>
    /// <param name="columns">Which ones, ascending.</param>
    /// <param name="notStored">How many values that makes (<see cref="CsrMatrix.CountNotStored"/>).</param>
    /// <returns>Rows in this memory.</returns>
    /// <exception cref="ArgumentException">They are more than a block of memory holds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public CsrMatrix Complete(in CsrMatrix rows, ReadOnlySpan<int> columns, long notStored)
    {
        var block = Begin(in rows, notStored);
        for (var row = 0; row < rows.Rows; row++)
        {
            block.BeginRow(row);
            var next = 0;
            for (var entry = rows.Starts[row]; entry < rows.Ends[row]; entry++)
            {
                var column = rows.Columns[entry];
                for (; next < columns.Length && columns[next] < column; next++)
                    block.Add(columns[next], 0);
                next += next < columns.Length && columns[next] == column ? 1 : 0;
                block.Add(column, rows.Values[entry]);
            }

            for (; next < columns.Length; next++)
                block.Add(columns[next], 0);
            block.EndRow(row);
        }

        return block.ToRows(rows.Rows, rows.ColumnCount);
    }

    /// <summary>The block that the rows do not lie in, with room for them and more values.</summary>
    private Block Begin(in CsrMatrix rows, long more)
    {
        var block = _first.Holds(in rows) ? _second : _first;
        block.Reserve(rows.Rows, rows.Count + more);
        return block;
    }

    private sealed class Block
    {
        private PinnedArray<float> _values;
        private PinnedArray<int> _columns;
        private PinnedArray<int> _starts;
        private PinnedArray<int> _ends;
        private int _count;

        public bool Holds(in CsrMatrix rows) => _starts.Length > 0 && rows.Starts == _starts.Pointer;

        public void Reserve(int rows, long values)
        {
            _count = 0;
            if (values > AlignedBuffer.MaxLength)
                throw new ArgumentException(FormattableString.Invariant($"The {values:N0} values that {rows:N0} sparse rows store, with those that layers add, are more than one block of memory holds; use smaller batches."), nameof(values));
            if (_starts.Length < rows)
                (_starts, _ends) = (new(rows, isZeroed: false), new(rows, isZeroed: false));
            if (_values.Length < values)
            {
                var room = (int)Math.Min(BitOperations.RoundUpToPowerOf2((ulong)values), AlignedBuffer.MaxLength);
                (_values, _columns) = (new(room, isZeroed: false), new(room, isZeroed: false));
            }
        }

        public void BeginRow(int row) => _starts[row] = _count;

        public void EndRow(int row) => _ends[row] = _count;

        public void Add(int column, float value)
        {
            (_values[_count], _columns[_count]) = (value, column);
            _count++;
        }

        public CsrMatrix ToRows(int rows, int columnCount) => new(_values.Pointer, _columns.Pointer, _starts.Pointer, _ends.Pointer, rows, columnCount);
    }
}
