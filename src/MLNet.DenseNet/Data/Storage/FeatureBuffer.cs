using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>
/// The features of rows in memory, sparse or dense. They are collected as sparse rows until enough of them are there to decide, so that wide rows are not written out in vain.
/// </summary>
/// <param name="inputs">Features a row.</param>
/// <param name="storage">What all rows of the data view keep to.</param>
internal sealed class FeatureBuffer(int inputs, FeatureStorage storage)
{
    private readonly SparseFeatureBuffer _sparse = new(inputs);
    private readonly DenseFeatureBuffer _dense = new(inputs);

    public int Rows => _sparse.Rows + _dense.Rows;

    /// <summary>(rows x inputs), row-major, where <see cref="ToSparse"/> is null.</summary>
    public ReadOnlyMemory<float> Dense => _dense.Values;

    /// <summary>The memory that the rows take.</summary>
    public long Bytes => _sparse.Bytes + _dense.Bytes;

    /// <summary>Makes room for so many rows where they are dense. Nobody knows beforehand how long sparse rows are.</summary>
    public void Reserve(long rows) => _dense.Reserve(rows);

    public void Add(in VBuffer<float> row)
    {
        if (storage.IsSparse == false)
        {
            WriteOut();
            _dense.Add(in row);
            return;
        }

        Complete();
        _sparse.Add(in row);
        if (_sparse.Rows == FeatureStorage.DecidingRows)
            Decide();
    }

    /// <summary>Forgets the rows, so that others can be added in their memory.</summary>
    public void Clear()
    {
        _sparse.Clear();
        _dense.Clear();
    }

    /// <summary>The rows, where they are kept sparse; otherwise null. Valid until they are cleared.</summary>
    public SparseFeatures? ToSparse()
    {
        Decide();
        return storage.IsSparse == true ? _sparse.ToFeatures() : null;
    }

    /// <summary>Decides by these rows how they and all later ones are kept, unless it was decided before.</summary>
    public void Decide()
    {
        if (Rows > 0 && !storage.Decide(_sparse.ValueCount, Rows, _sparse.Numbers))
            WriteOut();
        else
            Complete();
    }

    /// <summary>Another buffer of the same rows may have been there when it was decided.</summary>
    private void Complete() => _sparse.Complete(storage.Numbers);

    /// <summary>Makes dense rows of those that were collected before the decision.</summary>
    private void WriteOut()
    {
        if (_sparse.Rows > 0)
            _sparse.MoveTo(_dense);
    }
}
