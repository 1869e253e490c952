using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MLNet.DenseNet;
using MLNet.DenseNet.Evaluation;

namespace Microsoft.ML;

/// <summary>Adds to ML.NET's regression catalog what it lacks for several quantiles of a number.</summary>
public static class QuantileRegressionCatalog
{
    /// <summary>
    /// A dense neural network that predicts several quantiles of a label at once, as a vector that ascends. What <c>mlContext.Transforms.DenseNeuralNet</c> takes where the loss is a <see cref="MultiQuantileLoss"/>, for its further ways to train.
    /// </summary>
    /// <remarks>
    /// Where a feature is missing and none was in training, or features are so large that the network cannot compute with them, all quantiles of the row are NaN. What <c>mlContext.Transforms.CalculateDenseNeuralNetContribution</c> explains of an output is what the network puts out for its quantile, before the outputs of a row are sorted.
    /// </remarks>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Its <see cref="DenseNeuralNetOptions.Loss"/> is a <see cref="MultiQuantileLoss"/>; null is that of 0.05, 0.5 and 0.95. Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or the loss is another one; the message names it.</exception>
    /// <example>
    /// <code>
    /// var options = new DenseNeuralNetOptions { LabelColumnName = "Price", Loss = new MultiQuantileLoss(0.1f, 0.5f, 0.9f) };
    /// var model = mlContext.Regression.Trainers.DenseNeuralNetQuantile(options).Fit(data);
    /// var quantiles = model.Transform(data).GetColumn&lt;float[]&gt;("Score").First();
    /// </code>
    /// </example>
    public static DenseNeuralNetQuantileRegressionTrainer DenseNeuralNetQuantile(this RegressionCatalog.RegressionTrainers catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetQuantileRegressionTrainer Create(RegressionCatalog.RegressionTrainers catalog, DenseNeuralNetOptions options) => new(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>Evaluates a regression of several quantiles, all rows counting the same. Rows that have no score or no finite label are left out, which the log of the <see cref="MLContext"/> reports.</summary>
    /// <remarks>Pinball loss and coverage need each other: scores that never change can have the right coverage, and the pinball loss alone has no scale. Compare it with that of another model on the same rows.</remarks>
    /// <param name="catalog">The regression catalog.</param>
    /// <param name="data">The scored data.</param>
    /// <param name="labelColumnName">The column with the true values, <see cref="float"/>.</param>
    /// <param name="scoreColumnName">The column with the predicted quantiles, a known-size vector of <see cref="float"/>.</param>
    /// <param name="quantiles">For each score the share of labels that should be at or below it, each in (0, 1) and above the one before. Null, the default, takes them from the slot names of the scores, as a dense neural network writes them; given, they count instead of these.</param>
    /// <returns>The mean pinball loss, loss and coverage of each quantile, and coverage and mean width of the intervals between the outermost.</returns>
    /// <exception cref="ArgumentNullException">The data is null.</exception>
    /// <exception cref="ArgumentException">A column name is null or empty, or the quantiles given do not ascend or are more or fewer than the scores.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, a quantile given is outside (0, 1), or none are given and the slot names of the scores are no ascending quantiles.</exception>
    /// <exception cref="InvalidOperationException">There is no row with label and scores, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    /// <example>
    /// <code>
    /// var metrics = mlContext.Regression.EvaluateQuantiles(scored, labelColumnName: "Price");
    /// Console.WriteLine(metrics);
    /// </code>
    /// </example>
    public static QuantileRegressionMetrics EvaluateQuantiles(
        this RegressionCatalog catalog, IDataView data, string labelColumnName = DefaultColumnNames.Label, string scoreColumnName = DefaultColumnNames.Score, IReadOnlyList<float>? quantiles = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        MLNetVersion.Check();
        return Evaluate();

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        QuantileRegressionMetrics Evaluate() => new QuantileEvaluator(CatalogUtils.GetEnvironment(catalog), nameof(EvaluateQuantiles), labelColumnName, scoreColumnName, quantiles).Evaluate(data);
    }

    /// <summary>
    /// Cross-validates a regression of several quantiles: trains as many models as there are folds, each on the rows of the others, and evaluates each on its fold as <see cref="EvaluateQuantiles"/> does.
    /// ML.NET's own <c>CrossValidate</c> of regressions evaluates one prediction only.
    /// </summary>
    /// <param name="catalog">The regression catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="estimator">A trainer of several quantiles, or a pipeline that ends with one.</param>
    /// <param name="numberOfFolds">The number of folds, at least 2.</param>
    /// <param name="labelColumnName">The column with the true values, <see cref="float"/>.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together, in the same fold; null where each row is by itself.</param>
    /// <param name="seed">Determines the folds; null for the seed of the <see cref="MLContext"/>, and a random one where it has none.</param>
    /// <param name="quantiles">For each score the share of labels that should be at or below it, each in (0, 1) and above the one before; null, the default, for the slot names of the scores.</param>
    /// <returns>Of each fold its model, its metrics and its scored rows.</returns>
    /// <exception cref="ArgumentNullException">The data or the estimator is null.</exception>
    /// <exception cref="ArgumentException">The label column's name is null or empty, there are fewer than 2 folds, or the quantiles given do not ascend, or are more or fewer than the scores, which is told after the first fold is trained.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A quantile given is outside (0, 1), or the label or the scores are missing or of another type, or they are one column, which is told before any training as far as the estimator promises its columns.</exception>
    /// <example>
    /// <code>
    /// var folds = mlContext.Regression.CrossValidateQuantiles(data, mlContext.Transforms.DenseNeuralNet(options), labelColumnName: "Price");
    /// Console.WriteLine(folds.Average(fold => fold.Metrics.MeanPinballLoss));
    /// </code>
    /// </example>
    public static IReadOnlyList<TrainCatalogBase.CrossValidationResult<QuantileRegressionMetrics>> CrossValidateQuantiles(
        this RegressionCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = DefaultColumnNames.Label,
        string? samplingKeyColumnName = null, int? seed = null, IReadOnlyList<float>? quantiles = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        MLNetVersion.Check();
        return CrossValidate();

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<QuantileRegressionMetrics>> CrossValidate() =>
            new QuantileEvaluator(CatalogUtils.GetEnvironment(catalog), nameof(CrossValidateQuantiles), labelColumnName, DefaultColumnNames.Score, quantiles)
                .CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed);
    }
}
