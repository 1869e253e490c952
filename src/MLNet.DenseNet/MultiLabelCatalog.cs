using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MLNet.DenseNet;
using MLNet.DenseNet.Evaluation;

namespace Microsoft.ML;

/// <summary>Adds to ML.NET's catalog of binary classification what it lacks for several labels a row.</summary>
public static class MultiLabelCatalog
{
    /// <summary>
    /// A dense neural network for multi-label classification; the label is a known-size vector of Boolean, or of Single whose values are 0 and 1. What <c>mlContext.Transforms.DenseNeuralNet</c> takes for Booleans, for its further ways to train; numbers it takes for a regression.
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

    /// <summary>Changes the probabilities above which a multi-label classification predicts its labels. What <c>ChangeModelThreshold</c> does for a single label.</summary>
    /// <remarks>The scores and probabilities stay what they are. The new thresholds are saved and loaded with the pipeline, and exported to ONNX.</remarks>
    /// <param name="catalog">The catalog of binary classification.</param>
    /// <param name="model">A fitted or loaded pipeline with a dense neural network for multi-label classification, wherever it stands in it, or its transformer. It does not change.</param>
    /// <param name="thresholds">For each label the probability above which it is predicted, in [0, 1].</param>
    /// <returns>A pipeline of the same steps, whose network has the new thresholds.</returns>
    /// <exception cref="ArgumentNullException">The model or the thresholds are null.</exception>
    /// <exception cref="ArgumentException">The pipeline has no dense neural network for multi-label classification, or more than one; there are more or fewer thresholds than labels, or one is outside [0, 1].</exception>
    /// <example>
    /// <code>
    /// var cautious = mlContext.BinaryClassification.ChangeModelThresholds(model, [0.3f, 0.7f]);
    /// </code>
    /// </example>
    public static ITransformer ChangeModelThresholds(this BinaryClassificationCatalog catalog, ITransformer model, IReadOnlyList<float> thresholds)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(thresholds);
        MLNetVersion.Check();
        return Change(model, thresholds);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static ITransformer Change(ITransformer model, IReadOnlyList<float> thresholds) =>
            DenseNeuralNetTransformerExtensions.PredictionTransformersIn(model).OfType<DenseNeuralNetMultiLabelTransformer>().ToArray() switch
            {
                [var step] => ReplacedStep.In(model, step, step.WithThresholds(thresholds)),
                [] => throw new ArgumentException(
                    $"Thresholds of several labels are those of a dense neural network for multi-label classification; there is none in [{DenseNeuralNetTransformerExtensions.StepsOf(model)}]. For a single label there is mlContext.BinaryClassification.ChangeModelThreshold.",
                    nameof(model)),
                var several => throw new ArgumentException($"There are {several.Length} dense neural networks for multi-label classification in the pipeline; change the thresholds of each transformer by its WithThresholds.", nameof(model)),
            };
    }

    /// <summary>Evaluates a multi-label classification. Rows that have no score, or miss a label, are left out, which the log of the <see cref="MLContext"/> reports.</summary>
    /// <param name="catalog">The catalog of binary classification.</param>
    /// <param name="data">The scored data.</param>
    /// <param name="labelColumnName">The column with the true labels, a known-size vector of <see cref="bool"/>, or of <see cref="float"/> of 0 and 1.</param>
    /// <param name="predictedLabelColumnName">The column with the predicted ones, a vector of <see cref="bool"/> of the same size.</param>
    /// <param name="scoreColumnName">The column with scores or probabilities, a vector of <see cref="float"/> of the same size; they are compared with each other only.</param>
    /// <returns>Micro and macro F1, subset accuracy, Hamming and ranking loss, and the metrics of each label.</returns>
    /// <exception cref="ArgumentNullException">The data is null.</exception>
    /// <exception cref="ArgumentException">A column name is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of another type, of another size than the label or the label itself, or the label has more values than memory holds counts of.</exception>
    /// <exception cref="InvalidOperationException">There is no row with labels and scores, or one cannot be read, as where a label is neither 0 nor 1, or its vector has another length than the column's type says.</exception>
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
        return Evaluate();

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        MultiLabelMetrics Evaluate() => new MultiLabelEvaluator(CatalogUtils.GetEnvironment(catalog), nameof(EvaluateMultiLabel), labelColumnName, predictedLabelColumnName, scoreColumnName).Evaluate(data);
    }

    /// <summary>
    /// Cross-validates a multi-label classification: trains as many models as there are folds, each on the rows of the others, and evaluates each on its fold as <see cref="EvaluateMultiLabel"/> does.
    /// </summary>
    /// <param name="catalog">The catalog of binary classification.</param>
    /// <param name="data">The rows.</param>
    /// <param name="estimator">A trainer of several labels, or a pipeline that ends with one.</param>
    /// <param name="numberOfFolds">The number of folds, at least 2.</param>
    /// <param name="labelColumnName">The column with the true labels, a known-size vector of <see cref="bool"/>, or of <see cref="float"/> of 0 and 1.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together, in the same fold; null where each row is by itself.</param>
    /// <param name="seed">Determines the folds; null for the seed of the <see cref="MLContext"/>, and a random one where it has none.</param>
    /// <returns>Of each fold its model, its metrics and its scored rows.</returns>
    /// <exception cref="ArgumentNullException">The data or the estimator is null.</exception>
    /// <exception cref="ArgumentException">The label column's name is null or empty, or there are fewer than 2 folds.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label or the predictions are missing or no such vectors, or they are one column, which is told before any training as far as the estimator promises its columns.</exception>
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
        return CrossValidate();

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiLabelMetrics>> CrossValidate() =>
            new MultiLabelEvaluator(CatalogUtils.GetEnvironment(catalog), nameof(CrossValidateMultiLabel), labelColumnName, DefaultColumnNames.PredictedLabel, DefaultColumnNames.Score)
                .CrossValidate(data, estimator, numberOfFolds, samplingKeyColumnName, seed);
    }
}
