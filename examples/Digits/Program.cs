// Learns to read handwritten digits: 1,797 images of 8 x 8 pixels, a fifth of them held back as the test set.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<DigitImage>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    .Append(mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions().ShowProgress()))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
var model = pipeline.Fit(split.TrainSet);

var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
Console.WriteLine($"On the test set: accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}");
Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

mlContext.Model.Save(model, data.Schema, "model.zip");
Console.WriteLine($"Saved as {Path.GetFullPath("model.zip")}; any program that references MLNet.DenseNet loads it with mlContext.Model.Load.");

var loaded = mlContext.Model.Load("model.zip", out _);
using var engine = mlContext.Model.CreatePredictionEngine<DigitImage, DigitPrediction>(loaded);
foreach (var image in mlContext.Data.CreateEnumerable<DigitImage>(split.TestSet, reuseRowObject: false).Take(3))
{
    Console.WriteLine();
    for (var row = 0; row < 8; row++)
        Console.WriteLine(string.Concat(image.Features[(8 * row)..(8 * row + 8)].Select(pixel => new string(" .:-=+*#%@"[(int)(pixel * 9 / 16)], 2))));
    Console.WriteLine($"predicted {engine.Predict(image).PredictedLabel}, is {image.Label}");
}

return metrics.MicroAccuracy >= 0.97 ? 0 : 1;

internal sealed class DigitImage
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Features { get; set; } = [];

    [LoadColumn(64)]
    public float Label { get; set; }
}

internal sealed class DigitPrediction
{
    public float PredictedLabel { get; set; }
}
