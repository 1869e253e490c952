using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// A batch of sparse rows as compressed sparse columns (CSC). It holds the touched columns only: those in which a row stores a value. A radix sort builds it, in a time that depends on how
/// many values are stored and hardly on how many columns there are. Memory grows to the largest batch and is used again.
/// </summary>
internal sealed unsafe class CscView
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;

    private PinnedArray<Entry> _entries;
    private PinnedArray<Entry> _sorted;
    private PinnedArray<float> _values;
    private PinnedArray<int> _rows;
    private PinnedArray<int> _columns;

    // (Count + 1): where the values of each column begin, and the end of the last one's.
    private PinnedArray<int> _starts;
    private int _rowCount;

    /// <summary>How many columns are touched.</summary>
    public int Count { get; private set; }

    /// <summary>How many values are stored.</summary>
    public int Entries { get; private set; }

    /// <summary>(<see cref="Count"/>): the touched columns, ascending.</summary>
    public int* Columns => _columns.Pointer;

    /// <summary>(<see cref="Count"/> x rows of the batch): row i holds the values of column <see cref="Columns"/>[i], in order of the batch's rows.</summary>
    public CsrMatrix Transposed => new(_values.Pointer, _rows.Pointer, _starts.Pointer, _starts.Pointer + 1, Count, _rowCount);

    /// <summary>Sorts the values of a batch by column.</summary>
    /// <param name="batch">(rows x columns); not used once this is built.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Build(CsrMatrix batch)
    {
        Begin(batch.Rows, batch.Count);
        Collect(batch, _entries.Pointer);
        Sort(batch.ColumnCount);
    }

    /// <summary>Sorts a batch of lookups by number: number after number is a row that stores one value, 1, in the column that it names.</summary>
    /// <param name="numbers">(rows x numbers): whole, from 0 and below the count of columns.</param>
    /// <param name="columnCount">How many columns there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Build(MatrixRows numbers, int columnCount)
    {
        var count = (long)numbers.Rows * numbers.Columns;
        Begin(checked((int)count), count);
        Collect(numbers, _entries.Pointer);
        Sort(columnCount);
    }

    private void Begin(int rows, long entries)
    {
        _rowCount = rows;
        Entries = checked((int)entries);
        EnsureRoom();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sort(int columnCount)
    {
        Entry* from = _entries.Pointer, to = _sorted.Pointer;
        var passes = Passes(columnCount);
        for (var pass = 0; pass < passes; pass++)
        {
            SortByDigit(from, to, pass * DigitBits);
            var sorted = to;
            to = from;
            from = sorted;
        }

        Compress(from);
    }

    /// <summary>How many digits of 11 bits the last column has: the passes of the sort.</summary>
    internal static int Passes(int columnCount) => Math.Max(1, (BitOperations.Log2((uint)columnCount - 1) + DigitBits) / DigitBits);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Collect(CsrMatrix batch, Entry* entries)
    {
        for (var row = 0; row < batch.Rows; row++)
        {
            for (var entry = batch.Starts[row]; entry < batch.Ends[row]; entry++)
                *entries++ = new Entry(batch.Columns[entry], row, batch.Value(entry));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Collect(MatrixRows numbers, Entry* entries)
    {
        var index = 0;
        for (var row = 0; row < numbers.Rows; row++)
        {
            foreach (var number in numbers[row])
                *entries++ = new Entry((int)number, index++, 1);
        }
    }

    /// <summary>One pass of the radix sort, which is stable: entries with the same digit keep their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortByDigit(Entry* from, Entry* to, int shift)
    {
        var next = stackalloc int[Digits];
        new Span<int>(next, Digits).Clear();
        for (var i = 0; i < Entries; i++)
            next[(from[i].Column >> shift) & (Digits - 1)]++;
        var start = 0;
        for (var digit = 0; digit < Digits; digit++)
        {
            var count = next[digit];
            next[digit] = start;
            start += count;
        }

        for (var i = 0; i < Entries; i++)
            to[next[(from[i].Column >> shift) & (Digits - 1)]++] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compress(Entry* sorted)
    {
        var values = _values.Pointer;
        int* rows = _rows.Pointer, columns = _columns.Pointer, starts = _starts.Pointer;
        var count = 0;
        var previous = -1;
        for (var i = 0; i < Entries; i++)
        {
            var entry = sorted[i];
            values[i] = entry.Value;
            rows[i] = entry.Row;
            if (entry.Column != previous)
            {
                columns[count] = previous = entry.Column;
                starts[count++] = i;
            }
        }

        starts[count] = Entries;
        Count = count;
    }

    private void EnsureRoom()
    {
        if (_entries.Length >= Entries && _starts.Length > 0)
            return;
        var room = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Entries), (uint)Array.MaxLength - 1);
        _entries = new PinnedArray<Entry>(room, isZeroed: false);
        _sorted = new PinnedArray<Entry>(room, isZeroed: false);
        _values = new PinnedArray<float>(room, isZeroed: false);
        _rows = new PinnedArray<int>(room, isZeroed: false);
        _columns = new PinnedArray<int>(room, isZeroed: false);
        _starts = new PinnedArray<int>(room + 1, isZeroed: false);
    }

    private readonly record struct Entry(int Column, int Row, float Value);
}
