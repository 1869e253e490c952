// Predicts the progression of diabetes a year ahead from ten measures of a patient, judged by five-fold cross-validation.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Patient>(Path.Combine(AppContext.BaseDirectory, "diabetes.csv"), separatorChar: ',', hasHeader: true);

// 442 rows with much noise: small networks and few epochs, weight decay against learning the noise, and the mean of four networks, which averages out what each learns of it.
var pipeline = mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
{
    HiddenLayers = [64],
    EnsembleSize = 4,
    WeightDecay = 0.01f,
    NumberOfEpochs = 30,
});

var folds = mlContext.Regression.CrossValidate(data, pipeline, numberOfFolds: 5);
foreach (var fold in folds)
    Console.WriteLine($"fold {fold.Fold}: R-squared {fold.Metrics.RSquared:F4}, root mean squared error {fold.Metrics.RootMeanSquaredError:F1}");

var mean = folds.Average(fold => fold.Metrics.RSquared);
Console.WriteLine($"mean R-squared: {mean:F4}");
return mean >= 0.45 ? 0 : 1;

internal sealed class Patient
{
    [LoadColumn(0, 9), VectorType(10)]
    public float[] Features { get; set; } = [];

    [LoadColumn(10)]
    public float Label { get; set; }
}
