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
/// <param name="outputs">What is put out of the scores; null for what ML.NET puts out.</param>
internal sealed class BoundModel(ISchemaBindableMapper model, RoleMappedSchema columns, KeyVectors? toVectors, ISchemaBoundRowMapper inner, EmbeddingLayer? lookedUpBy, ScoreColumns? outputs) : ISchemaBoundRowMapper
{
    public RoleMappedSchema InputRoleMappedSchema => columns;

    public DataViewSchema OutputSchema => outputs?.Schema ?? inner.OutputSchema;

    public DataViewSchema InputSchema => columns.Schema;

    public ISchemaBindableMapper Bindable => model;

    public IEnumerable<KeyValuePair<RoleMappedSchema.ColumnRole, string>> GetInputColumnRoles() => inner.GetInputColumnRoles();

    public IEnumerable<DataViewSchema.Column> GetDependenciesForNewColumns(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        inner.GetDependenciesForNewColumns(OfInner(dependingColumns)).Select(column => InputSchema[column.Index]);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var vectors = toVectors is null ? input : toVectors.Of(input);
        var features = inner.InputRoleMappedSchema.Feature is { Type: VectorDataViewType { IsKnownSize: true } } column ? new CheckedRow(vectors, column, lookedUpBy) : vectors;
        if (outputs is null)
            return inner.GetRow(features, activeColumns);
        var active = activeColumns.Select(wanted => wanted.Index).ToHashSet();
        var scores = inner.GetRow(features, OfInner(activeColumns));
        return new SimpleRow(outputs.Schema, scores, active.Count == 0 ? new Delegate?[outputs.Schema.Count] : outputs.Getters(scores, inner.OutputSchema[0], active));
    }

    /// <summary>Whatever is made of the scores needs their column.</summary>
    private IEnumerable<DataViewSchema.Column> OfInner(IEnumerable<DataViewSchema.Column> wanted) => outputs is null ? wanted : wanted.Any() ? [inner.OutputSchema[0]] : [];
}
