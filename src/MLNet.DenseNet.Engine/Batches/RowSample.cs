namespace MLNet.DenseNet.Engine;

/// <summary>Every first, second, fourth, ... row of those that come, however many that will be: as many as there is room for, evenly spread.</summary>
/// <param name="columns">The length of a row.</param>
internal sealed class RowSample(int columns)
{
    /// <summary>The most rows that are kept.</summary>
    public const int MostRows = 1 << 14;

    private readonly List<float> _values = [];
    private long _seen;
    private long _step = 1;

    /// <summary>The rows that are kept.</summary>
    public int Rows => _values.Count / columns;

    /// <summary>Takes in a row.</summary>
    public void Add(ReadOnlySpan<float> row)
    {
        if (_seen++ % _step != 0)
            return;
        if (Rows == MostRows)
        {
            // The row that has come is one of those that stay: their number is even.
            for (var kept = 0; kept < MostRows / 2; kept++)
            {
                for (var column = 0; column < columns; column++)
                    _values[kept * columns + column] = _values[2 * kept * columns + column];
            }

            _values.RemoveRange(MostRows / 2 * columns, MostRows / 2 * columns);
            _step *= 2;
        }

        _values.AddRange(row);
    }

    /// <summary>The distinct values of a column, ascending; missing ones, not-a-number, left out.</summary>
    public float[] DistinctValues(int column)
    {
        var values = new float[Rows];
        for (var row = 0; row < values.Length; row++)
            values[row] = _values[row * columns + column];
        Array.Sort(values);
        var count = 0;
        foreach (var value in values)
        {
            if (!float.IsNaN(value) && (count == 0 || value != values[count - 1]))
                values[count++] = value;
        }

        return values[..count];
    }
}
