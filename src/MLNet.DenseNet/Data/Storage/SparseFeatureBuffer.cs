using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Features of rows without their zeros, but for those of some columns, as compressed sparse rows (CSR): values, their columns, and where each row begins.</summary>
internal sealed class SparseFeatureBuffer
{
    private readonly ValueBuffer<float> _values = new("features");
    private readonly ValueBuffer<int> _columns = new("features");

    // (rows + 1), from 0: where the last row ends, the next one begins.
    private readonly ValueBuffer<int> _starts = new("features");
    private readonly int _inputs;

    // Ascending: the columns of which zeros are stored too.
    private IReadOnlyList<int> _complete = [];

    /// <param name="inputs">Features a row.</param>
    public SparseFeatureBuffer(int inputs)
    {
        _inputs = inputs;
        Clear();
    }

    public int Rows => _starts.Values.Length - 1;

    /// <summary>The values that are not 0, of all rows together.</summary>
    public int ValueCount => _values.Values.Length;

    public long Bytes => sizeof(float) * (2L * ValueCount + Rows);

    public void Add(in VBuffer<float> row) => Add(row.GetValues(), row.GetIndices(), row.IsDense);

    /// <summary>Stores the zeros of some columns too, of rows that were added before and of all that come.</summary>
    /// <param name="columns">Ascending.</param>
    public void Complete(IReadOnlyList<int> columns)
    {
        if (_complete == columns)
            return;
        _complete = columns;
        float[] values = [.. _values.Values.Span];
        int[] slots = [.. _columns.Values.Span];
        int[] starts = [.. _starts.Values.Span];
        Clear();
        for (var row = 0; row + 1 < starts.Length; row++)
            Add(values.AsSpan(starts[row]..starts[row + 1]), slots.AsSpan(starts[row]..starts[row + 1]), isDense: false);
    }

    /// <summary>The columns that, unlike an indicator, have values other than 0 and 1, and are not 0 in more than a share of the rows.</summary>
    public int[] Numbers(double share)
    {
        var counts = new int[_inputs];
        var isNumber = new bool[_inputs];
        var values = _values.Values.Span;
        var columns = _columns.Values.Span;
        for (var i = 0; i < values.Length; i++)
        {
            counts[columns[i]]++;
            isNumber[columns[i]] |= values[i] != 1 && !float.IsNaN(values[i]);
        }

        return [.. Enumerable.Range(0, _inputs).Where(column => isNumber[column] && counts[column] > share * Rows)];
    }

    public void Clear()
    {
        _values.Clear();
        _columns.Clear();
        _starts.Clear();
        _starts.Add(1)[0] = 0;
    }

    /// <summary>The rows where they are: valid until they are cleared.</summary>
    public SparseFeatures ToFeatures() => SparseFeatures.InPlace(_inputs, _values.Values, _columns.Values, _starts.Values);

    /// <summary>Writes the rows out with their zeros, and forgets them.</summary>
    /// <param name="dense">What to add them to.</param>
    public void MoveTo(DenseFeatureBuffer dense)
    {
        dense.Reserve(Rows);
        var values = _values.Values.Span;
        var columns = _columns.Values.Span;
        var starts = _starts.Values.Span;
        for (var row = 0; row < Rows; row++)
        {
            var written = dense.AddRow();
            written.Clear();
            for (var i = starts[row]; i < starts[row + 1]; i++)
                written[columns[i]] = values[i];
        }

        Clear();
    }

    private void Add(ReadOnlySpan<float> values, ReadOnlySpan<int> slots, bool isDense)
    {
        var complete = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var column = isDense ? i : slots[i];
            complete = AddZeros(complete, below: column);
            var isComplete = complete < _complete.Count && _complete[complete] == column;
            complete += isComplete ? 1 : 0;
            if (values[i] != 0 || isComplete)
                Store(values[i], column);
        }

        AddZeros(complete, below: _inputs);
        _starts.Add(1)[0] = ValueCount;
    }

    /// <summary>Stores the zeros of columns that a row has no value of.</summary>
    /// <returns>The first of the columns that is left.</returns>
    private int AddZeros(int complete, int below)
    {
        for (; complete < _complete.Count && _complete[complete] < below; complete++)
            Store(0, _complete[complete]);
        return complete;
    }

    private void Store(float value, int column)
    {
        _values.Add(1)[0] = value;
        _columns.Add(1)[0] = column;
    }
}
