using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Models;

/// <summary>
/// A model bound to the columns that it scores. It does what ML.NET's own binding does, and refuses rows whose features are not what their column's type says, with the row's number. The
/// model itself sees neither column nor row.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="inner">The model as ML.NET binds it.</param>
/// <param name="lookedUpBy">The embedding that looks the features up; null where they may be any numbers.</param>
internal sealed class BoundModel(ISchemaBindableMapper model, ISchemaBoundRowMapper inner, EmbeddingLayer? lookedUpBy) : ISchemaBoundRowMapper
{
    public RoleMappedSchema InputRoleMappedSchema => inner.InputRoleMappedSchema;

    public DataViewSchema OutputSchema => inner.OutputSchema;

    public DataViewSchema InputSchema => inner.InputSchema;

    public ISchemaBindableMapper Bindable => model;

    public IEnumerable<KeyValuePair<RoleMappedSchema.ColumnRole, string>> GetInputColumnRoles() => inner.GetInputColumnRoles();

    public IEnumerable<DataViewSchema.Column> GetDependenciesForNewColumns(IEnumerable<DataViewSchema.Column> dependingColumns) => inner.GetDependenciesForNewColumns(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        inner.GetRow(InputRoleMappedSchema.Feature is { Type: VectorDataViewType { IsKnownSize: true } } features ? new CheckedRow(input, features, lookedUpBy) : input, activeColumns);

    private sealed class CheckedRow(DataViewRow input, DataViewSchema.Column features, EmbeddingLayer? lookedUpBy) : DataViewRow
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
                var found = VectorReader.Problem(in vector, size, features) ?? (lookedUpBy is null ? null : LookedUpNumbers.Problem(in vector, lookedUpBy, features));
                if (found is { } problem)
                    throw new InvalidOperationException($"Row {input.Position + 1} of the data to score has {problem}.");
            };
        }
    }
}
