using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Rows of which only some values are stored, each with its column; all others are 0 (compressed sparse rows).</summary>
/// <param name="values">The stored values.</param>
/// <param name="columns">The column of each, from 0, ascending in a row.</param>
/// <param name="starts">(rows): where each row's values begin.</param>
/// <param name="ends">(rows): where they end.</param>
/// <param name="rows">How many rows.</param>
/// <param name="columnCount">The length of a row.</param>
internal readonly unsafe struct SparseRows(float* values, int* columns, int* starts, int* ends, int rows, int columnCount)
{
    public float* Values => values;

    public int* Columns => columns;

    public int* Starts => starts;

    public int* Ends => ends;

    public int Rows => rows;

    public int ColumnCount => columnCount;

    /// <summary>(columnCount): a factor of every value by its column; null for none.</summary>
    public float* Scales { get; private init; }

    /// <summary>What the magnitude of a value times its factor stays below (<see cref="SmoothLimit"/>).</summary>
    public float Limit { get; private init; }

    /// <summary>How many values are stored.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (var row = 0; row < rows; row++)
                count += ends[row] - starts[row];
            return count;
        }
    }

    /// <summary>The same rows with every value times a factor, far ones drawn in (<see cref="SmoothLimit"/>); only of rows that have no factors yet.</summary>
    /// <param name="scales">(columnCount): a factor for each column; stays where it is as long as the rows are used.</param>
    /// <param name="limit">Above 0.</param>
    public SparseRows Scaled(float* scales, float limit) => this with { Scales = scales, Limit = limit };

    /// <summary>One of the rows by itself.</summary>
    public SparseRows Row(int row) => new(values, columns, starts + row, ends + row, 1, columnCount) { Scales = Scales, Limit = Limit };

    /// <summary>The value of a stored entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Value(int entry) => Scales == null ? values[entry] : SmoothLimit.Apply(new Scalar(values[entry] * Scales[columns[entry]]), Limit).Value;

    /// <summary>Writes the rows one after the other, zeros included.</summary>
    /// <param name="destination">(rows x columnCount).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(Span<float> destination)
    {
        destination.Clear();
        for (var row = 0; row < rows; row++)
        {
            var whole = destination.Slice(row * columnCount, columnCount);
            for (var entry = starts[row]; entry < ends[row]; entry++)
                whole[columns[entry]] = Value(entry);
        }
    }
}
