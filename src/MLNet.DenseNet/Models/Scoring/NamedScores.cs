using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Models;

/// <summary>A model bound to the columns that it scores, whose scores have names.</summary>
internal sealed class NamedScores : ISchemaBoundRowMapper
{
    private readonly ISchemaBindableMapper _model;
    private readonly ISchemaBoundRowMapper _scores;

    /// <param name="model">The model.</param>
    /// <param name="scores">The model as ML.NET binds it, with the column "Score", a vector.</param>
    /// <param name="names">The names of the scores.</param>
    public NamedScores(ISchemaBindableMapper model, ISchemaBoundRowMapper scores, SlotNames names)
    {
        (_model, _scores) = (model, scores);
        var score = scores.OutputSchema.Single();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(score.Annotations, _ => true);
        names.AddTo(annotations, ((VectorDataViewType)score.Type).Size);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(score.Name, score.Type, annotations.ToAnnotations());
        OutputSchema = schema.ToSchema();
    }

    public RoleMappedSchema InputRoleMappedSchema => _scores.InputRoleMappedSchema;

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema InputSchema => _scores.InputSchema;

    public ISchemaBindableMapper Bindable => _model;

    public IEnumerable<KeyValuePair<RoleMappedSchema.ColumnRole, string>> GetInputColumnRoles() => _scores.GetInputColumnRoles();

    public IEnumerable<DataViewSchema.Column> GetDependenciesForNewColumns(IEnumerable<DataViewSchema.Column> dependingColumns) => _scores.GetDependenciesForNewColumns(OfScores(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = OfScores(activeColumns).ToArray();
        var scores = _scores.GetRow(input, active);
        return new SimpleRow(OutputSchema, scores, [active.Length == 0 ? null : scores.GetGetter<VBuffer<float>>(active[0])]);
    }

    /// <summary>The column of the scores without names, where the one with names is asked for.</summary>
    private IEnumerable<DataViewSchema.Column> OfScores(IEnumerable<DataViewSchema.Column> columns) => columns.Any() ? [_scores.OutputSchema[0]] : [];
}
