using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Models;

/// <summary>Scores that have names.</summary>
/// <param name="score">The column as ML.NET binds it, a vector.</param>
/// <param name="names">The names of the scores.</param>
internal sealed class NamedScores(DataViewSchema.Column score, SlotNames names) : ScoreColumns(SchemaOf(score, names))
{
    public override Delegate?[] Getters(DataViewRow row, DataViewSchema.Column score, IReadOnlySet<int> active) => [row.GetGetter<VBuffer<float>>(score)];

    private static DataViewSchema SchemaOf(DataViewSchema.Column score, SlotNames names)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(score.Annotations, _ => true);
        names.AddTo(annotations, ((VectorDataViewType)score.Type).Size);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(score.Name, score.Type, annotations.ToAnnotations());
        return schema.ToSchema();
    }
}
