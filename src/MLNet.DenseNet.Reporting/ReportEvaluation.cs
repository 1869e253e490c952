using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Evaluation;
using MLNet.DenseNet.Reporting.Charts;

namespace MLNet.DenseNet;

/// <summary>How a trained model did on rows that it did not learn from, for a report.</summary>
public sealed class ReportEvaluation
{
    private ReportEvaluation(Chart chart) => Chart = chart;

    internal Chart Chart { get; }

    /// <summary>A classification: how many rows of each class were predicted to be of each class.</summary>
    /// <param name="matrix">That of ML.NET's metrics, such as <c>metrics.ConfusionMatrix</c>.</param>
    /// <param name="classes">The names of the classes, in the matrix's order; null for those that ML.NET knows: the values of the keys, or positive and negative.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public static ReportEvaluation FromConfusionMatrix(ConfusionMatrix matrix, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (classes is not null && classes.Count != matrix.NumberOfClasses)
            throw new ArgumentException($"There are {classes.Count} names for {matrix.NumberOfClasses} classes.", nameof(classes));
        return new ReportEvaluation(ConfusionMatrixChart.Of(matrix.Counts, classes ?? ConfusionMatrixClasses.Of(matrix)));
    }

    /// <summary>A regression: what was predicted for each row, and what it should have been.</summary>
    /// <param name="actual">The labels.</param>
    /// <param name="predicted">The scores, as many.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="ArgumentException">There are no values, or not as many of both.</exception>
    public static ReportEvaluation FromPredictions(IReadOnlyList<float> actual, IReadOnlyList<float> predicted)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        if (actual.Count == 0 || actual.Count != predicted.Count)
            throw new ArgumentException($"There are {predicted.Count} predictions for {actual.Count} rows; expected as many, and at least one.", nameof(predicted));
        return new ReportEvaluation(PredictionChart.Of(actual, predicted));
    }

    /// <summary>A regression, from rows that a model has scored; of several outputs, all in one plot.</summary>
    /// <param name="scored">What <c>model.Transform(testSet)</c> gives.</param>
    /// <param name="labelColumnName">The column of labels, of Single or of vectors of it.</param>
    /// <param name="scoreColumnName">The column of scores, likewise.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or there are no rows.</exception>
    public static ReportEvaluation FromPredictions(IDataView scored, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(scored);
        return FromPredictions(Numbers(scored, labelColumnName, nameof(labelColumnName)), Numbers(scored, scoreColumnName, nameof(scoreColumnName)));
    }

    private static float[] Numbers(IDataView scored, string name, string argument)
    {
        var column = scored.Schema.GetColumnOrNull(name) ?? throw new ArgumentException($"There is no column '{name}' among the scored rows.", argument);
        if (column.Type == NumberDataViewType.Single)
            return [.. scored.GetColumn<float>(column)];
        return column.Type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Single
            ? [.. scored.GetColumn<VBuffer<float>>(column).SelectMany(values => values.DenseValues())]
            : throw new ArgumentException($"The column '{name}' is of {column.Type}; predicted over actual values are plotted of a regression, whose labels and scores are of Single or of vectors of it.", argument);
    }
}
