using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Data;

/// <summary>Goes over the usable rows of a data view, as ML.NET's own trainers choose them: the others are skipped and counted.</summary>
internal sealed class RowCursor : IDisposable
{
    private readonly RowColumns _columns;
    private readonly TrainingOptions _options;
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly ValueGetter<float>? _getWeight;
    private VBuffer<float> _features;
    private float _weight = 1;

    /// <param name="columns">The rows.</param>
    /// <param name="options">Say whether to stop.</param>
    public RowCursor(RowColumns columns, TrainingOptions options)
    {
        _columns = columns;
        _options = options;
        _cursor = columns.View.GetRowCursor(columns.All);
        _getFeatures = _cursor.GetGetter<VBuffer<float>>(columns.Feature);
        _getWeight = columns.Weight is { } weight ? _cursor.GetGetter<float>(weight) : null;
        Label = LabelReader.Create(_cursor, columns);
    }

    /// <summary>Of the rows so far.</summary>
    public RowCounts Counts { get; } = new();

    /// <summary>The current row's features.</summary>
    public ref readonly VBuffer<float> Features => ref _features;

    /// <summary>Holds the current row's label.</summary>
    public LabelReader Label { get; }

    /// <summary>The current row's weight; 1 without a column of weights.</summary>
    public float Weight => _weight;

    /// <summary>Goes to the next usable row.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="OperationCanceledException">Training was cancelled: whatever the options say, there is no model yet.</exception>
    public bool MoveNext()
    {
        while (_cursor.MoveNext())
        {
            if (_options.IsCanceled)
                throw new OperationCanceledException($"Training was canceled after {Counts.Read} rows of the {_columns.Set} data were read.", _options.CancellationToken);
            if (TryRead())
                return true;
        }

        return false;
    }

    public void Dispose() => _cursor.Dispose();

    /// <returns>Whether the current row can be used.</returns>
    private bool TryRead()
    {
        Counts.Read++;
        _getFeatures(ref _features);
        _getWeight?.Invoke(ref _weight);
        if (!FiniteValues.All(_features.GetValues()))
            Counts.BadFeatures++;
        else if (!Label.TryRead())
            Counts.BadLabels++;
        else if (_weight is not (> 0 and < float.PositiveInfinity))
            Counts.BadWeights++;
        else
            return true;
        return false;
    }
}
