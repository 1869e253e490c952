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
        ["multiclass estimator"] = () => new(Tasks.Multiclass, ml => ml.Transforms.DenseNeuralNet(Options)),
        ["binary estimator"] = () => new(Tasks.Binary, ml => ml.Transforms.DenseNeuralNet(Options)),
        ["regression estimator"] = () => new(Tasks.Regression, ml => ml.Transforms.DenseNeuralNet(Options)),
        ["multi-output estimator"] = () => new(Tasks.MultiOutput, ml => ml.Transforms.DenseNeuralNet(Options)),
        ["trainer of an ensemble"] = () => new(Tasks.Binary, ml => ml.BinaryClassification.Trainers.DenseNeuralNet(Ensemble)),
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

    public static Subject Create(string name) => All[name]();

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
