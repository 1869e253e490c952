using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Evaluation;
using MLNet.DenseNet.Explanations;
using MLNet.DenseNet.Reporting;
using MLNet.DenseNet.Reporting.Charts;

namespace MLNet.DenseNet;

/// <summary>How a trained model did on rows that it did not learn from, and what its predictions there rest on, for a report. Several are put together by <see cref="With"/>.</summary>
public sealed class ReportEvaluation
{
    private ReportEvaluation(params Chart[] charts) => Charts = charts;

    internal IReadOnlyList<Chart> Charts { get; }

    /// <summary>This and another evaluation, one after the other in the report.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>An evaluation with the charts of both.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public ReportEvaluation With(ReportEvaluation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var charts = Charts.ToList();
        foreach (var chart in other.Charts)
        {
            // A file is named after its chart.
            var same = charts.Count(before => before.Name == chart.Name || before.Name.StartsWith($"{chart.Name}-", StringComparison.Ordinal));
            charts.Add(same == 0 ? chart : chart with { Name = FormattableString.Invariant($"{chart.Name}-{same + 1}") });
        }

        return new ReportEvaluation([.. charts]);
    }

    /// <summary>A classification: how many rows of each class were predicted to be of each class.</summary>
    /// <param name="matrix">That of ML.NET's metrics, such as <c>metrics.ConfusionMatrix</c>.</param>
    /// <param name="classes">The names of the classes, in the matrix's order; null for those that ML.NET knows: the values of the keys, or positive and negative.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="ArgumentException">There are more or fewer names than classes.</exception>
    /// <example>
    /// <code>
    /// var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(testSet));
    /// history.SaveReport("training.html", ReportEvaluation.FromConfusionMatrix(metrics.ConfusionMatrix));
    /// </code>
    /// </example>
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
    /// <example>
    /// <code>
    /// var evaluation = ReportEvaluation.FromPredictions(actual: [1, 2, 4], predicted: [1.1f, 2.3f, 3.6f]);
    /// </code>
    /// </example>
    public static ReportEvaluation FromPredictions(IReadOnlyList<float> actual, IReadOnlyList<float> predicted)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        return FromPredictions(actual, predicted, outputs: 1);
    }

    /// <summary>A regression, from rows that a model has scored; of several outputs, all in one plot.</summary>
    /// <param name="scored">What <c>model.Transform(testSet)</c> gives.</param>
    /// <param name="labelColumnName">The column of labels, of Single or of vectors of it.</param>
    /// <param name="scoreColumnName">The column of scores, likewise.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, one of its vectors has another length or indices that it cannot have, or there are no rows.</exception>
    /// <example>
    /// <code>
    /// model.GetDenseNeuralNet().SaveReport("training.html", ReportEvaluation.FromPredictions(model.Transform(testSet), labelColumnName: "Price"));
    /// </code>
    /// </example>
    public static ReportEvaluation FromPredictions(IDataView scored, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(scored);
        var rows = new ScoredRows(scored);
        var outputs = rows.NumbersInRow(scoreColumnName, nameof(scoreColumnName));
        return FromPredictions(rows.Numbers(labelColumnName, nameof(labelColumnName)), rows.Numbers(scoreColumnName, nameof(scoreColumnName)), outputs);
    }

    /// <summary>A regression: how important each feature is.</summary>
    /// <param name="importance">What <c>mlContext.Regression.PermutationFeatureImportance(model, model.Transform(rows), permutationCount: 5)</c> gives, for rows that were not learned from.</param>
    /// <returns>The evaluation: by how much R-squared falls without each feature, with its spread over the permutations.</returns>
    /// <exception cref="ArgumentException">There are no features.</exception>
    /// <example>
    /// <code>
    /// var importance = mlContext.Regression.PermutationFeatureImportance(model, model.Transform(testSet), labelColumnName: "Price", permutationCount: 5);
    /// var evaluation = ReportEvaluation.FromImportance(importance);
    /// </code>
    /// </example>
    public static ReportEvaluation FromImportance(IReadOnlyDictionary<string, RegressionMetricsStatistics> importance) => FromImportance("R-squared", importance, metrics => metrics.RSquared);

    /// <summary>A binary classification: how important each feature is.</summary>
    /// <param name="importance">What <c>mlContext.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, model.Transform(rows), permutationCount: 5)</c> gives, for rows that were not learned from.</param>
    /// <returns>The evaluation: by how much the area under the ROC curve falls without each feature.</returns>
    /// <exception cref="ArgumentException">There are no features.</exception>
    /// <example>
    /// <code>
    /// var importance = mlContext.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, model.Transform(testSet), permutationCount: 5);
    /// var evaluation = ReportEvaluation.FromImportance(importance);
    /// </code>
    /// </example>
    public static ReportEvaluation FromImportance(IReadOnlyDictionary<string, BinaryClassificationMetricsStatistics> importance) =>
        FromImportance("the area under the ROC curve", importance, metrics => metrics.AreaUnderRocCurve);

    /// <summary>A multiclass classification: how important each feature is.</summary>
    /// <param name="importance">What <c>mlContext.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(rows), permutationCount: 5)</c> gives, for rows that were not learned from.</param>
    /// <returns>The evaluation: by how much the accuracy falls without each feature.</returns>
    /// <exception cref="ArgumentException">There are no features.</exception>
    /// <example>
    /// <code>
    /// var importance = mlContext.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(testSet), permutationCount: 5);
    /// var evaluation = ReportEvaluation.FromImportance(importance);
    /// </code>
    /// </example>
    public static ReportEvaluation FromImportance(IReadOnlyDictionary<string, MulticlassClassificationMetricsStatistics> importance) => FromImportance("accuracy", importance, metrics => metrics.MicroAccuracy);

    /// <summary>A ranking: how important each feature is.</summary>
    /// <param name="importance">What <c>mlContext.Ranking.PermutationFeatureImportance(model, model.Transform(rows), permutationCount: 5)</c> gives, for rows that were not learned from.</param>
    /// <returns>The evaluation: by how much the NDCG of the first ten rows of a group falls without each feature.</returns>
    /// <exception cref="ArgumentException">There are no features.</exception>
    /// <example>
    /// <code>
    /// var importance = mlContext.Ranking.PermutationFeatureImportance(model, model.Transform(testSet), "Relevance", "Query", permutationCount: 5);
    /// var evaluation = ReportEvaluation.FromImportance(importance);
    /// </code>
    /// </example>
    public static ReportEvaluation FromImportance(IReadOnlyDictionary<string, RankingMetricsStatistics> importance) => FromImportance("NDCG@10", importance, metrics => metrics.NormalizedDiscountedCumulativeGains[9]);

    /// <summary>A classification: whether its probabilities can be believed, as a reliability diagram. Of a multiclass classification it shows the probability of the predicted class.</summary>
    /// <param name="scored">What <c>model.Transform(testSet)</c> gives.</param>
    /// <param name="labelColumnName">The column of labels: Boolean, or a key.</param>
    /// <param name="probabilityColumnName">The column of probabilities; null, the default, for "Probability" of a binary classification, and "Score" of a multiclass one.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, one of its vectors has another length or indices that it cannot have, a value is outside [0, 1], or there are no rows.</exception>
    /// <example>
    /// <code>
    /// var scored = model.Transform(testSet);
    /// var evaluation = ReportEvaluation.FromProbabilities(scored);
    /// </code>
    /// </example>
    public static ReportEvaluation FromProbabilities(IDataView scored, string labelColumnName = "Label", string? probabilityColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        var (areOfPredictedClasses, predictions) = new ScoredRows(scored).Probabilities(labelColumnName, probabilityColumnName);
        if (predictions.Length == 0)
            throw new ArgumentException("There is no row with a probability.", nameof(scored));
        return new ReportEvaluation(ReliabilityChart.Of(areOfPredictedClasses ? "The probability of the predicted class" : "The probability of the positive class", predictions));
    }

    /// <summary>A model of images: what it looks at in one of them, as a heat map of each pixel's contribution (<see cref="ExplanationCatalog.CalculateDenseNeuralNetContribution"/>) over the image.</summary>
    /// <param name="model">The model, as <c>GetDenseNeuralNet()</c> finds it in a fitted or loaded pipeline.</param>
    /// <param name="image">The image, as the feature column has it.</param>
    /// <param name="output">The output that is explained, from 0; null, the default, for the only one, the class that is predicted or the score of an anomaly detection.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="ArgumentException">The model takes no images, the image has another size, or the model has several numbers as outputs and <paramref name="output"/> is not given.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="output"/> is none of the outputs.</exception>
    /// <example>
    /// <code>
    /// var image = images.GetColumn&lt;float[]&gt;("Features").First();
    /// var evaluation = ReportEvaluation.FromImage(model.GetDenseNeuralNet(), image);
    /// </code>
    /// </example>
    public static ReportEvaluation FromImage(IDenseNeuralNetModel model, IReadOnlyList<float> image, int? output = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        if (ImageAttribution.Of(model, image, output) is not { } explained)
            throw new ArgumentException($"The model takes {model.Layers[0].InputShape}, which is no image of height, width and channels.", nameof(model));
        var added = model is DenseNeuralNetAnomalyModelParameters ? "how large each pixel's own part of the score is, the error of its reconstruction: the stronger, the larger"
            : $"what each pixel adds to {(output is { } given ? FormattableString.Invariant($"output {given}") : "its score")} compared with an image of its channels' means: blue adds, orange takes away; the stronger, the more";
        return new ReportEvaluation(AttributionChart.Of(explained.Image, explained.Contributions, explained.Height, explained.Width, added));
    }

    private static ReportEvaluation FromPredictions(IReadOnlyList<float> actual, IReadOnlyList<float> predicted, int outputs)
    {
        if (actual.Count == 0 || actual.Count != predicted.Count)
            throw new ArgumentException($"There are {predicted.Count} predictions for {actual.Count} rows; expected as many, and at least one.", nameof(predicted));
        return new ReportEvaluation(PredictionChart.Of(actual, predicted, outputs));
    }

    private static ReportEvaluation FromImportance<TMetrics>(string metric, IReadOnlyDictionary<string, TMetrics> importance, Func<TMetrics, MetricStatistics> statistics)
    {
        ArgumentNullException.ThrowIfNull(importance);
        if (importance.Count == 0)
            throw new ArgumentException("There is no feature.", nameof(importance));
        // What is given are changes of the metric; of one that is better the higher, a loss is a change downwards.
        return new ReportEvaluation(ImportanceChart.Of(metric, [.. importance.Select(feature => (feature.Key, -statistics(feature.Value).Mean, statistics(feature.Value).StandardDeviation))]));
    }
}
