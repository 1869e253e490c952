using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Features of rows without their zeros, as compressed sparse rows (CSR): values, their columns, and where each row begins.</summary>
internal sealed class SparseFeatureBuffer
{
    private readonly ValueBuffer<float> _values = new("features");
    private readonly ValueBuffer<int> _columns = new("features");

    // (rows + 1), from 0: where the last row ends, the next one begins.
    private readonly ValueBuffer<int> _starts = new("features");
    private readonly int _inputs;

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

    public void Add(in VBuffer<float> row)
    {
        var values = row.GetValues();
        var columns = row.GetIndices();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == 0)
                continue;
            _values.Add(1)[0] = values[i];
            _columns.Add(1)[0] = row.IsDense ? i : columns[i];
        }

        _starts.Add(1)[0] = ValueCount;
    }

    /// <summary>Whether a column, unlike an indicator, has values other than 0 and 1, and is mostly not 0.</summary>
    public bool HasNumbers()
    {
        var counts = new int[_inputs];
        var isNumber = new bool[_inputs];
        var values = _values.Values.Span;
        var columns = _columns.Values.Span;
        for (var i = 0; i < values.Length; i++)
        {
            counts[columns[i]]++;
            isNumber[columns[i]] |= values[i] != 1;
        }

        return Enumerable.Range(0, _inputs).Any(column => isNumber[column] && counts[column] > Rows / 2);
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
}
