using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Compares vectors of predicted quantiles with labels. Rows that have no label or no score are left out and reported, as by ML.NET's evaluators.</summary>
internal sealed class QuantileEvaluator
{
    private readonly IHost _host;
    private readonly IReadOnlyList<float>? _quantiles;

    /// <param name="host">Logs and throws.</param>
    /// <param name="quantiles">Which quantiles the scores are; null for the names of their slots.</param>
    /// <exception cref="ArgumentException">There is none, or they do not ascend.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is outside (0, 1).</exception>
    public QuantileEvaluator(IHost host, IReadOnlyList<float>? quantiles)
    {
        _host = host;
        // Whose rules are the same.
        _quantiles = quantiles is null ? null : new MultiQuantileLoss(quantiles).Quantiles;
    }

    public static EvaluatedColumn Label(string name) => new("label", name, IsVector: false, NumberDataViewType.Single);

    public static EvaluatedColumn Score(string name) => new("score", name, IsVector: true, NumberDataViewType.Single);

    /// <exception cref="ArgumentException">There are more or fewer quantiles given than scores.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or no quantiles are given and the scores' slots have other names.</exception>
    /// <exception cref="InvalidOperationException">There is no row with label and score, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    public QuantileRegressionMetrics Evaluate(IDataView data, string labelColumnName, string scoreColumnName)
    {
        var label = Label(labelColumnName).Find(_host, data);
        var score = Score(scoreColumnName).Find(_host, data);
        var errors = QuantileLevels.Of(_host, score, _quantiles).Select(quantile => new QuantileErrors(quantile)).ToArray();
        var interval = new IntervalHits();

        using var cursor = data.GetRowCursor([label, score]);
        var (getLabel, scores) = (cursor.GetGetter<float>(label), new VectorReader<float>(cursor, score));
        var (value, predicted) = (0f, new float[errors.Length]);
        EvaluatedRows.Add(_host, cursor, label, score, Read, Add);
        return new QuantileRegressionMetrics(
            [.. errors.Select(quantile => quantile.ToMetrics())], errors.Length == 1 ? null : interval.ToMetrics((double)((decimal)errors[^1].Quantile - (decimal)errors[0].Quantile)));

        // As in training, an infinite label is a missing one.
        EvaluatedRows.Missing Read(long row)
        {
            getLabel(ref value);
            scores.Read(row);
            scores.Current.CopyTo(predicted);
            return !float.IsFinite(value) ? EvaluatedRows.Missing.Label : predicted.Any(float.IsNaN) ? EvaluatedRows.Missing.Score : EvaluatedRows.Missing.Nothing;
        }

        void Add()
        {
            for (var i = 0; i < errors.Length; i++)
                errors[i].Add(value, predicted[i]);
            interval.Add(value, predicted[0], predicted[^1]);
        }
    }
}
