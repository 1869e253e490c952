using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Compares vectors of scores with vectors of labels.</summary>
internal sealed class MultiOutputEvaluator(IHostEnvironment env, string name, string labelColumnName, string scoreColumnName)
    : VectorEvaluator<MultiOutputRegressionMetrics>(env, name, new("label", labelColumnName, IsVector: true, NumberDataViewType.Single), scoreColumnName)
{
    // The sums of its errors, and its label and score of the current row.
    private const int BytesPerOutput = 100;

    protected override string Otherwise => "for a single output there is mlContext.Regression.CrossValidate, for several quantiles of one mlContext.Regression.CrossValidateQuantiles";

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, no known-size vector of Single, the label that of predictions too, the two are not of one size, or of more values than memory holds sums of.</exception>
    /// <exception cref="InvalidOperationException">There is no row with label and score, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    public override MultiOutputRegressionMetrics Evaluate(IDataView data)
    {
        Label.CheckNotHidden(Host, nameof(data), Predictions);
        var label = Label.Find(Host, data);
        var score = Score.Find(Host, data);
        var size = VectorColumns.Size(label);
        if (VectorColumns.Size(score) != size)
            throw Host.ExceptSchemaMismatch(nameof(data), "score", score.Name, $"{label.Type} as the label", score.Type.ToString());

        VectorColumns.CheckMemory(Host, nameof(data), label, BytesPerOutput, "outputs");
        var outputs = Enumerable.Range(0, size).Select(_ => new OutputErrors()).ToArray();
        AddRows(data, label, score, outputs);
        return new MultiOutputRegressionMetrics([.. outputs.Select(output => output.ToMetrics())]);
    }

    private void AddRows(IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, OutputErrors[] outputs)
    {
        using var cursor = data.GetRowCursor([label, score]);
        var (labels, scores) = (new VectorReader<float>(cursor, label), new VectorReader<float>(cursor, score));
        var (denseLabels, denseScores) = (new float[outputs.Length], new float[outputs.Length]);
        EvaluatedRows.Add(Host, cursor, label, score, Read, Add);

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
