using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Models;

/// <summary>A row to predict from, whose features are refused where they are not what their column's type says.</summary>
/// <param name="input">The row.</param>
/// <param name="features">Its column of features, of known size.</param>
/// <param name="lookedUpBy">The embedding that looks the features up; null where they may be any numbers.</param>
internal sealed class CheckedRow(DataViewRow input, DataViewSchema.Column features, EmbeddingLayer? lookedUpBy) : DataViewRow
{
    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => input.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var getter = input.GetGetter<TValue>(column);
        return column.Index == features.Index && getter is ValueGetter<VBuffer<float>> vectors ? (ValueGetter<TValue>)(object)Checked(vectors) : getter;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }

    private ValueGetter<VBuffer<float>> Checked(ValueGetter<VBuffer<float>> getter)
    {
        var size = ((VectorDataViewType)features.Type).Size;
        return (ref VBuffer<float> vector) =>
        {
            getter(ref vector);
            var found = VectorReader<float>.Problem(in vector, size, features) ?? (lookedUpBy is null ? null : LookedUpNumbers.Problem(in vector, lookedUpBy, features));
            if (found is { } problem)
                throw new InvalidOperationException($"Row {input.Position + 1} of the data to score has {problem}.");
        };
    }
}
