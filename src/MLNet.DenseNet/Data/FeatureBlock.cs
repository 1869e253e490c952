using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>The features of a block of rows, dense or sparse. They are collected as sparse ones until it is decided, so that wide rows are not written out in vain.</summary>
/// <param name="inputs">Features a row.</param>
/// <param name="storage">What all blocks of the data view keep to.</param>
internal sealed class FeatureBlock(int inputs, FeatureStorage storage)
{
    private readonly ValueBlock<float> _dense = new("features");

    // Values that are not 0, their columns, and where each row ends.
    private readonly ValueBlock<float> _values = new("features");
    private readonly ValueBlock<int> _columns = new("features");
    private readonly ValueBlock<int> _ends = new("features");
    private long _reservedRows;

    public int Rows { get; private set; }

    /// <summary>(rows x inputs), row-major, where <see cref="ToSparse"/> is null.</summary>
    public ReadOnlyMemory<float> Dense => _dense.Values;

    /// <summary>What the rows take in memory.</summary>
    public long Bytes => sizeof(float) * ((long)_dense.Values.Length + 2L * _values.Values.Length + _ends.Values.Length);

    /// <summary>Makes room beforehand, as far as an array reaches; for sparse rows, whose length nobody knows, none.</summary>
    public void Reserve(long rows)
    {
        _reservedRows = rows;
        if (storage.IsSparse == false)
            _dense.Reserve(rows * inputs);
    }

    public void Add(in VBuffer<float> row)
    {
        Rows++;
        if (storage.IsSparse == false)
        {
            WriteOut();
            row.CopyTo(_dense.Add(inputs));
            return;
        }

        var values = row.GetValues();
        var columns = row.GetIndices();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == 0)
                continue;
            _values.Add(1)[0] = values[i];
            _columns.Add(1)[0] = row.IsDense ? i : columns[i];
        }

        _ends.Add(1)[0] = _values.Values.Length;
        if (Rows == FeatureStorage.DecidingRows)
            Decide();
    }

    public void Clear()
    {
        Rows = 0;
        _dense.Clear();
        _values.Clear();
        _columns.Clear();
        _ends.Clear();
    }

    /// <summary>The rows, where they are kept sparse; otherwise null.</summary>
    public SparseFeatures? ToSparse()
    {
        Decide();
        return storage.IsSparse == true ? SparseFeatures.InPlace(inputs, _values.Values, _columns.Values, (int[])[0, .. _ends.Values.Span]) : null;
    }

    /// <summary>Lets these rows decide how they and all later ones are kept, where none did before.</summary>
    public void Decide()
    {
        if (Rows > 0 && !storage.Decide(_values.Values.Length, Rows))
            WriteOut();
    }

    /// <summary>Makes dense rows of those that were collected as sparse ones.</summary>
    private void WriteOut()
    {
        var rows = _ends.Values.Span;
        if (rows.IsEmpty)
            return;
        _dense.Reserve(Math.Max(_reservedRows, rows.Length) * inputs);
        var start = 0;
        foreach (var end in rows)
        {
            var row = _dense.Add(inputs);
            row.Clear();
            for (; start < end; start++)
                row[_columns.Values.Span[start]] = _values.Values.Span[start];
        }

        _values.Clear();
        _columns.Clear();
        _ends.Clear();
    }
}
