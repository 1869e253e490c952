using System.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Every first, second, fourth, ... row of those that come, however many that will be: as many as there is room for, evenly spread.</summary>
internal sealed class RowSample
{
    /// <summary>The most rows that are kept.</summary>
    public const int MostRows = 1 << 14;

    // Of rows of more than 256 columns, fewer are kept: they would take many megabytes.
    private const int MostValues = 1 << 22;

    private readonly List<float> _values = [];
    private readonly int[] _columns;

    // An even number.
    private readonly int _limit;
    private long _seen;
    private long _step = 1;

    /// <param name="columns">The columns of a row, ascending.</param>
    public RowSample(IEnumerable<int> columns)
    {
        _columns = [.. columns];
        _limit = Math.Clamp(1 << BitOperations.Log2((uint)(MostValues / Math.Max(1, _columns.Length))), 2, MostRows);
    }

    /// <summary>Which columns it has, ascending.</summary>
    public IReadOnlyList<int> Columns => _columns;

    /// <summary>The rows that are kept.</summary>
    public int Rows { get; private set; }

    /// <summary>Takes in a row.</summary>
    /// <param name="row">Of each of its columns a value.</param>
    public void Add(ReadOnlySpan<float> row)
    {
        if (_seen++ % _step != 0)
            return;
        if (Rows == _limit)
        {
            // The row that has come is one of those that stay: their number is even.
            Rows /= 2;
            var length = _columns.Length;
            for (var i = 0; i < Rows * length; i++)
                _values[i] = _values[2 * (i / length) * length + i % length];
            _values.RemoveRange(Rows * length, _values.Count - Rows * length);
            _step *= 2;
        }

        _values.AddRange(row);
        Rows++;
    }

    /// <summary>Whether it has a column.</summary>
    public bool Has(int column) => IndexOf(column) >= 0;

    /// <summary>Whether a column has more than two values.</summary>
    public bool HasSeveralValues(int column) => CountDistinct(column, 3) == 3;

    /// <summary>The center and the deviation of most values of a column, those between the quantiles of 5 and 95 %; null unless that deviation is above 0 and below another, and where the column is none of these.</summary>
    public (double Center, double Deviation)? BulkBelow(double deviation, int column)
    {
        // Between these quantiles are 3.29 deviations of a normal distribution.
        const double DeviationsBetween = 3.29;
        var values = ValuesOf(column);
        if (values.Length == 0)
            return null;
        var (low, high) = ((double)values[(int)(0.05 * values.Length)], (double)values[(int)(0.95 * values.Length)]);
        var ofBulk = (high - low) / DeviationsBetween;
        return ofBulk > 0 && ofBulk < deviation ? (values[values.Length / 2], ofBulk) : null;
    }

    /// <summary>Of the values of a column that it has, missing ones left out: the share that is 0, and the mean and the mean square of the others, 0 where there are none.</summary>
    public (double ShareOfZeros, double Mean, double MeanSquare) AroundZero(int column)
    {
        var index = IndexOf(column);
        var (zeros, others, sum, squares) = (0, 0, 0.0, 0.0);
        for (var row = 0; row < Rows; row++)
        {
            double value = _values[row * _columns.Length + index];
            zeros += value == 0 ? 1 : 0;
            if (value == 0 || double.IsNaN(value))
                continue;
            others++;
            sum += value;
            squares += value * value;
        }

        return (zeros / Math.Max(1.0, zeros + others), sum / Math.Max(1, others), squares / Math.Max(1, others));
    }

    /// <summary>How many distinct values a column has, counted up to a limit; missing ones left out.</summary>
    public int CountDistinct(int column, int most)
    {
        var values = new HashSet<float>();
        var index = IndexOf(column);
        for (var row = 0; index >= 0 && row < Rows && values.Count < most; row++)
        {
            if (_values[row * _columns.Length + index] is var value && !float.IsNaN(value))
                values.Add(value);
        }

        return values.Count;
    }

    /// <summary>The distinct values of a column, ascending; missing ones, not-a-number, left out.</summary>
    public float[] DistinctValues(int column)
    {
        var values = ValuesOf(column);
        var count = 0;
        foreach (var value in values)
        {
            if (count == 0 || value != values[count - 1])
                values[count++] = value;
        }

        return [.. values[..count]];
    }

    /// <summary>The values of a column, ascending; missing ones left out.</summary>
    private Span<float> ValuesOf(int column)
    {
        var index = IndexOf(column);
        if (index < 0)
            return [];
        var values = new float[Rows];
        for (var row = 0; row < values.Length; row++)
            values[row] = _values[row * _columns.Length + index];
        Array.Sort(values);
        // Not-a-number comes first.
        return values.AsSpan(values.Count(float.IsNaN));
    }

    private int IndexOf(int column) => Array.BinarySearch(_columns, column);
}
