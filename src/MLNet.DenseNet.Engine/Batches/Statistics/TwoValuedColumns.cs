namespace MLNet.DenseNet.Engine;

/// <summary>Which columns have two values and no others, by all rows: a sample may lack the rare one of them.</summary>
internal sealed class TwoValuedColumns
{
    // Of columns that have more values. No feature is infinite.
    private const float More = float.PositiveInfinity;

    // (columns) each, not-a-number as long as a column has no such value.
    private readonly float[] _first;
    private readonly float[] _second;

    // Of dense rows, the columns that do not have more, so far.
    private List<int>? _left;

    /// <param name="columns">The number of features a row.</param>
    public TwoValuedColumns(int columns)
    {
        (_first, _second) = (new float[columns], new float[columns]);
        Array.Fill(_first, float.NaN);
        Array.Fill(_second, float.NaN);
    }

    /// <summary>Takes in a dense row.</summary>
    /// <param name="row">(columns), finite or missing: not-a-number.</param>
    public void Add(ReadOnlySpan<float> row)
    {
        _left ??= [.. Enumerable.Range(0, row.Length)];
        for (var i = _left.Count - 1; i >= 0; i--)
        {
            var column = _left[i];
            Add(row[column], column);
            if (_second[column] != More)
                continue;
            _left[i] = _left[^1];
            _left.RemoveAt(_left.Count - 1);
        }
    }

    /// <summary>Takes in a value of a column.</summary>
    /// <param name="value">Finite or missing: not-a-number.</param>
    /// <param name="column">Of which column.</param>
    public void Add(float value, int column)
    {
        if (float.IsNaN(value) || value == _first[column] || value == _second[column])
            return;
        if (float.IsNaN(_first[column]))
            _first[column] = value;
        else
            _second[column] = float.IsNaN(_second[column]) ? value : More;
    }

    /// <summary>The two values of a column; null where it has one or more.</summary>
    public (float Low, float High)? Of(int column) =>
        float.IsFinite(_second[column]) ? (Math.Min(_first[column], _second[column]), Math.Max(_first[column], _second[column])) : null;
}
