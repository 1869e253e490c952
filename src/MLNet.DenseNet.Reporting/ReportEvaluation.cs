using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Reporting.Charts;

namespace MLNet.DenseNet;

/// <summary>How a trained model did on rows that it did not learn from, for a report.</summary>
public sealed class ReportEvaluation
{
    private ReportEvaluation(Chart chart) => Chart = chart;

    internal Chart Chart { get; }

    /// <summary>A classification: how many rows of each class were predicted to be of each class.</summary>
    /// <param name="matrix">That of ML.NET's metrics, such as <c>metrics.ConfusionMatrix</c>.</param>
    /// <param name="classes">The names of the classes, in the matrix's order; null to number them.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    public static ReportEvaluation FromConfusionMatrix(ConfusionMatrix matrix, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (classes is not null && classes.Count != matrix.NumberOfClasses)
            throw new ArgumentException($"There are {classes.Count} names for {matrix.NumberOfClasses} classes.", nameof(classes));
        return new ReportEvaluation(ConfusionMatrixChart.Of(matrix.Counts, classes ?? [.. Enumerable.Range(0, matrix.NumberOfClasses).Select(i => $"{i}")]));
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

    /// <summary>A regression, from rows that a model has scored.</summary>
    /// <param name="scored">What <c>model.Transform(testSet)</c> gives.</param>
    /// <param name="labelColumnName">The column of labels, of Single.</param>
    /// <param name="scoreColumnName">The column of scores, of Single.</param>
    /// <returns>The evaluation.</returns>
    public static ReportEvaluation FromPredictions(IDataView scored, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(scored);
        return FromPredictions([.. scored.GetColumn<float>(labelColumnName)], [.. scored.GetColumn<float>(scoreColumnName)]);
    }
}
