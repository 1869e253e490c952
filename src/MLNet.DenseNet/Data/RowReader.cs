using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Data;

/// <summary>Reads the usable rows of a data view into memory once, as ML.NET's own trainers choose them: the others are skipped, counted and reported.</summary>
/// <param name="host">Makes the exceptions.</param>
/// <param name="data">The rows and the roles of their columns.</param>
/// <param name="labels">Reads the task's labels.</param>
/// <param name="set">What the rows are: "training" or "validation", for messages.</param>
/// <param name="options">Say whether to stop.</param>
internal sealed class RowReader(IHost host, RoleMappedData data, LabelReader labels, string set, TrainingOptions options)
{
    private readonly FloatBlock _features = new("features");
    private readonly FloatBlock _weights = new("weights");
    private long _rows;
    private long _badFeatures;
    private long _badLabels;
    private long _badWeights;

    private DataViewSchema.Column FeatureColumn => data.Schema.Feature!.Value;

    private DataViewSchema.Column LabelColumn => data.Schema.Label!.Value;

    private DataViewSchema.Column? WeightColumn => data.Schema.Weight;

    /// <summary>The rows in the order of the data view.</summary>
    /// <exception cref="InvalidOperationException">No row is usable; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled: whatever the options say, there is no model yet.</exception>
    public Dataset Read(IChannel channel)
    {
        var inputs = ((VectorDataViewType)FeatureColumn.Type).Size;
        ReadRows(inputs);

        var kept = _features.Values.Length / inputs;
        if (kept == 0)
            throw host.Except(_rows == 0 ? $"The {set} data has no rows." : $"None of the {_rows} rows of the {set} data can be used: {Skipped()}.");
        if (kept < _rows)
            channel.Warning($"Skipped {_rows - kept} of {_rows} rows of the {set} data: {Skipped()}.");
        return labels.ToDataset(inputs, _features.Values, _weights.Values);
    }

    private void ReadRows(int inputs)
    {
        var columns = new List<DataViewSchema.Column> { FeatureColumn, LabelColumn };
        if (WeightColumn is { } weightColumn)
            columns.Add(weightColumn);
        if (data.Data.GetRowCount() is { } count)
            _features.Reserve(count * inputs);

        using var cursor = data.Data.GetRowCursor(columns);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(FeatureColumn);
        var getWeight = WeightColumn is { } column ? cursor.GetGetter<float>(column) : null;
        labels.Bind(cursor, LabelColumn);
        var features = default(VBuffer<float>);
        var weight = 1f;
        while (cursor.MoveNext())
        {
            if (options.IsCanceled)
                throw new OperationCanceledException($"Training was canceled after {_rows} rows of the {set} data were read.", options.CancellationToken);
            _rows++;
            getFeatures(ref features);
            getWeight?.Invoke(ref weight);
            if (!FiniteValues.All(features.GetValues()))
            {
                _badFeatures++;
            }
            else if (!labels.TryRead())
            {
                _badLabels++;
            }
            else if (weight is not (> 0 and < float.PositiveInfinity))
            {
                _badWeights++;
            }
            else
            {
                features.CopyTo(_features.Add(inputs));
                labels.Keep();
                if (getWeight is not null)
                    _weights.Add(1)[0] = weight;
            }
        }
    }

    private string Skipped()
    {
        var reasons = new List<string>();
        if (_badFeatures > 0)
            reasons.Add($"{_badFeatures} with a missing or infinite feature in '{FeatureColumn.Name}' (ReplaceMissingValues fills them in)");
        if (_badLabels > 0)
            reasons.Add($"{_badLabels} with a missing or infinite label in '{LabelColumn.Name}'");
        if (_badWeights > 0)
            reasons.Add($"{_badWeights} with a weight in '{WeightColumn?.Name}' that is not finite and above 0");
        return string.Join(", ", reasons);
    }
}
