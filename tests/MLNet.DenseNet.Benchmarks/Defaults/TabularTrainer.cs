using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>A trainer of ML.NET, ours among them, as anybody would use it.</summary>
/// <param name="Name">The name in the tables and on the command line.</param>
/// <param name="Create">The estimator for a table, with the columns "Features" and "Label".</param>
/// <param name="IsAlternative">Whether it is ours in other settings than the defaults.</param>
internal sealed record TabularTrainer(string Name, Func<MLContext, TabularSet, IEstimator<ITransformer>> Create, bool IsAlternative = false)
{
    /// <summary>What the benchmark is about.</summary>
    public static TabularTrainer Defaults { get; } = new("DenseNeuralNet()", (mlContext, _) => mlContext.Transforms.DenseNeuralNet());

    /// <summary>The defaults first, then those without one of their parts each and without all, then ML.NET's own.</summary>
    public static IReadOnlyList<TabularTrainer> All { get; } =
    [
        Defaults,
        Ours("all numbers embedded", new DenseNeuralNetOptions { NumericEmbedding = NumericEmbedding.On }),
        Ours("no embedding", new DenseNeuralNetOptions { HiddenLayers = [64, 32] }),
        Ours("one network", new DenseNeuralNetOptions { EnsembleSize = 1 }),
        Ours("no annealing", new DenseNeuralNetOptions { LearningRateSchedule = new CosineSchedule() }),
        Ours("no average of weights", new DenseNeuralNetOptions { AverageWeights = false }),
        Ours("AdamW", new DenseNeuralNetOptions { Optimizer = new AdamW(), LearningRate = 0.005f, WeightDecay = 0.3f, AdaptWeightDecay = true }),
        Ours("constant weight decay", new DenseNeuralNetOptions { AdaptWeightDecay = false }),
        Ours("squares of functions", new DenseNeuralNetOptions { FunctionDecay = FunctionDecay.Squares }),
        Ours("128, 64 units", new DenseNeuralNetOptions { HiddenLayers = [128, 64], NumericEmbedding = NumericEmbedding.On }),
        Ours("ReLU", new DenseNeuralNetOptions { Activation = Activation.ReLU }),
        Ours("none of it", new DenseNeuralNetOptions { HiddenLayers = [128, 64], EnsembleSize = 1, LearningRateSchedule = new CosineSchedule(), Activation = Activation.ReLU }),
        new("LightGbm", (mlContext, set) => set.Task switch
        {
            TabularTask.Regression => mlContext.Regression.Trainers.LightGbm(),
            TabularTask.Binary => mlContext.BinaryClassification.Trainers.LightGbm(),
            _ => mlContext.MulticlassClassification.Trainers.LightGbm(),
        }),
        new("FastTree", (mlContext, set) => set.Task switch
        {
            TabularTask.Regression => mlContext.Regression.Trainers.FastTree(),
            TabularTask.Binary => mlContext.BinaryClassification.Trainers.FastTree(),
            _ => mlContext.MulticlassClassification.Trainers.OneVersusAll(mlContext.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options())),
        }),
        // ML.NET has no Lbfgs for squared errors.
        new("linear: Lbfgs, Sdca in a regression", (mlContext, set) => Normalized(mlContext, set, set.Task switch
        {
            TabularTask.Regression => mlContext.Regression.Trainers.Sdca(),
            TabularTask.Binary => mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(),
            _ => mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy(),
        })),
    ];

    /// <summary>Trains on a fold's training rows and predicts its test rows.</summary>
    /// <returns>(test rows x outputs), and the seconds that training took.</returns>
    public (double[] Predictions, double Seconds) Run(TabularSet set, Fold fold)
    {
        var mlContext = new MLContext(fold.Number);
        var (training, test) = Prepare(mlContext, set, fold);
        var estimator = Create(mlContext, set);
        var start = Stopwatch.GetTimestamp();
        var model = estimator.Fit(training);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (Predictions(set.Task, model.Transform(test)), seconds);
    }

    /// <summary>The rows of a fold; where there is text, it is behind the features as ML.NET makes numbers of it with nothing set: kept, since what that takes is none of the trainer's time.</summary>
    private static (IDataView Training, IDataView Test) Prepare(MLContext mlContext, TabularSet set, Fold fold)
    {
        var training = set.CreateView(mlContext, fold.Training);
        var test = set.CreateView(mlContext, fold.Test);
        if (set.Texts is null)
            return (training, test);
        var text = mlContext.Transforms.Text.FeaturizeText("Words", "Texts").Append(mlContext.Transforms.Concatenate("Features", "Features", "Words")).Append(mlContext.Transforms.SelectColumns("Features", "Label")).Fit(training);
        return (Kept(text.Transform(training)), text.Transform(test));

        IDataView Kept(IDataView rows)
        {
            var cached = mlContext.Data.Cache(rows, "Features", "Label");
            using var cursor = cached.GetRowCursor(cached.Schema);
            while (cursor.MoveNext())
            {
            }

            return cached;
        }
    }

    private static double[] Predictions(TabularTask task, IDataView scored) => task switch
    {
        TabularTask.Regression => [.. scored.GetColumn<float>("Score").Select(x => (double)x)],
        TabularTask.Binary => [.. scored.GetColumn<float>("Probability").SelectMany(p => new double[] { 1 - p, p })],
        _ => [.. scored.GetColumn<float[]>("Score").SelectMany(row => row).Select(p => (double)p)],
    };

    private static TabularTrainer Ours(string name, DenseNeuralNetOptions options) =>
        new(name, (mlContext, _) => mlContext.Transforms.DenseNeuralNet(options), IsAlternative: true);

    /// <summary>Words that hardly a row has would be large numbers beside their deviation, with which Lbfgs takes many minutes.</summary>
    private static EstimatorChain<ITransformer> Normalized(MLContext mlContext, TabularSet set, IEstimator<ITransformer> trainer) => new EstimatorChain<ITransformer>()
        .Append(set.Texts is null ? mlContext.Transforms.NormalizeMeanVariance("Features") : mlContext.Transforms.NormalizeMinMax("Features")).Append(trainer);
}
