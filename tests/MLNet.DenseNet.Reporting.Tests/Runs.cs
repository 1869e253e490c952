using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Reporting.Tests;

/// <summary>Two small trainings in ML.NET with what a report shows of them.</summary>
internal static class Runs
{
    public static (TrainingHistory History, ReportEvaluation Evaluation) Classification()
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromEnumerable(Rows(600));
        var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3);
        TrainingHistory? history = null;
        var model = mlContext.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions
            {
                HiddenLayers = [32, 16],
                Activation = Activation.ReLU,
                DropoutRate = 0.1f,
                NumberOfEpochs = 40,
                ValidationFraction = 0.2f,
                LearningRateSchedule = new CosineSchedule(),
                RecordDiagnostics = true,
                TrainingCompleted = h => history = h,
            }))
            .Fit(split.TrainSet);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        return (history!, ReportEvaluation.FromConfusionMatrix(metrics.ConfusionMatrix));
    }

    public static (TrainingHistory History, ReportEvaluation Evaluation) Regression()
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromEnumerable(Rows(300));
        var model = mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = [16], NumberOfEpochs = 10 }).Fit(data);
        return (model.Model.History!, ReportEvaluation.FromPredictions(model.Transform(data), "Number"));
    }

    /// <summary>A convolutional network that learned to tell where an image is light.</summary>
    /// <param name="channels">1 to 3.</param>
    /// <param name="ensembleSize">How many networks.</param>
    /// <param name="layers">Other hidden layers than the usual ones.</param>
    public static IDenseNeuralNetModel Convolutional(int channels, int ensembleSize = 1, Layer[]? layers = null) => ImageClassifier(channels, ensembleSize, layers).Model.GetDenseNeuralNet();

    /// <summary>The same with the images that it learned from, which are 10 wide.</summary>
    public static (ITransformer Model, IDataView Data) ImageClassifier(int channels, int ensembleSize = 1, Layer[]? layers = null, int height = 12)
    {
        var mlContext = new MLContext(seed: 1);
        var random = new Random(1);
        var schema = SchemaDefinition.Create(typeof(ImageRow));
        schema[nameof(ImageRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, height, 10, channels);
        var rows = Enumerable.Range(0, 80).Select(_ =>
        {
            var image = Enumerable.Range(0, height * 10 * channels).Select(_ => random.NextSingle()).ToArray();
            return new ImageRow { Features = image, IsLight = image[..20].Sum() > 10 };
        }).ToArray();
        var data = mlContext.Data.LoadFromEnumerable(rows, schema);
        var model = mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(ImageRow.IsLight),
            Layers = layers ?? [new ConvolutionLayer(6, new SpatialSize(3, 5), padding: Padding.Same, activation: Activation.ReLU), new MaxPoolingLayer(2), new ConvolutionLayer(16, 3, activation: Activation.ReLU), new DenseLayer(20)],
            EnsembleSize = ensembleSize,
            NumberOfEpochs = 3,
            RecordDiagnostics = true,
        }).Fit(data);
        return (model, data);
    }

    /// <summary>Few rows whose labels follow no rule, so that the validation loss soon rises.</summary>
    /// <param name="restoresBest">Whether the weights of the best epoch are kept instead of the latest.</param>
    public static TrainingHistory LearnedByHeart(bool restoresBest)
    {
        var mlContext = new MLContext(seed: 1);
        var random = new Random(2);
        var data = mlContext.Data.LoadFromEnumerable(Rows(60).Select(row => new ScoredRow { Numbers = [row.Features[0], row.Features[1]], Number = random.NextSingle() }));
        var options = new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(ScoredRow.Number),
            FeatureColumnName = nameof(ScoredRow.Numbers),
            HiddenLayers = [64, 64],
            LearningRate = 0.02f,
            NumberOfEpochs = 30,
            ValidationFraction = 0.3f,
            RestoreBestWeights = restoresBest,
        };
        return mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(data).Model.History!;
    }

    /// <summary>With nothing set.</summary>
    public static TrainingHistory Defaults() => new MLContext(seed: 1).Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Number", RecordDiagnostics = true })
        .Fit(new MLContext().Data.LoadFromEnumerable(Rows(300))).Model.History!;

    /// <summary>Of two dense layers in each network.</summary>
    public static TrainingHistory Ensemble()
    {
        var mlContext = new MLContext(seed: 1);
        var options = new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = [16, 8], RecordDiagnostics = true, Augmentation = new TableAugmentation(noise: 0.01f) };
        return mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(mlContext.Data.LoadFromEnumerable(Rows(300))).Model.History!;
    }

    /// <summary>Cancelled before its first epoch has ended, of which an older version returned the model.</summary>
    public static TrainingHistory CanceledAtOnce() =>
        new MLContext().Model.Load(Path.Combine(AppContext.BaseDirectory, "SavedModels", "no-epoch-version-3.model"), out _).GetDenseNeuralNet().History!;

    /// <summary>A confusion matrix of ML.NET, whose keys are in the order in which their values come by.</summary>
    public static ConfusionMatrix MatrixOf(params string[] names)
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Rows(200).Select((row, i) => new NamedRow { Features = row.Features, Name = names[i % names.Length] }));
        var model = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(NamedRow.Name))
            .Append(mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [4], NumberOfEpochs = 1 })).Fit(rows);
        return mlContext.MulticlassClassification.Evaluate(model.Transform(rows)).ConfusionMatrix;
    }

    public static ConfusionMatrix BinaryMatrix()
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Rows(100));
        var model = mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(Row.IsLarge), HiddenLayers = [4], NumberOfEpochs = 1 }).Fit(rows);
        return mlContext.BinaryClassification.Evaluate(model.Transform(rows), nameof(Row.IsLarge)).ConfusionMatrix;
    }

    /// <summary>Scored rows with labels of one number and of two.</summary>
    /// <param name="scale">Of the labels.</param>
    public static IDataView Scored(float scale = 1)
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Rows(100).Select(row => new ScoredRow
        {
            Number = scale * row.Number,
            Score = scale * row.Number,
            Numbers = [row.Number, 7],
            Scores = [row.Number, 8],
            Name = "a",
        }));
        return rows;
    }

    private static IEnumerable<Row> Rows(int count)
    {
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            var x = new float[] { random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f };
            yield return new Row { Features = x, Number = x[0] * x[1] + x[2], Class = (int)(4.999 * Math.Clamp(0.5 + x[0] + 0.1 * x[1], 0, 1)) };
        }
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public int Class { get; set; }

        public bool IsLarge => Number > 0;
    }

    private sealed class ImageRow
    {
        public float[] Features { get; set; } = [];

        public bool IsLight { get; set; }
    }

    private sealed class NamedRow
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Name { get; set; } = "";
    }

    private sealed class ScoredRow
    {
        public float Number { get; set; }

        public float Score { get; set; }

        [VectorType(2)]
        public float[] Numbers { get; set; } = [];

        [VectorType(2)]
        public float[] Scores { get; set; } = [];

        public string Name { get; set; } = "";
    }
}
