using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Models;

/// <summary>A model of several labels bound to the columns that it scores: it adds probabilities and predicted labels to the scores.</summary>
internal sealed class MultiLabelMapper : ISchemaBoundRowMapper
{
    private const int PredictedLabel = 0;
    private const int Score = 1;
    private const int Probability = 2;

    private readonly ISchemaBindableMapper _model;
    private readonly ISchemaBoundRowMapper _scores;
    private readonly float[] _thresholds;

    /// <param name="model">The model.</param>
    /// <param name="scores">The model as ML.NET binds it, with the column "Score".</param>
    /// <param name="thresholds">For each label the probability above which it is predicted.</param>
    /// <param name="labels">The names of the labels; null where they have none.</param>
    public MultiLabelMapper(ISchemaBindableMapper model, ISchemaBoundRowMapper scores, float[] thresholds, SlotNames? labels)
    {
        (_model, _scores, _thresholds) = (model, scores, thresholds);
        var names = new DataViewSchema.Annotations.Builder();
        labels?.AddTo(names, thresholds.Length);
        var annotations = names.ToAnnotations();
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(DefaultColumnNames.PredictedLabel, new VectorDataViewType(BooleanDataViewType.Instance, thresholds.Length), annotations);
        schema.AddColumn(DefaultColumnNames.Score, new VectorDataViewType(NumberDataViewType.Single, thresholds.Length), annotations);
        schema.AddColumn(DefaultColumnNames.Probability, new VectorDataViewType(NumberDataViewType.Single, thresholds.Length), annotations);
        OutputSchema = schema.ToSchema();
    }

    public RoleMappedSchema InputRoleMappedSchema => _scores.InputRoleMappedSchema;

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema InputSchema => _scores.InputSchema;

    public ISchemaBindableMapper Bindable => _model;

    public IEnumerable<KeyValuePair<RoleMappedSchema.ColumnRole, string>> GetInputColumnRoles() => _scores.GetInputColumnRoles();

    public IEnumerable<DataViewSchema.Column> GetDependenciesForNewColumns(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _scores.GetDependenciesForNewColumns(dependingColumns.Any() ? [_scores.OutputSchema[0]] : []);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = activeColumns.Select(column => column.Index).ToHashSet();
        var getters = new Delegate?[OutputSchema.Count];
        var inner = _scores.GetRow(input, active.Count > 0 ? [_scores.OutputSchema[0]] : []);
        if (active.Count > 0)
        {
            var current = new CurrentScores(inner, _scores.OutputSchema[0]);
            if (active.Contains(Score))
                getters[Score] = (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scores) => current.Get().CopyTo(ref scores));
            if (active.Contains(Probability))
                getters[Probability] = (ValueGetter<VBuffer<float>>)((ref VBuffer<float> probabilities) => Fill(ref probabilities, current.Get(), (score, _) => score));
            if (active.Contains(PredictedLabel))
                getters[PredictedLabel] = (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> labels) => Fill(ref labels, current.Get(), (probability, label) => probability > _thresholds[label]));
        }

        return new SimpleRow(OutputSchema, inner, getters);
    }

    /// <summary>Fills a vector with what a function makes of each label's probability.</summary>
    private static void Fill<T>(ref VBuffer<T> values, in VBuffer<float> scores, Func<float, int, T> of)
    {
        var logits = scores.GetValues();
        var editor = VBufferEditor.Create(ref values, logits.Length);
        for (var label = 0; label < logits.Length; label++)
            editor.Values[label] = of(LogitProbability.Of(logits[label]), label);
        values = editor.Commit();
    }

    /// <summary>The scores of the current row, computed once however many columns are asked for.</summary>
    private sealed class CurrentScores(DataViewRow row, DataViewSchema.Column column)
    {
        private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
        private VBuffer<float> _scores;
        private long _position = -1;

        public ref readonly VBuffer<float> Get()
        {
            if (_position != row.Position)
            {
                _getter(ref _scores);
                _position = row.Position;
            }

            return ref _scores;
        }
    }
}
