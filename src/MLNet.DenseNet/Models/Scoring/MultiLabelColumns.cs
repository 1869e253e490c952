using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Models;

/// <summary>Predicted labels, scores and probabilities of several labels.</summary>
/// <param name="thresholds">For each label the probability above which it is predicted.</param>
/// <param name="labels">The names of the labels; null where they have none.</param>
internal sealed class MultiLabelColumns(float[] thresholds, SlotNames? labels) : ScoreColumns(SchemaOf(thresholds.Length, labels))
{
    private const int PredictedLabel = 0;
    private const int Score = 1;
    private const int Probability = 2;

    public override Delegate?[] Getters(DataViewRow row, DataViewSchema.Column score, IReadOnlySet<int> active)
    {
        var getters = new Delegate?[Schema.Count];
        var current = new CurrentScores(row, score);
        if (active.Contains(Score))
            getters[Score] = (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scores) => current.Get().CopyTo(ref scores));
        if (active.Contains(Probability))
            getters[Probability] = (ValueGetter<VBuffer<float>>)((ref VBuffer<float> probabilities) => Fill(ref probabilities, current.Get(), (score, _) => score));
        if (active.Contains(PredictedLabel))
            getters[PredictedLabel] = (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> predicted) => Fill(ref predicted, current.Get(), (probability, label) => probability > thresholds[label]));
        return getters;
    }

    private static DataViewSchema SchemaOf(int count, SlotNames? labels)
    {
        var names = new DataViewSchema.Annotations.Builder();
        labels?.AddTo(names, count);
        var annotations = names.ToAnnotations();
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(DefaultColumnNames.PredictedLabel, new VectorDataViewType(BooleanDataViewType.Instance, count), annotations);
        schema.AddColumn(DefaultColumnNames.Score, new VectorDataViewType(NumberDataViewType.Single, count), annotations);
        schema.AddColumn(DefaultColumnNames.Probability, new VectorDataViewType(NumberDataViewType.Single, count), annotations);
        return schema.ToSchema();
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
