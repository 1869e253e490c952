using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine;

/// <summary>As <see cref="RowSample"/>, of sparse rows as they are: every first, second, fourth, ... of those that come.</summary>
internal sealed class SparseRowSample
{
    private const int MostValues = 1 << 21;

    private readonly List<float> _values = [];
    private readonly List<int> _columns = [];
    private readonly List<int> _ends = [];
    private long _seen;
    private long _step = 1;

    /// <summary>Takes in a row.</summary>
    /// <param name="columns">Of the stored values, ascending.</param>
    /// <param name="values">These.</param>
    public void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        var number = _seen++;
        if (number % _step != 0)
            return;
        if (_ends.Count > 1 && (_ends.Count == RowSample.MostRows || _values.Count + values.Length > MostValues))
        {
            Halve();
            if (number % _step != 0)
                return;
        }

        _values.AddRange(values);
        _columns.AddRange(columns);
        _ends.Add(_values.Count);
    }

    /// <summary>The columns that have more than two values, ascending; what is not stored is 0, missing ones are left out.</summary>
    public List<int> WithSeveralValues()
    {
        var columns = new Dictionary<int, (float First, float Second, bool HasMore, int NotZero)>();
        for (var i = 0; i < _values.Count; i++)
        {
            var value = _values[i];
            if (value == 0)
                continue;
            ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(columns, _columns[i], out _);
            found.NotZero++;
            if (float.IsNaN(value) || value == found.First || value == found.Second)
                continue;
            if (found.First == 0)
                found.First = value;
            else if (found.Second == 0)
                found.Second = value;
            else
                found.HasMore = true;
        }

        return [.. columns.Where(column => column.Value.HasMore || (column.Value.Second != 0 && column.Value.NotZero < _ends.Count)).Select(column => column.Key).Order()];
    }

    /// <summary>The sample of some columns, zeros included.</summary>
    /// <param name="columns">Which ones, ascending.</param>
    public RowSample Of(IEnumerable<int> columns)
    {
        var sample = new RowSample(columns);
        var index = sample.Columns.Index().ToDictionary(column => column.Item, column => column.Index);
        var row = new float[sample.Columns.Count];
        var entry = 0;
        foreach (var end in _ends)
        {
            Array.Clear(row);
            for (; entry < end; entry++)
            {
                if (index.TryGetValue(_columns[entry], out var position))
                    row[position] = _values[entry];
            }

            sample.Add(row);
        }

        return sample;
    }

    /// <summary>Forgets every other row.</summary>
    private void Halve()
    {
        var (rows, kept) = (_ends.Count, 0);
        for (var row = 0; row < rows; row += 2)
        {
            var (first, end) = (row == 0 ? 0 : _ends[row - 1], _ends[row]);
            for (var i = first; i < end; i++, kept++)
                (_values[kept], _columns[kept]) = (_values[i], _columns[i]);
            _ends[row / 2] = kept;
        }

        _values.RemoveRange(kept, _values.Count - kept);
        _columns.RemoveRange(kept, _columns.Count - kept);
        _ends.RemoveRange((rows + 1) / 2, rows / 2);
        _step *= 2;
    }
}
