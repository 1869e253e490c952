using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Data;

/// <summary>Reads the vectors of a column row by row, and refuses those that are not what the column's type says: nothing in ML.NET sees to it where rows are objects.</summary>
internal sealed class VectorReader
{
    private readonly ValueGetter<VBuffer<float>> _getter;
    private readonly DataViewSchema.Column _column;
    private readonly int _size;
    private VBuffer<float> _current;

    /// <param name="row">What to read from.</param>
    /// <param name="column">One of its columns, a known-size vector of <see cref="float"/>.</param>
    public VectorReader(DataViewRow row, DataViewSchema.Column column)
    {
        _getter = row.GetGetter<VBuffer<float>>(column);
        _column = column;
        _size = ((VectorDataViewType)column.Type).Size;
    }

    /// <summary>The vector read last.</summary>
    public ref readonly VBuffer<float> Current => ref _current;

    /// <summary>Reads the current row's vector.</summary>
    /// <param name="number">The row's number, from 1, for the message.</param>
    /// <exception cref="InvalidOperationException">The vector has another length than the column's type, or indices that a vector of this length cannot have.</exception>
    public void Read(long number)
    {
        _getter(ref _current);
        if (_current.Length != _size)
            throw new InvalidOperationException($"row {number} has a vector of {_current.Length} value{(_current.Length == 1 ? "" : "s")} in the column '{_column.Name}', whose type, {_column.Type}, says {_size}");
        var previous = -1;
        foreach (var index in _current.IsDense ? [] : _current.GetIndices())
        {
            if (index <= previous || index >= _size)
            {
                throw new InvalidOperationException(
                    $"row {number} has a sparse vector in the column '{_column.Name}' with the index {index}{(previous < 0 ? "" : $" after {previous}")}; its {_size} values have the indices 0 to {_size - 1}, each once and ascending");
            }

            previous = index;
        }
    }
}
