using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Compares vectors of scores with vectors of labels. Rows that have no label or no score are left out and reported, as by ML.NET's evaluators.</summary>
internal sealed class MultiOutputEvaluator(IHost host)
{
    // The sums of its errors, and its label and score of the current row.
    private const int BytesPerOutput = 100;

    public static EvaluatedColumn Label(string name) => new("label", name, IsVector: true, NumberDataViewType.Single);

    public static EvaluatedColumn Score(string name) => new("score", name, IsVector: true, NumberDataViewType.Single);

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, no known-size vector of Single, the label that of predictions too, the two are not of one size, or of more values than memory holds sums of.</exception>
    /// <exception cref="InvalidOperationException">There is no row with label and score, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    public MultiOutputRegressionMetrics Evaluate(IDataView data, string labelColumnName, string scoreColumnName)
    {
        Label(labelColumnName).CheckNotHidden(host, nameof(data), Score(scoreColumnName));
        var label = Label(labelColumnName).Find(host, data);
        var score = Score(scoreColumnName).Find(host, data);
        var size = VectorColumns.Size(label);
        if (VectorColumns.Size(score) != size)
            throw host.ExceptSchemaMismatch(nameof(data), "score", scoreColumnName, $"{label.Type} as the label", score.Type.ToString());

        VectorColumns.CheckMemory(host, nameof(data), label, BytesPerOutput, "outputs");
        var outputs = Enumerable.Range(0, size).Select(_ => new OutputErrors()).ToArray();
        AddRows(data, label, score, outputs);
        return new MultiOutputRegressionMetrics([.. outputs.Select(output => output.ToMetrics())]);
    }

    private void AddRows(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, OutputErrors[] outputs)
    {
        using var cursor = data.GetRowCursor([label, score]);
        var (labels, scores) = (new VectorReader<float>(cursor, label), new VectorReader<float>(cursor, score));
        var (denseLabels, denseScores) = (new float[outputs.Length], new float[outputs.Length]);
        EvaluatedRows.Add(host, cursor, label, score, Read, Add);

        // As in training, an infinite label is a missing one.
        EvaluatedRows.Missing Read(long row)
        {
            labels.Read(row);
            scores.Read(row);
            labels.Current.CopyTo(denseLabels);
            scores.Current.CopyTo(denseScores);
            return !denseLabels.All(float.IsFinite) ? EvaluatedRows.Missing.Label : denseScores.Any(float.IsNaN) ? EvaluatedRows.Missing.Score : EvaluatedRows.Missing.Nothing;
        }

        void Add()
        {
            for (var output = 0; output < outputs.Length; output++)
                outputs[output].Add(denseLabels[output], denseScores[output]);
        }
    }
}
