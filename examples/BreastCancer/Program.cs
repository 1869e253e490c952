// Tells malignant from benign breast tumours by 30 measures of cell nuclei, judged by five-fold cross-validation.

using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Tumour>(Path.Combine(AppContext.BaseDirectory, "breast-cancer.csv"), separatorChar: ',', hasHeader: true);

var pipeline = mlContext.BinaryClassification.Trainers.DenseNeuralNet(hiddenLayers: [32], dropoutRate: 0.2f, numberOfEpochs: 30);

var folds = mlContext.BinaryClassification.CrossValidate(data, pipeline, numberOfFolds: 5);
foreach (var fold in folds)
    Console.WriteLine($"fold {fold.Fold}: accuracy {fold.Metrics.Accuracy:F4}, area under the ROC curve {fold.Metrics.AreaUnderRocCurve:F4}, log-loss {fold.Metrics.LogLoss:F4}");

var mean = folds.Average(fold => fold.Metrics.AreaUnderRocCurve);
Console.WriteLine($"mean area under the ROC curve: {mean:F4}");
return mean >= 0.99 ? 0 : 1;

internal sealed class Tumour
{
    [LoadColumn(0, 29), VectorType(30)]
    public float[] Features { get; set; } = [];

    [LoadColumn(30)]
    public bool Label { get; set; }
}
