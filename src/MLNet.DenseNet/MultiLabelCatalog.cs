using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MLNet.DenseNet;
using MLNet.DenseNet.Evaluation;

namespace Microsoft.ML;

/// <summary>Adds to ML.NET's catalog of binary classification what it lacks for several labels a row.</summary>
public static class MultiLabelCatalog
{
    /// <summary>
    /// A dense neural network for multi-label classification; the label is a known-size vector of Boolean. What <c>mlContext.Transforms.DenseNeuralNet</c> takes for such a label, for its further ways to train.
    /// </summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Label", "IsSunny", "IsWarm").Append(mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(new DenseNeuralNetOptions()));
    /// </code>
    /// </example>
    public static DenseNeuralNetMultiLabelTrainer DenseNeuralNetMultiLabel(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetMultiLabelTrainer Create(BinaryClassificationCatalog.BinaryClassificationTrainers catalog, DenseNeuralNetOptions options) => new(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>Evaluates a multi-label classification. Rows that have no score are left out, which the log of the <see cref="MLContext"/> reports.</summary>
    /// <param name="catalog">The catalog of binary classification.</param>
    /// <param name="data">The scored data.</param>
    /// <param name="labelColumnName">The column with the true labels, a known-size vector of <see cref="bool"/>.</param>
    /// <param name="predictedLabelColumnName">The column with the predicted ones, likewise.</param>
    /// <param name="scoreColumnName">The column with scores or probabilities, a vector of <see cref="float"/> of the same size; they are compared with each other only.</param>
    /// <returns>Micro and macro F1, subset accuracy, Hamming and ranking loss, and the metrics of each label.</returns>
    /// <exception cref="ArgumentNullException">The data is null.</exception>
    /// <exception cref="ArgumentException">A column name is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of another type, or of another size than the label.</exception>
    /// <exception cref="InvalidOperationException">There is no row with scores, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    /// <example>
    /// <code>
    /// var metrics = mlContext.BinaryClassification.EvaluateMultiLabel(scored);
    /// Console.WriteLine(metrics);
    /// </code>
    /// </example>
    public static MultiLabelMetrics EvaluateMultiLabel(
        this BinaryClassificationCatalog catalog, IDataView data, string labelColumnName = DefaultColumnNames.Label, string predictedLabelColumnName = DefaultColumnNames.PredictedLabel,
        string scoreColumnName = DefaultColumnNames.Score)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        MLNetVersion.Check();
        return Evaluate(catalog, data, labelColumnName, predictedLabelColumnName, scoreColumnName);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static MultiLabelMetrics Evaluate(BinaryClassificationCatalog catalog, IDataView data, string labels, string predicted, string scores) =>
            new MultiLabelEvaluator(CatalogUtils.GetEnvironment(catalog).Register(nameof(EvaluateMultiLabel))).Evaluate(data, labels, predicted, scores);
    }

    /// <summary>
    /// Cross-validates a multi-label classification: trains as many models as there are folds, each on the rows of the others, and evaluates each on its fold as <see cref="EvaluateMultiLabel"/> does.
    /// </summary>
    /// <param name="catalog">The catalog of binary classification.</param>
    /// <param name="data">The rows.</param>
    /// <param name="estimator">A trainer of several labels, or a pipeline that ends with one.</param>
    /// <param name="numberOfFolds">The number of folds, at least 2.</param>
    /// <param name="labelColumnName">The column with the true labels, a known-size vector of <see cref="bool"/>.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together, in the same fold; null where each row is by itself.</param>
    /// <param name="seed">Determines the folds; null for the seed of the <see cref="MLContext"/>, and a random one where it has none.</param>
    /// <returns>Of each fold its model, its metrics and its scored rows.</returns>
    /// <exception cref="ArgumentNullException">The data or the estimator is null.</exception>
    /// <exception cref="ArgumentException">The label column's name is null or empty, or there are fewer than 2 folds.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label or the predicted labels are missing or no such vectors, which is told before any training as far as the estimator promises its columns.</exception>
    /// <example>
    /// <code>
    /// var folds = mlContext.BinaryClassification.CrossValidateMultiLabel(data, mlContext.Transforms.DenseNeuralNet());
    /// </code>
    /// </example>
    public static IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiLabelMetrics>> CrossValidateMultiLabel(
        this BinaryClassificationCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = DefaultColumnNames.Label,
        string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        MLNetVersion.Check();
        return CrossValidate(catalog, data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiLabelMetrics>> CrossValidate(
            BinaryClassificationCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string labelColumnName, string? samplingKeyColumnName, int? seed)
        {
            var env = CatalogUtils.GetEnvironment(catalog);
            var evaluator = new MultiLabelEvaluator(env.Register(nameof(CrossValidateMultiLabel)));
            var folds = new FoldsOfVectors<MultiLabelMetrics>(
                env, BooleanDataViewType.Instance, DefaultColumnNames.PredictedLabel, "for a single label there is mlContext.BinaryClassification.CrossValidate",
                scored => evaluator.Evaluate(scored, labelColumnName, DefaultColumnNames.PredictedLabel, DefaultColumnNames.Score));
            return folds.Run(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed);
        }
    }
}
