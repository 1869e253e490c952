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

    /// <summary>(columnCount): what is taken from every value in a column before its factor; null for nothing.</summary>
    public float* Means { get; private init; }

    /// <summary>(columnCount): the factor of every value in a column; null where there are none.</summary>
    public float* Scales { get; private init; }

    /// <summary>Where there are factors: the limit of <see cref="SmoothClipping"/> that what comes of a value goes through.</summary>
    public float Limit { get; private init; }

    /// <summary>Where there are factors: what becomes of a missing value, not-a-number.</summary>
    public float Missing { get; private init; }

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

    /// <summary>The same matrix with (value - mean of its column) * factor of its column instead of every stored value, smoothly clipped (<see cref="SmoothClipping"/>). It must have no factors yet.</summary>
    /// <param name="means">(columnCount): read as long as the result is used. Values that are not stored stay 0, so it is 0 but for columns of which every row stores a value; null where it is 0 for all.</param>
    /// <param name="scales">(columnCount), likewise.</param>
    /// <param name="limit">Above 0.</param>
    /// <param name="missing">What becomes of a missing value, not-a-number.</param>
    public CsrMatrix Scaled(float* means, float* scales, float limit, float missing) => this with { Means = means, Scales = scales, Limit = limit, Missing = missing };

    /// <summary>How many values of some columns are not stored.</summary>
    /// <param name="wanted">Which columns, ascending.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long CountNotStored(ReadOnlySpan<int> wanted)
    {
        var count = (long)rows * wanted.Length;
        for (var row = 0; row < rows; row++)
        {
            var next = 0;
            for (var entry = starts[row]; entry < ends[row] && next < wanted.Length; entry++)
            {
                while (next < wanted.Length && wanted[next] < columns[entry])
                    next++;
                count -= next < wanted.Length && wanted[next] == columns[entry] ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>How many stored values are missing: not-a-number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long CountMissing()
    {
        long count = 0;
        for (var row = 0; row < rows; row++)
        {
            var stored = new ReadOnlySpan<float>(values + starts[row], ends[row] - starts[row]);
            if (FiniteValues.All(stored))
                continue;
            foreach (var value in stored)
                count += float.IsNaN(value) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Some of the rows.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public CsrMatrix Slice(int first, int count) => new(values, columns, starts + first, ends + first, count, columnCount) { Means = Means, Scales = Scales, Limit = Limit, Missing = Missing };

    /// <summary>A stored value, shifted, scaled and clipped where there are factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Value(int entry)
    {
        if (Scales == null)
            return values[entry];
        var z = Shifted(entry) * Scales[columns[entry]];
        return float.IsNaN(z) ? Missing : SmoothClipping.Apply(new Scalar(z), Limit).Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Shifted(int entry) => Means == null ? values[entry] : values[entry] - Means[columns[entry]];

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
