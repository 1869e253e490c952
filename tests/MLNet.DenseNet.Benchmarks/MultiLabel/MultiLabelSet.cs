using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>A table with several labels a row, each true or false.</summary>
/// <param name="Name">The name in the tables and on the command line.</param>
/// <param name="Features">(rows, inputs), as people have them: neither scaled nor centred.</param>
/// <param name="Labels">(rows, labels).</param>
/// <param name="Truth">(rows, labels), for made data: the logits that the labels were drawn from. Null where nobody knows them.</param>
internal sealed record MultiLabelSet(string Name, float[][] Features, bool[][] Labels, float[][]? Truth = null)
{
    public int Rows => Features.Length;

    public int Inputs => Features[0].Length;

    public int LabelCount => Labels[0].Length;

    /// <summary>Some rows, with the columns "Features" and "Label".</summary>
    public IDataView CreateView(MLContext mlContext, int[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Inputs);
        schema[nameof(Row.Label)].ColumnType = new VectorDataViewType(BooleanDataViewType.Instance, LabelCount);
        return mlContext.Data.LoadFromEnumerable(rows.Select(row => new Row { Features = Features[row], Label = Labels[row] }).ToArray(), schema);
    }

    /// <summary>Some rows' labels next to scores of theirs, for ML.NET: a label is predicted where its logit is above zero.</summary>
    /// <param name="mlContext">What to make them with.</param>
    /// <param name="rows">The rows' numbers.</param>
    /// <param name="scores">(rows, labels), logits.</param>
    public IDataView CreateView(MLContext mlContext, int[] rows, float[][] scores)
    {
        var schema = SchemaDefinition.Create(typeof(Scored));
        foreach (var column in schema)
            column.ColumnType = new VectorDataViewType(column.MemberName == nameof(Scored.Score) ? NumberDataViewType.Single : BooleanDataViewType.Instance, LabelCount);
        return mlContext.Data.LoadFromEnumerable(rows.Zip(scores, (row, own) => new Scored { Label = Labels[row], Score = own, PredictedLabel = [.. own.Select(score => score > 0)] }).ToArray(), schema);
    }

    private class Labeled
    {
        public bool[] Label { get; set; } = [];
    }

    private sealed class Row : Labeled
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored : Labeled
    {
        public float[] Score { get; set; } = [];

        public bool[] PredictedLabel { get; set; } = [];
    }
}
