using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Compares vectors of predicted quantiles with labels.</summary>
internal sealed class QuantileEvaluator : VectorEvaluator<QuantileRegressionMetrics>
{
    private readonly IReadOnlyList<float>? _quantiles;

    /// <param name="env">The environment of the catalog.</param>
    /// <param name="name">What is done, for the log.</param>
    /// <param name="labelColumnName">The column of labels.</param>
    /// <param name="scoreColumnName">The column of scores.</param>
    /// <param name="quantiles">Which quantiles the scores are; null for the names of their slots.</param>
    /// <exception cref="ArgumentException">There is none, or they do not ascend.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is outside (0, 1).</exception>
    public QuantileEvaluator(IHostEnvironment env, string name, string labelColumnName, string scoreColumnName, IReadOnlyList<float>? quantiles)
        : base(env, name, new("label", labelColumnName, IsVector: false, NumberDataViewType.Single), scoreColumnName)
    {
        // Whose rules are the same.
        _quantiles = quantiles is null ? null : new MultiQuantileLoss(quantiles).Quantiles;
    }

    protected override string Otherwise => "for a single prediction there is mlContext.Regression.CrossValidate, for several outputs mlContext.Regression.CrossValidateMultiOutput";

    /// <exception cref="ArgumentException">There are more or fewer quantiles given than scores.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or no quantiles are given and the scores' slots have other names.</exception>
    /// <exception cref="InvalidOperationException">There is no row with label and score, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    public override QuantileRegressionMetrics Evaluate(IDataView data)
    {
        var label = Label.Find(Host, data);
        var score = Score.Find(Host, data);
        var errors = QuantileLevels.Of(Host, score, _quantiles).Select(quantile => new QuantileErrors(quantile)).ToArray();
        var interval = new IntervalHits();

        using var cursor = data.GetRowCursor([label, score]);
        var (getLabel, scores) = (cursor.GetGetter<float>(label), new VectorReader<float>(cursor, score));
        var (value, predicted) = (0f, new float[errors.Length]);
        EvaluatedRows.Add(Host, cursor, label, score, Read, Add);
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
