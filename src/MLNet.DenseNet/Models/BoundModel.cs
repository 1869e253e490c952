using Microsoft.ML;
using Microsoft.ML.Data;

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
}
