// Watches a training on rows of its own, interrupts it, goes on from its checkpoint and ends it when it no longer gets better.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<DigitImage>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);
var checkpoints = Directory.CreateTempSubdirectory("checkpoints").FullName;

var options = new DenseNeuralNetOptions
{
    // A learning rate that rises for two epochs and then falls, gradients of bounded length, weights that decay.
    Optimizer = new AdamW(),
    LearningRate = 0.003f,
    LearningRateSchedule = new WarmUpSchedule(epochs: 2, next: new CosineSchedule()),
    GradientNormLimit = 5,
    WeightDecay = 0.05f,

    // Targets of 0.91 and 0.01 instead of 1 and 0; and every digit counts the same, however often it was written.
    Loss = new SoftmaxCrossEntropy(labelSmoothing: 0.1f),
    ClassWeights = ClassWeights.Balanced,

    // A fifth of the rows is measured and not learned from. When its accuracy has not risen for ten epochs, training ends with the best weights.
    ValidationFraction = 0.2f,
    EarlyStopping = new EarlyStopping(EarlyStoppingMetric.TaskMetric, patience: 10),
    RestoreBestWeights = true,

    // What is measured, and kept, is the mean of the latest weights, which evens out what single steps do by chance.
    AverageWeights = true,
    NumberOfEpochs = 60,

    // Gradient norms, dead units and weight histograms of each layer go into the history too.
    RecordDiagnostics = true,

    // The callback below tells all there is to tell.
    Verbosity = Verbosity.Silent,
    Checkpoints = new Checkpoints(checkpoints),
    CancellationBehavior = CancellationBehavior.Throw,
};

// The first run is cancelled in the middle of the fourth epoch, as by a user who presses a button.
using var button = new CancellationTokenSource();
options.CancellationToken = button.Token;
options.EpochCompleted = Tell;
options.BatchCompleted = batch =>
{
    if (batch.Epoch == 4 && batch.Batch == batch.NumberOfBatches / 2)
        button.Cancel();
};
try
{
    Train();
}
catch (OperationCanceledException)
{
    Console.WriteLine($"cancelled; the folder has {string.Join(", ", Directory.GetFiles(checkpoints).Select(Path.GetFileName))}");
}

// The second run finds the checkpoint and goes on, to the same bits as if there had been no interruption. A callback may end training too.
options.CancellationToken = default;
options.BatchCompleted = null;
options.EpochCompleted = epoch =>
{
    Tell(epoch);
    if (epoch.Elapsed > TimeSpan.FromMinutes(1))
        epoch.Stop();
};
options.TrainingCompleted = ended => Console.WriteLine($"ended ({ended.End}) after {ended.Count} epochs with the weights of epoch {ended.RestoredEpoch}");
var model = Train();
Directory.Delete(checkpoints, recursive: true);

// The history is saved with the model, the epochs before the interruption too.
var history = model.LastTransformer.Model.History!;
Console.WriteLine($"{history.Settings.TrainingRows} rows to learn from, {history.Settings.ValidationRows} to validate with; {history.Settings.Optimizer}, {history.Settings.LearningRateSchedule}");
Console.WriteLine($"{"epoch",5} {"rate",8} {"loss",8} {"accuracy",9} {"validation loss",16} {"accuracy",9}");
foreach (var epoch in history)
    Console.WriteLine($"{epoch.Epoch,5} {epoch.LearningRate,8:F5} {epoch.Loss,8:F4} {epoch.Accuracy,9:F4} {epoch.ValidationLoss,16:F4} {epoch.ValidationAccuracy,9:F4}");

Console.WriteLine(history.Verdict);

var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
Console.WriteLine($"On the test set: accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}");
return history[0].Epoch == 1 && history.Count > 3 && metrics.MicroAccuracy >= 0.97 ? 0 : 1;

TransformerChain<MulticlassPredictionTransformer<DenseNeuralNetMulticlassModelParameters>> Train() =>
    mlContext.Transforms.Conversion.MapValueToKey("Label")
        .Append(mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options))
        .Fit(split.TrainSet);

static void Tell(EpochSummary epoch) => Console.WriteLine(
    $"epoch {epoch.Epoch,2} of {epoch.NumberOfEpochs}: accuracy {epoch.Accuracy:F4}, validation {epoch.ValidationAccuracy:F4}; "
    + $"{epoch.RowsPerSecond:N0} rows a second, at most {epoch.EstimatedTimeLeft.TotalSeconds:F1} s left");

internal sealed class DigitImage
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Features { get; set; } = [];

    [LoadColumn(64)]
    public float Label { get; set; }
}
