// Learns whether two numbers have the same sign, saves the model, loads it and predicts, with all that the packages bring.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(Row.Random(600)), testFraction: 0.2);
var options = new DenseNeuralNetOptions { HiddenLayers = [32, 16], NumberOfEpochs = 40 }.ShowProgress();
var model = mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(split.TrainSet);
var accuracy = mlContext.BinaryClassification.Evaluate(model.Transform(split.TestSet)).Accuracy;
Console.WriteLine(accuracy >= 0.9 ? "accuracy as expected" : $"accuracy {accuracy}");

mlContext.Model.Save(model, split.TrainSet.Schema, "model.zip");
var loaded = mlContext.Model.Load("model.zip", out _);
using var trained = mlContext.Model.CreatePredictionEngine<Row, Prediction>(model);
using var engine = mlContext.Model.CreatePredictionEngine<Row, Prediction>(loaded);
var rows = Row.Random(100).ToArray();
Console.WriteLine($"{rows.Count(row => engine.Predict(row).Probability == trained.Predict(row).Probability)} of 100 predictions are the same after loading");
Console.WriteLine($"same sign: {engine.Predict(new Row { Features = [0.6f, 0.7f] }).PredictedLabel}, {engine.Predict(new Row { Features = [-0.6f, 0.7f] }).PredictedLabel}");

var network = loaded.GetDenseNeuralNet();
network.SaveReport("training.html");
Console.WriteLine(File.ReadAllText("training.html").Contains(network.History!.Verdict.Headline) ? "report as expected" : "the report lacks the verdict");

network.SaveOnnx("network.onnx");

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }

    public static IEnumerable<Row> Random(int count)
    {
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            float[] x = [2 * random.NextSingle() - 1, 2 * random.NextSingle() - 1];
            yield return new Row { Features = x, Label = x[0] * x[1] > 0 };
        }
    }
}

internal sealed class Prediction
{
    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }
}
