using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Models;

/// <summary>
/// A model bound to the columns that it scores. It does what ML.NET's own binding does, makes vectors of keys before that, and refuses rows whose features are not what their column's type says, with the row's number. The
/// model itself sees neither column nor row.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="columns">The columns.</param>
/// <param name="toVectors">Makes vectors of keys; null where features come as vectors.</param>
/// <param name="inner">The model as ML.NET binds it, to the columns with the vectors.</param>
/// <param name="lookedUpBy">The embedding that looks the features up; null where they may be any numbers.</param>
internal sealed class BoundModel(ISchemaBindableMapper model, RoleMappedSchema columns, KeyVectors? toVectors, ISchemaBoundRowMapper inner, EmbeddingLayer? lookedUpBy) : ISchemaBoundRowMapper
{
    public RoleMappedSchema InputRoleMappedSchema => columns;

    public DataViewSchema OutputSchema => inner.OutputSchema;

    public DataViewSchema InputSchema => columns.Schema;

    public ISchemaBindableMapper Bindable => model;

    public IEnumerable<KeyValuePair<RoleMappedSchema.ColumnRole, string>> GetInputColumnRoles() => inner.GetInputColumnRoles();

    public IEnumerable<DataViewSchema.Column> GetDependenciesForNewColumns(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        inner.GetDependenciesForNewColumns(dependingColumns).Select(column => InputSchema[column.Index]);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var vectors = toVectors is null ? input : toVectors.Of(input);
        return inner.GetRow(inner.InputRoleMappedSchema.Feature is { Type: VectorDataViewType { IsKnownSize: true } } features ? new CheckedRow(vectors, features, lookedUpBy) : vectors, activeColumns);
    }
}
