using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A sparse matrix as compressed sparse rows (CSR): some values are stored, each with its column, and all others are 0.</summary>
/// <param name="values">The stored values, row after row.</param>
/// <param name="columns">The column of each value, ascending within a row.</param>
/// <param name="starts">(rows): the index of each row's first value.</param>
/// <param name="ends">(rows): the index after each row's last value.</param>
/// <param name="rows">How many rows.</param>
/// <param name="columnCount">The length of a row.</param>
internal readonly unsafe struct CsrMatrix(float* values, int* columns, int* starts, int* ends, int rows, int columnCount)
{
    public float* Values => values;

    public int* Columns => columns;

    public int* Starts => starts;

    public int* Ends => ends;

    public int Rows => rows;

    public int ColumnCount => columnCount;

    /// <summary>(columnCount): the factor of every value in a column; null where there are none.</summary>
    public float* Scales { get; private init; }

    /// <summary>Where there are factors: the limit of <see cref="SmoothClipping"/> that a value times its factor goes through.</summary>
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

    /// <summary>The same matrix with every value times the factor of its column, smoothly clipped (<see cref="SmoothClipping"/>). It must have no factors yet.</summary>
    /// <param name="scales">(columnCount): read as long as the result is used.</param>
    /// <param name="limit">Above 0.</param>
    public CsrMatrix Scaled(float* scales, float limit) => this with { Scales = scales, Limit = limit };

    /// <summary>Some of the rows.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public CsrMatrix Slice(int first, int count) => new(values, columns, starts + first, ends + first, count, columnCount) { Scales = Scales, Limit = Limit };

    /// <summary>A stored value, scaled and clipped where there are factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Value(int entry) => Scales == null ? values[entry] : SmoothClipping.Apply(new Scalar(values[entry] * Scales[columns[entry]]), Limit).Value;

    /// <summary>Writes the matrix out, zeros included.</summary>
    /// <param name="destination">(rows x columnCount), row-major.</param>
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
