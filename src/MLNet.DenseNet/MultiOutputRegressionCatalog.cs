using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MLNet.DenseNet;
using MLNet.DenseNet.Evaluation;

namespace Microsoft.ML;

/// <summary>Adds to ML.NET's regression catalog what it lacks for several outputs.</summary>
public static class MultiOutputRegressionCatalog
{
    /// <summary>
    /// A dense neural network for regression of several outputs; the label is a known-size vector of Single. What <c>mlContext.Transforms.DenseNeuralNet</c> takes for
    /// such a label, for its further ways to train: with a validation set, from a model, to look for a learning rate.
    /// </summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var trainer = mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(new DenseNeuralNetOptions { LabelColumnName = "Labels" });
    /// </code>
    /// </example>
    public static DenseNeuralNetMultiOutputRegressionTrainer DenseNeuralNetMultiOutput(
        this RegressionCatalog.RegressionTrainers catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetMultiOutputRegressionTrainer Create(RegressionCatalog.RegressionTrainers catalog, DenseNeuralNetOptions options) =>
            new(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>Evaluates a regression of several outputs, all rows counting the same. Rows with a missing or infinite value in the label, or a missing one in the score, are left out and reported in the log.</summary>
    /// <param name="catalog">The regression catalog.</param>
    /// <param name="data">The scored data.</param>
    /// <param name="labelColumnName">The column with the true values, a known-size vector of <see cref="float"/>.</param>
    /// <param name="scoreColumnName">The column with the predictions, a vector of the same size.</param>
    /// <returns>Mean absolute, mean squared and root mean squared errors and R-squared, of each output and over all.</returns>
    /// <exception cref="System.ArgumentNullException">The data is null.</exception>
    /// <exception cref="System.ArgumentException">A column name is null or empty.</exception>
    /// <exception cref="System.ArgumentOutOfRangeException">A column is missing or not such a vector, or the two differ in size or are one column.</exception>
    /// <exception cref="System.InvalidOperationException">There is no row with label and score, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    /// <example>
    /// <code>
    /// var metrics = mlContext.Regression.EvaluateMultiOutput(scored, labelColumnName: "Labels");
    /// Console.WriteLine(metrics);
    /// </code>
    /// </example>
    public static MultiOutputRegressionMetrics EvaluateMultiOutput(
        this RegressionCatalog catalog, IDataView data, string labelColumnName = DefaultColumnNames.Label, string scoreColumnName = DefaultColumnNames.Score)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        MLNetVersion.Check();
        return Evaluate();

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        MultiOutputRegressionMetrics Evaluate() => new MultiOutputEvaluator(CatalogUtils.GetEnvironment(catalog), nameof(EvaluateMultiOutput), labelColumnName, scoreColumnName).Evaluate(data);
    }

    /// <summary>
    /// Cross-validates a regression of several outputs: trains as many models as there are folds, each on the rows of the others, and evaluates each on its fold as <see cref="EvaluateMultiOutput"/> does.
    /// ML.NET's own <c>CrossValidate</c> of regressions evaluates one output only.
    /// </summary>
    /// <param name="catalog">The regression catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="estimator">A trainer of several outputs, or a pipeline that ends with one.</param>
    /// <param name="numberOfFolds">The number of folds, at least 2.</param>
    /// <param name="labelColumnName">The column with the true values, a known-size vector of <see cref="float"/>.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together, in the same fold; null where each row is by itself.</param>
    /// <param name="seed">Determines the folds; null for the seed of the <see cref="MLContext"/>, and a random one where it has none.</param>
    /// <returns>Of each fold its model, its metrics and its scored rows.</returns>
    /// <exception cref="System.ArgumentNullException">The data or the estimator is null.</exception>
    /// <exception cref="System.ArgumentException">The label column's name is null or empty, or there are fewer than 2 folds.</exception>
    /// <exception cref="System.ArgumentOutOfRangeException">The label or score column is missing or no such vector, or they are one, which is told before any training as far as the estimator promises its columns.</exception>
    /// <example>
    /// <code>
    /// var folds = mlContext.Regression.CrossValidateMultiOutput(data, mlContext.Transforms.DenseNeuralNet(labelColumnName: "Labels"), labelColumnName: "Labels");
    /// </code>
    /// </example>
    public static IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiOutputRegressionMetrics>> CrossValidateMultiOutput(
        this RegressionCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = DefaultColumnNames.Label,
        string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        MLNetVersion.Check();
        return CrossValidate();

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiOutputRegressionMetrics>> CrossValidate() =>
            new MultiOutputEvaluator(CatalogUtils.GetEnvironment(catalog), nameof(CrossValidateMultiOutput), labelColumnName, DefaultColumnNames.Score)
                .CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed);
    }
}
