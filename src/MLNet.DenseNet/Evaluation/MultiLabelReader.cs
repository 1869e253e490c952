using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Reads the labels of a row, each true or false, from a vector of Booleans or of numbers that are 0 or 1.</summary>
internal sealed class MultiLabelReader
{
    private readonly Action<long> _read;
    private readonly bool[] _current;

    /// <param name="row">What to read from.</param>
    /// <param name="column">A known-size vector of Boolean or Single.</param>
    public MultiLabelReader(DataViewRow row, DataViewSchema.Column column)
    {
        _current = new bool[VectorColumns.Size(column)];
        if (((VectorDataViewType)column.Type).ItemType is BooleanDataViewType)
        {
            var labels = new VectorReader<bool>(row, column);
            _read = number =>
            {
                labels.Read(number);
                labels.Current.CopyTo(_current);
            };
            return;
        }

        var numbers = new VectorReader<float>(row, column);
        _read = number =>
        {
            numbers.Read(number);
            if (ZeroOneLabels.Problem(in numbers.Current, column) is { } problem)
                throw new InvalidOperationException($"row {number} has {problem}");
            AreMissing = false;
            foreach (var (label, value) in numbers.Current.Items(all: true))
            {
                AreMissing |= !float.IsFinite(value);
                _current[label] = value == 1;
            }
        };
    }

    /// <summary>The labels read last; overwritten by the next.</summary>
    public bool[] Current => _current;

    /// <summary>Whether one of the labels read last is missing.</summary>
    public bool AreMissing { get; private set; }

    /// <summary>Reads the current row's labels.</summary>
    /// <param name="number">The row's number, from 1, for the message.</param>
    /// <exception cref="InvalidOperationException">The vector is none of its column's type, or a number is neither 0 nor 1.</exception>
    public void Read(long number) => _read(number);
}
