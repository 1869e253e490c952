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

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, not a known-size vector of Single, the two are not of one size, or of more values than memory holds sums of.</exception>
    /// <exception cref="InvalidOperationException">There is no row with label and score, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    public MultiOutputRegressionMetrics Evaluate(IDataView data, string labelColumnName, string scoreColumnName)
    {
        var label = VectorColumns.Find(host, data, "label", labelColumnName, NumberDataViewType.Single);
        var score = VectorColumns.Find(host, data, "score", scoreColumnName, NumberDataViewType.Single);
        var size = VectorColumns.Size(label);
        if (VectorColumns.Size(score) != size)
            throw host.ExceptSchemaMismatch(nameof(data), "score", scoreColumnName, $"{label.Type} as the label", score.Type.ToString());

        VectorColumns.CheckMemory(host, nameof(data), label, BytesPerOutput, "outputs");
        var outputs = Enumerable.Range(0, size).Select(_ => new OutputErrors()).ToArray();
        AddRows(data, label, score, outputs);
        return new MultiOutputRegressionMetrics([.. outputs.Select(output => output.ToMetrics())]);
    }

    private void AddRows(IDataView data, DataViewSchema.Column labelColumn, DataViewSchema.Column scoreColumn, OutputErrors[] outputs)
    {
        using var channel = host.Start("Evaluating");
        using var cursor = data.GetRowCursor([labelColumn, scoreColumn]);
        var (labels, scores) = (new VectorReader<float>(cursor, labelColumn), new VectorReader<float>(cursor, scoreColumn));
        var (denseLabels, denseScores) = (new float[outputs.Length], new float[outputs.Length]);
        long rows = 0, unlabelled = 0, unscored = 0;
        Action<long> readVectors = ReadVectors;
        while (cursor.MoveNext())
        {
            VectorColumns.Read(host, ++rows, readVectors);
            labels.Current.CopyTo(denseLabels);
            scores.Current.CopyTo(denseScores);
            if (denseLabels.Any(float.IsNaN))
            {
                unlabelled++;
            }
            else if (denseScores.Any(float.IsNaN))
            {
                unscored++;
            }
            else
            {
                for (var output = 0; output < outputs.Length; output++)
                    outputs[output].Add(denseLabels[output], denseScores[output]);
            }
        }

        var skipped = $"{unlabelled} of {rows} rows have a missing label in '{labelColumn.Name}', {unscored} others a missing score in '{scoreColumn.Name}'";
        if (rows == unlabelled + unscored)
            throw host.Except(rows == 0 ? "The data to evaluate has no rows." : $"There is nothing to evaluate: {skipped}.");
        if (unlabelled + unscored > 0)
            channel.Warning($"Left out of the evaluation: {skipped}.");

        void ReadVectors(long row)
        {
            labels.Read(row);
            scores.Read(row);
        }
    }
}
