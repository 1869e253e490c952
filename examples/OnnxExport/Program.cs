// Exports a trained pipeline to ONNX, and runs the file in two ways: by ML.NET's own transform, and by ONNX Runtime alone, as a program in any language would.

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Tumour>(Path.Combine(AppContext.BaseDirectory, "breast-cancer.csv"), separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);
var model = mlContext.BinaryClassification.Trainers.DenseNeuralNet().Fit(split.TrainSet);
var expected = model.Transform(split.TestSet).GetColumn<float>("Probability").ToArray();

// The whole pipeline, with ML.NET's converter. Its outputs are called as the columns are, with ".output" behind.
using (var stream = File.Create("tumours.onnx"))
    mlContext.Model.ConvertToOnnx(model, split.TestSet, stream);
var converted = mlContext.Transforms.ApplyOnnxModel(["Probability.output"], ["Features", "Label"], "tumours.onnx").Fit(split.TestSet).Transform(split.TestSet);
var byPipeline = converted.GetColumn<float[]>("Probability").Select(probability => probability[0]).ToArray();

// The model alone, with the package MLNet.DenseNet.Onnx: from features to score and probability.
model.Model.SaveOnnx("network.onnx");
using var session = new InferenceSession("network.onnx");
var features = split.TestSet.GetColumn<float[]>("Features").SelectMany(row => row).ToArray();
var input = new DenseTensor<float>(features, [expected.Length, features.Length / expected.Length]);
using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("features", input)], ["probability"]);
var alone = outputs[0].AsEnumerable<float>().ToArray();

var (difference, differenceAlone) = (Difference(byPipeline), Difference(alone));
Console.WriteLine($"tumours.onnx, {new FileInfo("tumours.onnx").Length / 1024} KiB: probabilities of {expected.Length} tumours differ by at most {difference:E1}");
Console.WriteLine($"network.onnx, {new FileInfo("network.onnx").Length / 1024} KiB: by at most {differenceAlone:E1}");
return difference < 1e-5 && differenceAlone < 1e-5 ? 0 : 1;

float Difference(float[] actual) => expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max();

internal sealed class Tumour
{
    [LoadColumn(0, 29), VectorType(30)]
    public float[] Features { get; set; } = [];

    [LoadColumn(30)]
    public bool Label { get; set; }
}
