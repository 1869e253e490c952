using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Reporting;

/// <summary>Reads what a report needs of rows that a model has scored. Columns are told by their names, and by the arguments that say which ones they are.</summary>
internal sealed class ScoredRows(IDataView scored)
{
    /// <summary>How many numbers a row has in a column of them, as far as its type says so; else 1.</summary>
    public int NumbersInRow(string name, string argument) => Column(name, argument).Type is VectorDataViewType { Size: > 0 and var size } ? size : 1;

    /// <summary>The numbers of all rows, one row after the other.</summary>
    public float[] Numbers(string name, string argument)
    {
        var column = Column(name, argument);
        if (column.Type == NumberDataViewType.Single)
            return [.. scored.GetColumn<float>(column)];
        return column.Type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Single
            ? [.. Vectors(column, argument).SelectMany(values => values)]
            : throw new ArgumentException($"The column '{name}' is of {column.Type}; predicted over actual values are plotted of a regression, whose labels and scores are of Single or of vectors of it.", argument);
    }

    /// <summary>The probabilities of a classification, and whether what they are of came true; of a multiclass classification, those of the predicted classes.</summary>
    /// <param name="labelColumnName">The column of labels.</param>
    /// <param name="probabilityColumnName">The column of probabilities; null for the usual one.</param>
    public (bool AreOfPredictedClasses, (float Probability, bool CameTrue)[] Predictions) Probabilities(string labelColumnName, string? probabilityColumnName)
    {
        var label = Column(labelColumnName, nameof(labelColumnName));
        (float Probability, bool)[] predictions;
        var name = probabilityColumnName ?? (label.Type is KeyDataViewType ? "Score" : "Probability");
        if (label.Type == BooleanDataViewType.Instance)
        {
            predictions = [.. Numbers(name, nameof(probabilityColumnName)).Zip(scored.GetColumn<bool>(label))];
        }
        else if (label.Type is KeyDataViewType && label.Type.RawType == typeof(uint))
        {
            var column = Column(name, nameof(probabilityColumnName));
            if (column.Type is not VectorDataViewType { ItemType: var item } || item != NumberDataViewType.Single)
                throw new ArgumentException($"The column '{name}' is of {column.Type}; expected vectors of Single, a probability of each class.", nameof(probabilityColumnName));
            // The key 0 is a label that is missing.
            predictions = [.. Vectors(column, nameof(probabilityColumnName)).Zip(scored.GetColumn<uint>(label)).Where(row => row.Second > 0 && row.First.Length > 0).Select(row => (row.First.Max(), Array.IndexOf(row.First, row.First.Max()) + 1 == row.Second))];
        }
        else
        {
            throw new ArgumentException($"The column '{labelColumnName}' is of {label.Type}; expected Boolean or a key of UInt32, the label of a classification.", nameof(labelColumnName));
        }

        // What is not a number is of a row that could not be predicted.
        var known = Array.FindAll(predictions, prediction => !float.IsNaN(prediction.Probability));
        if (Array.FindIndex(known, prediction => prediction.Probability is not (>= 0 and <= 1)) is >= 0 and var wrong)
            throw new ArgumentException(FormattableString.Invariant($"The column '{name}' has the value {known[wrong].Probability}; expected values in [0, 1], the probabilities of a classification."), nameof(probabilityColumnName));
        return (label.Type is KeyDataViewType, known);
    }

    private DataViewSchema.Column Column(string name, string argument) =>
        scored.Schema.GetColumnOrNull(name) ?? throw new ArgumentException($"There is no column '{name}' among the scored rows: {argument} says which one it is.", argument);

    /// <summary>Checked: ML.NET does not check vectors that come from objects.</summary>
    private IEnumerable<float[]> Vectors(DataViewSchema.Column column, string argument)
    {
        var size = ((VectorDataViewType)column.Type).Size;
        var row = 0L;
        foreach (var values in scored.GetColumn<VBuffer<float>>(column))
        {
            row++;
            // The size is 0 where the type says none.
            if (VectorReader<float>.Problem(in values, size > 0 ? size : values.Length, column) is { } problem)
                throw new ArgumentException($"Row {row} has {problem}.", argument);
            yield return [.. values.DenseValues()];
        }
    }
}
