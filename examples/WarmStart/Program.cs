// Trains on the patients of a first clinic, at a learning rate that was looked for, saves the model, loads it and goes on training
// with the patients of a second one.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Tumour>(Path.Combine(AppContext.BaseDirectory, "breast-cancer.csv"), separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3);
var clinics = mlContext.Data.TrainTestSplit(split.TrainSet, testFraction: 0.5);

// To overlook a malignant tumour is worse than a false alarm: its row counts twice.
var weights = new EstimatorChain<ITransformer>().Append(mlContext.Transforms.Expression("Weight", "label => label ? 2f : 1f", "Label"));

var options = new DenseNeuralNetOptions
{
    LabelColumnName = "Label",
    FeatureColumnName = "Features",
    ExampleWeightColumnName = "Weight",
    // By the first clinic's patients: whoever goes on from the model keeps its means and deviations.
    NormalizeFeatures = FeatureNormalization.On,
    Layers = [new DenseLayer(32, Activation.Tanh), new DropoutLayer(0.1f), new DenseLayer(16, Activation.Tanh)],
    Optimizer = new StochasticGradientDescent(momentum: 0.9f, nesterov: true),
    GradientValueLimit = 1,
    // All rows in one step: there is no order to shuffle, and nothing to gain from a second thread.
    BatchSize = TrainingOptions.FullBatch,
    Shuffle = false,
    NumberOfThreads = 1,
    NumberOfEpochs = 400,
    Verbosity = Verbosity.Silent,
};

// Which learning rate? Each step of this trial takes a higher one; where the loss falls most is a good start.
var curve = mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).FindLearningRate(weights.Fit(clinics.TrainSet).Transform(clinics.TrainSet), lowest: 1e-4f, highest: 10);
foreach (var point in curve.Points.Where((_, i) => i % 20 == 0))
    Console.WriteLine($"learning rate {point.LearningRate:G2}: loss {point.SmoothedLoss:F4}");
options.LearningRate = curve.Suggestion ?? 0.1f;
Console.WriteLine($"suggestion: {options.LearningRate:G2}");

// With a validation set, here the test set, just to see the loss of both. It is given as it comes: the pipeline's first step is applied to it.
options.ValidationSet = split.TestSet;
var model = Pipeline().Fit(clinics.TrainSet);
var before = Evaluate("the first clinic's patients", model);
mlContext.Model.Save(model, data.Schema, "clinics.zip");

// Later, in another program: what was learned is in the zip, the means and deviations of the features too.
var learned = mlContext.Model.Load("clinics.zip", out _).GetDenseNeuralNet();
Console.WriteLine($"loaded: {learned.History!.Count} epochs, loss {learned.History[^1].Loss:F4}, on the validation set {learned.History[^1].ValidationLoss:F4}");

options.InitialModel = learned;
options.LearningRate /= 2;
var continued = Pipeline().Fit(split.TrainSet);
var after = Evaluate("both clinics' patients", continued);
return before >= 0.98 && after >= 0.99 ? 0 : 1;

IEstimator<ITransformer> Pipeline() => weights.AppendCacheCheckpoint(mlContext).Append(mlContext.BinaryClassification.Trainers.DenseNeuralNet(options));

double Evaluate(string rows, ITransformer candidate)
{
    var metrics = mlContext.BinaryClassification.Evaluate(candidate.Transform(split.TestSet));
    Console.WriteLine($"trained on {rows}: area under the ROC curve {metrics.AreaUnderRocCurve:F4}, log-loss {metrics.LogLoss:F4}, recall {metrics.PositiveRecall:F4} on the test set");
    return metrics.AreaUnderRocCurve;
}

internal sealed class Tumour
{
    [LoadColumn(0, 29), VectorType(30)]
    public float[] Features { get; set; } = [];

    [LoadColumn(30)]
    public bool Label { get; set; }
}
