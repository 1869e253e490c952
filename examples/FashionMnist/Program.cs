// Learns to tell ten kinds of clothing apart: 60,000 images of 28 x 28 pixels to learn from, 10,000 to test with.
// The data is Debian's package dataset-fashion-mnist (Zalando Research, MIT licence).

using FashionMnist;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

const int Pixels = 28 * 28;

if (args is not ["--data", var folder])
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project examples/FashionMnist -- --data FOLDER");
    return 2;
}

string[] names = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];
if (names.FirstOrDefault(name => !File.Exists(Path.Combine(folder, name))) is { } missing)
{
    Console.Error.WriteLine($"There is no {missing} in {Path.GetFullPath(folder)}.");
    Console.Error.WriteLine("The data is in Debian's package dataset-fashion-mnist: apt-get install dataset-fashion-mnist, then --data /usr/share/datasets/fashion-mnist");
    return 2;
}

var mlContext = new MLContext(seed: 1);
var train = mlContext.Data.LoadFromEnumerable(Read(names[0], names[1]));
var test = mlContext.Data.LoadFromEnumerable(Read(names[2], names[3]));

var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    .Append(mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions
    {
        HiddenLayers = [256, 128],
        DropoutRate = 0.15f,
        BatchSize = 256,
        NumberOfEpochs = 10,
    }.ShowProgress()));
var model = pipeline.Fit(train);

var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
Console.WriteLine($"On the 10,000 test images: accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}");
return metrics.MicroAccuracy >= 0.88 ? 0 : 1;

List<FashionImage> Read(string imageFile, string labelFile)
{
    var images = IdxFile.Read(Path.Combine(folder, imageFile)).Values;
    var labels = IdxFile.Read(Path.Combine(folder, labelFile)).Values;
    return [.. labels.Select((label, i) => new FashionImage
    {
        Features = Array.ConvertAll(images[(i * Pixels)..((i + 1) * Pixels)], pixel => pixel / 255f),
        Label = label,
    })];
}

internal sealed class FashionImage
{
    [VectorType(28 * 28)]
    public float[] Features { get; set; } = [];

    public byte Label { get; set; }
}
