using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>Every public estimator for every task, and trainers of ML.NET that show the contract to be theirs too.</summary>
internal static class Subjects
{
    private static readonly Dictionary<string, Func<Subject>> All = new()
    {
        ["multiclass trainer"] = () => new(Tasks.Multiclass, ml => ml.MulticlassClassification.Trainers.DenseNeuralNet(Options)),
        ["binary trainer"] = () => new(Tasks.Binary, ml => ml.BinaryClassification.Trainers.DenseNeuralNet(Options)),
        ["regression trainer"] = () => new(Tasks.Regression, ml => ml.Regression.Trainers.DenseNeuralNet(Options)),
        ["multi-output trainer"] = () => new(Tasks.MultiOutput, ml => ml.Regression.Trainers.DenseNeuralNetMultiOutput(Options)),
        ["quantile trainer"] = () => new(Tasks.Regression, ml => ml.Regression.Trainers.DenseNeuralNetQuantile(Options)),
        ["quantile estimator"] = () => new(Tasks.Regression, ml => ml.Transforms.DenseNeuralNet(OfQuantiles)),
        ["anomaly trainer"] = () => new(Tasks.Regression, ml => ml.AnomalyDetection.Trainers.DenseNeuralNet(Options), hasLabel: false),
        ["anomaly trainer of images"] = () => new(Tasks.Regression, ml => ml.AnomalyDetection.Trainers.DenseNeuralNet(Options), dimensions: [2, 2, 1], hasLabel: false),
        ["ranking trainer"] = () => new(Tasks.Regression, ml => ml.Ranking.Trainers.DenseNeuralNet(Ranking), isRanking: true),
        ["multiclass estimator"] = () => new(Tasks.Multiclass, ml => ml.Transforms.DenseNeuralNet(Options)),
        ["binary estimator"] = () => new(Tasks.Binary, ml => ml.Transforms.DenseNeuralNet(Options)),
        ["regression estimator"] = () => new(Tasks.Regression, ml => ml.Transforms.DenseNeuralNet(Options)),
        ["multi-output estimator"] = () => new(Tasks.MultiOutput, ml => ml.Transforms.DenseNeuralNet(Options)),
        ["trainer of an ensemble"] = () => new(Tasks.Binary, ml => ml.BinaryClassification.Trainers.DenseNeuralNet(Ensemble)),
        // Two planes of two pixels each, which are put together to pixels where rows are read.
        ["trainer of images"] = () => new(Tasks.Multiclass, ml => ml.MulticlassClassification.Trainers.DenseNeuralNet(Options), dimensions: [2, 2, 1]),
        ["trainer of a convolutional network"] = () => new(Tasks.Binary, ml => ml.BinaryClassification.Trainers.DenseNeuralNet(Convolutional), dimensions: [1, 2, 2]),
        ["estimator of a convolutional ensemble"] = () => new(Tasks.MultiOutput, ml => ml.Transforms.DenseNeuralNet(ConvolutionalEnsemble), dimensions: [2, 2, 1]),
        ["trainer of a recurrent network"] = () => new(Tasks.Regression, ml => ml.Regression.Trainers.DenseNeuralNet(OfLayers(new LstmLayer(5, dropoutRate: 0.1f), new DenseLayer(4))), dimensions: [2, 2]),
        ["trainer of keys"] = () => new(Tasks.Binary, ml => ml.BinaryClassification.Trainers.DenseNeuralNet(Options), hasKeys: true),
        ["estimator of keys"] = () => new(Tasks.MultiOutput, ml => ml.Transforms.DenseNeuralNet(Options), hasKeys: true),
        ["anomaly trainer of keys"] = () => new(Tasks.Regression, ml => ml.AnomalyDetection.Trainers.DenseNeuralNet(Options), hasLabel: false, hasKeys: true),
        ["trainer in a chain"] = () => new(Tasks.Multiclass, InChain),
        ["ML.NET's multiclass L-BFGS"] = () => new(
            Tasks.Multiclass, ml => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(Subject.Label, Subject.Features, Subject.Weight)),
        ["ML.NET's binary L-BFGS"] = () => new(
            Tasks.Binary, ml => ml.BinaryClassification.Trainers.LbfgsLogisticRegression(Subject.Label, Subject.Features, Subject.Weight)),
        ["ML.NET's regression SDCA"] = () => new(Tasks.Regression, ml => ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            LabelColumnName = Subject.Label,
            FeatureColumnName = Subject.Features,
            ExampleWeightColumnName = Subject.Weight,
            MaximumNumberOfIterations = 3,
            NumberOfThreads = 1,
            // It draws from its context's random numbers at every fit, so that a second fit would differ.
            Shuffle = false,
        })),
    };

    public static IEnumerable<string> Names => All.Keys;

    public static DenseNeuralNetOptions Options => new()
    {
        LabelColumnName = Subject.Label,
        FeatureColumnName = Subject.Features,
        ExampleWeightColumnName = Subject.Weight,
        HiddenLayers = [8],
        DropoutRate = 0.1f,
        NumberOfEpochs = 3,
        BatchSize = 16,
    };

    private static DenseNeuralNetOptions Ensemble
    {
        get
        {
            var options = Options;
            options.EnsembleSize = 3;
            return options;
        }
    }

    private static DenseNeuralNetOptions OfQuantiles
    {
        get
        {
            var options = Ensemble;
            options.Loss = new MultiQuantileLoss(0.1f, 0.4f, 0.8f, 0.9f);
            return options;
        }
    }

    private static DenseNeuralNetOptions Ranking
    {
        get
        {
            var options = Ensemble;
            options.RowGroupColumnName = Subject.Group;
            return options;
        }
    }

    private static DenseNeuralNetOptions Convolutional =>
        OfLayers(new ConvolutionLayer(4, 2, padding: Padding.Same, activation: Activation.ReLU), new MaxPoolingLayer(2, padding: Padding.Same), new DropoutLayer(0.1f), new DenseLayer(6, Activation.Tanh));

    private static DenseNeuralNetOptions ConvolutionalEnsemble
    {
        get
        {
            var options = Convolutional;
            options.EnsembleSize = 2;
            return options;
        }
    }

    public static Subject Create(string name) => All[name]();

    private static DenseNeuralNetOptions OfLayers(params Layer[] layers)
    {
        var options = Options;
        (options.HiddenLayers, options.Layers, options.DropoutRate) = (null, layers, 0);
        return options;
    }

    /// <summary>A step in front, which takes any column and leaves it to the trainer to refuse it, a cache, the trainer and a step behind.</summary>
    private static EstimatorChain<KeyToValueMappingTransformer> InChain(MLContext mlContext)
    {
        const string Copied = $"Copied{Subject.Features}";
        var options = Options;
        options.FeatureColumnName = Copied;
        return mlContext.Transforms.CopyColumns(Copied, Subject.Features).AppendCacheCheckpoint(mlContext)
            .Append(mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));
    }
}
