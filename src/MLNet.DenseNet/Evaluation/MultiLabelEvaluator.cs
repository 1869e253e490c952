using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Compares vectors of predicted labels with those of true ones.</summary>
internal sealed class MultiLabelEvaluator(IHostEnvironment env, string name, string labelColumnName, string predictedLabelColumnName, string scoreColumnName)
    : VectorEvaluator<MultiLabelMetrics>(env, name, new("label", labelColumnName, IsVector: true, BooleanDataViewType.Instance, NumberDataViewType.Single), scoreColumnName)
{
    // Its counts and metrics, and its values of the current row.
    private const int BytesPerLabel = 100;

    private readonly EvaluatedColumn _predictedLabel = new("predicted label", predictedLabelColumnName, IsVector: true, BooleanDataViewType.Instance);

    protected override IReadOnlyList<EvaluatedColumn> Predictions => [_predictedLabel, Score];

    protected override string Otherwise => "for a single label there is mlContext.BinaryClassification.CrossValidate";

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, no known-size vector of the right type, the label that of predictions too, they are not of one size, or of more values than memory holds counts of.</exception>
    /// <exception cref="InvalidOperationException">There is no row with scores, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    public override MultiLabelMetrics Evaluate(IDataView data)
    {
        Label.CheckNotHidden(Host, nameof(data), Predictions);
        var label = Label.Find(Host, data);
        var predicted = _predictedLabel.Find(Host, data);
        var score = Score.Find(Host, data);
        var size = VectorColumns.Size(label);
        foreach (var (role, column) in ((string, DataViewSchema.Column)[])[("predicted label", predicted), ("score", score)])
        {
            if (VectorColumns.Size(column) != size)
                throw Host.ExceptSchemaMismatch(nameof(data), role, column.Name, $"a vector of {size}, as the label", column.Type.ToString());
        }

        VectorColumns.CheckMemory(Host, nameof(data), label, BytesPerLabel, "labels");
        using var cursor = data.GetRowCursor([label, predicted, score]);
        var (labels, predictions, scores) = (new MultiLabelReader(cursor, label), new VectorReader<bool>(cursor, predicted), new VectorReader<float>(cursor, score));
        // For each label: rows where it is neither, predicted only, true only, both.
        var counts = new long[size, 4];
        var (right, rankingLoss) = (0L, 0.0);
        float[] values = [];
        var evaluated = EvaluatedRows.Add(Host, cursor, label, score, Read, Add);
        return new MultiLabelMetrics(
            [.. Enumerable.Range(0, size).Select(i => new LabelMetrics(counts[i, 3], counts[i, 1], counts[i, 2], counts[i, 0]))], (double)right / evaluated, rankingLoss / evaluated);

        EvaluatedRows.Missing Read(long row)
        {
            labels.Read(row);
            predictions.Read(row);
            scores.Read(row);
            if (labels.AreMissing)
                return EvaluatedRows.Missing.Label;
            values = [.. scores.Current.DenseValues()];
            return values.Any(float.IsNaN) ? EvaluatedRows.Missing.Score : EvaluatedRows.Missing.Nothing;
        }

        void Add()
        {
            bool[] isTrue = labels.Current, isPredicted = [.. predictions.Current.DenseValues()];
            for (var i = 0; i < isTrue.Length; i++)
                counts[i, (isTrue[i] ? 2 : 0) + (isPredicted[i] ? 1 : 0)]++;
            right += isTrue.SequenceEqual(isPredicted) ? 1 : 0;
            rankingLoss += RankingLoss(isTrue, values);
        }
    }

    private static double RankingLoss(bool[] isTrue, float[] scores)
    {
        var count = isTrue.Count(value => value);
        if (count == 0 || count == isTrue.Length)
            return 0;
        // Along the scores from the highest down: how many false labels stand above each true one, equal ones among them.
        float[] falseScores = [.. scores.Where((_, i) => !isTrue[i]).Order()];
        var wrong = 0L;
        for (var i = 0; i < isTrue.Length; i++)
        {
            if (isTrue[i])
                wrong += falseScores.Length - LowerBound(falseScores, scores[i]);
        }

        return (double)wrong / count / falseScores.Length;
    }

    /// <summary>How many of ascending values are below one.</summary>
    private static int LowerBound(float[] ascending, float value)
    {
        var (from, to) = (0, ascending.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (ascending[middle] < value)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }
}
