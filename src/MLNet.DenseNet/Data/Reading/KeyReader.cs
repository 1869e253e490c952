using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Data;

/// <summary>Reads keys as the features that a network takes, and refuses those that are not what their column's type says. ML.NET does not check vectors of keys that come from objects.</summary>
/// <typeparam name="T">The type of a key.</typeparam>
internal sealed class KeyReader<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly KeyFeatures _keys;
    private readonly DataViewRow _row;
    private readonly DataViewSchema.Column _column;
    private readonly ValueGetter<VBuffer<T>> _getter;
    private VBuffer<T> _current;

    /// <param name="keys">How the network takes them.</param>
    /// <param name="row">What to read from.</param>
    /// <param name="column">Its column of keys.</param>
    public KeyReader(KeyFeatures keys, DataViewRow row, DataViewSchema.Column column)
    {
        (_keys, _row, _column) = (keys, row, column);
        _getter = column.Type is VectorDataViewType ? row.GetGetter<VBuffer<T>>(column) : Single(row.GetGetter<T>(column));
    }

    /// <summary>Reads the current row.</summary>
    /// <param name="features">A vector of the features, sparse where they are one-hot.</param>
    /// <exception cref="InvalidOperationException">A key is not one of those that the column's type says, or there are more or fewer of them.</exception>
    public void Read(ref VBuffer<float> features)
    {
        _getter(ref _current);
        if (VectorReader<T>.Problem(in _current, _keys.Length, _column) is { } problem)
            throw Bad(problem);
        var editor = VBufferEditor.Create(ref features, _keys.Size, _keys.Length, requireIndicesOnDense: true);
        var count = 0;
        foreach (var (slot, value) in _current.Items())
        {
            var key = ulong.CreateChecked(value);
            if (key == 0)
                continue;
            if (key > (ulong)_keys.Count)
                throw Bad(FormattableString.Invariant($"the key {key} {(_keys.Slots is null ? "in" : $"{SlotNames.Describe(_column, slot)} of")} the column '{_column.Name}', whose type, {_column.Type}, has {_keys.Count}"));
            editor.Indices[count] = _keys.AreNumbers ? slot : slot * _keys.Count + (int)key - 1;
            editor.Values[count++] = _keys.AreNumbers ? key : 1;
        }

        features = editor.CommitTruncated(count);
    }

    private static ValueGetter<VBuffer<T>> Single(ValueGetter<T> getter) => (ref VBuffer<T> keys) =>
    {
        var editor = VBufferEditor.Create(ref keys, 1);
        getter(ref editor.Values[0]);
        keys = editor.Commit();
    };

    private InvalidOperationException Bad(string problem) => new(FormattableString.Invariant($"Row {_row.Position + 1} has {problem}."));
}
