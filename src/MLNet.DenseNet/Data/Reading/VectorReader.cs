using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Data;

/// <summary>Reads the vectors of a column row by row, and refuses those that are not what the column's type says. ML.NET does not check vectors that come from objects.</summary>
/// <typeparam name="T">The type of a value.</typeparam>
internal sealed class VectorReader<T>
{
    private readonly ValueGetter<VBuffer<T>> _getter;
    private readonly DataViewSchema.Column _column;
    private readonly int _size;
    private VBuffer<T> _current;

    /// <param name="row">What to read from.</param>
    /// <param name="column">One of its columns, a known-size vector of <typeparamref name="T"/>.</param>
    public VectorReader(DataViewRow row, DataViewSchema.Column column)
    {
        _getter = row.GetGetter<VBuffer<T>>(column);
        _column = column;
        _size = ((VectorDataViewType)column.Type).Size;
    }

    /// <summary>The vector read last.</summary>
    public ref readonly VBuffer<T> Current => ref _current;

    /// <summary>Reads the current row's vector.</summary>
    /// <param name="number">The row's number, from 1, for the message.</param>
    /// <exception cref="InvalidOperationException">The vector has another length than the column's type, or indices that a vector of this length cannot have.</exception>
    public void Read(long number)
    {
        _getter(ref _current);
        if (Problem(in _current, _size, _column) is { } problem)
            throw new InvalidOperationException($"row {number} has {problem}");
    }

    /// <summary>Checks a vector against its column's type.</summary>
    /// <returns>What is wrong with it, to follow "row n has"; null where nothing is.</returns>
    public static string? Problem(in VBuffer<T> vector, int size, DataViewSchema.Column column)
    {
        if (vector.Length != size)
            return $"a vector of {vector.Length} value{(vector.Length == 1 ? "" : "s")} in the column '{column.Name}', whose type, {column.Type}, says {size}";
        if (vector.IsDense)
            return null;
        var indices = vector.GetIndices();
        return SparseColumns.FirstWrong(indices, size) is >= 0 and var wrong
            ? FormattableString.Invariant($"a sparse vector of length {size} in the column '{column.Name}' with the index {indices[wrong]}{(wrong == 0 ? "" : $" after {indices[wrong - 1]}")}; its indices go from 0 to {size - 1}, each once and ascending")
            : null;
    }
}
