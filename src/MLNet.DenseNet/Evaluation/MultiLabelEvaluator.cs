using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Compares vectors of predicted labels with those of true ones. Rows that miss a label or a score are left out and reported, as by ML.NET's evaluators.</summary>
internal sealed class MultiLabelEvaluator(IHost host)
{
    // Its counts and metrics, and its values of the current row.
    private const int BytesPerLabel = 100;

    public static EvaluatedColumn Label(string name) => new("label", name, IsVector: true, BooleanDataViewType.Instance, NumberDataViewType.Single);

    public static EvaluatedColumn PredictedLabel(string name) => new("predicted label", name, IsVector: true, BooleanDataViewType.Instance);

    public static EvaluatedColumn Score(string name) => new("score", name, IsVector: true, NumberDataViewType.Single);

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, no known-size vector of the right type, the label that of predictions too, they are not of one size, or of more values than memory holds counts of.</exception>
    /// <exception cref="InvalidOperationException">There is no row with scores, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    public MultiLabelMetrics Evaluate(IDataView data, string labelColumnName, string predictedLabelColumnName, string scoreColumnName)
    {
        Label(labelColumnName).CheckNotHidden(host, nameof(data), PredictedLabel(predictedLabelColumnName), Score(scoreColumnName));
        var label = Label(labelColumnName).Find(host, data);
        var predicted = PredictedLabel(predictedLabelColumnName).Find(host, data);
        var score = Score(scoreColumnName).Find(host, data);
        var size = VectorColumns.Size(label);
        foreach (var (role, column) in ((string, DataViewSchema.Column)[])[("predicted label", predicted), ("score", score)])
        {
            if (VectorColumns.Size(column) != size)
                throw host.ExceptSchemaMismatch(nameof(data), role, column.Name, $"a vector of {size}, as the label", column.Type.ToString());
        }

        VectorColumns.CheckMemory(host, nameof(data), label, BytesPerLabel, "labels");
        using var cursor = data.GetRowCursor([label, predicted, score]);
        var (labels, predictions, scores) = (new MultiLabelReader(cursor, label), new VectorReader<bool>(cursor, predicted), new VectorReader<float>(cursor, score));
        // For each label: rows where it is neither, predicted only, true only, both.
        var counts = new long[size, 4];
        var (right, rankingLoss) = (0L, 0.0);
        float[] values = [];
        var evaluated = EvaluatedRows.Add(host, cursor, label, score, Read, Add);
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
