using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MLNet.DenseNet;

namespace Microsoft.ML;

/// <summary>Adds dense neural networks to ML.NET's catalogs.</summary>
public static class DenseNeuralNetCatalog
{
    /// <summary>A dense neural network for the task that the label column's type names: a key is a multiclass classification, Boolean a binary one, Single a regression, a known-size vector of Single a regression of several outputs, one of Boolean a multi-label classification.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <include file="CatalogParameters.xml" path="parameters/param"/>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.DenseNeuralNet(hiddenLayers: [128, 64]))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// </code>
    /// </example>
    public static DenseNeuralNetEstimator DenseNeuralNet(
        this TransformsCatalog catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        Activation? activation = null,
        float dropoutRate = 0,
        float? learningRate = null,
        int? batchSize = null,
        int? numberOfEpochs = null,
        int? seed = null) =>
        catalog.DenseNeuralNet(Options(
            labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, activation, dropoutRate, learningRate, batchSize, numberOfEpochs, seed));

    /// <summary>A dense neural network for the task that the label column's type names: a key is a multiclass classification, Boolean a binary one, Single a regression, a known-size vector of Single a regression of several outputs, one of Boolean a multi-label classification.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var estimator = mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { ValidationFraction = 0.2f, EarlyStopping = new EarlyStopping() });
    /// </code>
    /// </example>
    public static DenseNeuralNetEstimator DenseNeuralNet(
        this TransformsCatalog catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetEstimator Create(TransformsCatalog catalog, DenseNeuralNetOptions options) =>
            new(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>A dense neural network for multiclass classification; the label is a key.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <include file="CatalogParameters.xml" path="parameters/param"/>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(mlContext.MulticlassClassification.Trainers.DenseNeuralNet());
    /// </code>
    /// </example>
    public static DenseNeuralNetMulticlassTrainer DenseNeuralNet(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        Activation? activation = null,
        float dropoutRate = 0,
        float? learningRate = null,
        int? batchSize = null,
        int? numberOfEpochs = null,
        int? seed = null) =>
        catalog.DenseNeuralNet(Options(
            labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, activation, dropoutRate, learningRate, batchSize, numberOfEpochs, seed));

    /// <summary>A dense neural network for multiclass classification; the label is a key.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var trainer = mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { ClassWeights = ClassWeights.Balanced });
    /// </code>
    /// </example>
    public static DenseNeuralNetMulticlassTrainer DenseNeuralNet(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetMulticlassTrainer Create(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, DenseNeuralNetOptions options) =>
            new(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>A dense neural network for binary classification; the label is Boolean.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <include file="CatalogParameters.xml" path="parameters/param"/>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var model = mlContext.BinaryClassification.Trainers.DenseNeuralNet(labelColumnName: "IsMalignant").Fit(data);
    /// </code>
    /// </example>
    public static DenseNeuralNetBinaryTrainer DenseNeuralNet(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        Activation? activation = null,
        float dropoutRate = 0,
        float? learningRate = null,
        int? batchSize = null,
        int? numberOfEpochs = null,
        int? seed = null) =>
        catalog.DenseNeuralNet(Options(
            labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, activation, dropoutRate, learningRate, batchSize, numberOfEpochs, seed));

    /// <summary>A dense neural network for binary classification; the label is Boolean.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var trainer = mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Loss = new BinaryCrossEntropy(labelSmoothing: 0.05f) });
    /// </code>
    /// </example>
    public static DenseNeuralNetBinaryTrainer DenseNeuralNet(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetBinaryTrainer Create(BinaryClassificationCatalog.BinaryClassificationTrainers catalog, DenseNeuralNetOptions options) =>
            new(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>A dense neural network for regression; the label is Single.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <include file="CatalogParameters.xml" path="parameters/param"/>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var folds = mlContext.Regression.CrossValidate(data, mlContext.Regression.Trainers.DenseNeuralNet(labelColumnName: "Price"), labelColumnName: "Price");
    /// </code>
    /// </example>
    public static DenseNeuralNetRegressionTrainer DenseNeuralNet(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        Activation? activation = null,
        float dropoutRate = 0,
        float? learningRate = null,
        int? batchSize = null,
        int? numberOfEpochs = null,
        int? seed = null) =>
        catalog.DenseNeuralNet(Options(
            labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, activation, dropoutRate, learningRate, batchSize, numberOfEpochs, seed));

    /// <summary>A dense neural network for regression; the label is Single.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var trainer = mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Visits", Loss = new PoissonLoss() });
    /// </code>
    /// </example>
    public static DenseNeuralNetRegressionTrainer DenseNeuralNet(
        this RegressionCatalog.RegressionTrainers catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetRegressionTrainer Create(RegressionCatalog.RegressionTrainers catalog, DenseNeuralNetOptions options) =>
            new(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>A dense neural network for anomaly detection, an autoencoder; there is no label, and most rows to learn from are normal ones.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="featureColumnName">The column to learn, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys.</param>
    /// <param name="exampleWeightColumnName">The column that says how much each row counts; null where all count the same.</param>
    /// <param name="hiddenLayers">The number of units of each hidden layer, the fewest in the middle; null for three that suit the number of features.</param>
    /// <param name="contamination">The share of rows like the normal ones that are predicted to be anomalies, in (0, 1): it decides the threshold.</param>
    /// <param name="numberOfEpochs">How often training goes over all rows; null for as often as rows that are held out say, at most 200 times.</param>
    /// <param name="seed">Determines all random numbers; null for the seed of the <see cref="MLContext"/>, and a random one where it has none.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var detector = mlContext.AnomalyDetection.Trainers.DenseNeuralNet(contamination: 0.01f).Fit(data);
    /// var isAnomaly = detector.Transform(data).GetColumn&lt;bool&gt;("PredictedLabel");
    /// </code>
    /// </example>
    public static DenseNeuralNetAnomalyTrainer DenseNeuralNet(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        float contamination = 0.05f,
        int? numberOfEpochs = null,
        int? seed = null) => catalog.DenseNeuralNet(
            new DenseNeuralNetOptions { FeatureColumnName = featureColumnName, ExampleWeightColumnName = exampleWeightColumnName, HiddenLayers = hiddenLayers, NumberOfEpochs = numberOfEpochs, Seed = seed }, contamination);

    /// <summary>A dense neural network for anomaly detection, an autoencoder; there is no label, and most rows to learn from are normal ones.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Copied: later changes have no effect. <see cref="DenseNeuralNetOptions.LabelColumnName"/> has none either.</param>
    /// <param name="contamination">The share of rows like the normal ones that are predicted to be anomalies, in (0, 1): it decides the threshold.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var trainer = mlContext.AnomalyDetection.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [32, 4, 32] }, contamination: 0.01f);
    /// </code>
    /// </example>
    public static DenseNeuralNetAnomalyTrainer DenseNeuralNet(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog, DenseNeuralNetOptions options, float contamination = 0.05f)
    {
        MLNetVersion.Check();
        return Create(catalog, options, contamination);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetAnomalyTrainer Create(AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog, DenseNeuralNetOptions options, float contamination) =>
            new(CatalogUtils.GetEnvironment(catalog), options, contamination);
    }

    /// <summary>A dense neural network for ranking; the label is Single or a key, the more relevant the higher.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <include file="CatalogParameters.xml" path="parameters/param"/>
    /// <param name="rowGroupColumnName">The column that says which rows belong together: a key, UInt32 or UInt64.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var model = mlContext.Ranking.Trainers.DenseNeuralNet(labelColumnName: "Relevance", rowGroupColumnName: "Query").Fit(data);
    /// var metrics = mlContext.Ranking.Evaluate(model.Transform(data), "Relevance", "Query");
    /// </code>
    /// </example>
    public static DenseNeuralNetRankingTrainer DenseNeuralNet(
        this RankingCatalog.RankingTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string rowGroupColumnName = DefaultColumnNames.GroupId,
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        Activation? activation = null,
        float dropoutRate = 0,
        float? learningRate = null,
        int? batchSize = null,
        int? numberOfEpochs = null,
        int? seed = null)
    {
        var options = Options(labelColumnName, featureColumnName, exampleWeightColumnName, hiddenLayers, activation, dropoutRate, learningRate, batchSize, numberOfEpochs, seed);
        options.RowGroupColumnName = rowGroupColumnName;
        return catalog.DenseNeuralNet(options);
    }

    /// <summary>A dense neural network for ranking; the label is Single or a key, the more relevant the higher.</summary>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An option is outside its range; the message names it.</exception>
    /// <example>
    /// <code>
    /// var trainer = mlContext.Ranking.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { RowGroupColumnName = "Query" });
    /// </code>
    /// </example>
    public static DenseNeuralNetRankingTrainer DenseNeuralNet(
        this RankingCatalog.RankingTrainers catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetRankingTrainer Create(RankingCatalog.RankingTrainers catalog, DenseNeuralNetOptions options) =>
            new(CatalogUtils.GetEnvironment(catalog), options);
    }

    private static DenseNeuralNetOptions Options(
        string labelColumnName, string featureColumnName, string? exampleWeightColumnName, IReadOnlyList<int>? hiddenLayers, Activation? activation,
        float dropoutRate, float? learningRate, int? batchSize, int? numberOfEpochs, int? seed) => new()
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenLayers = hiddenLayers,
            Activation = activation ?? DenseNeuralNetOptions.DefaultActivation,
            DropoutRate = dropoutRate,
            LearningRate = learningRate,
            BatchSize = batchSize,
            NumberOfEpochs = numberOfEpochs,
            Seed = seed,
        };
}
