// Learns to tell ten kinds of clothing apart: 60,000 images of 28 x 28 pixels to learn from, 10,000 to test with. With --augmentation it compares instead, in
// 40 epochs each, what a network knows by heart without and with images that are mirrored, turned, zoomed and noisy at random.
// The data is Debian's package dataset-fashion-mnist (Zalando Research, MIT licence).

using FashionMnist;
using Microsoft.ML;
using MLNet.DenseNet;

if (args.Where(arg => arg != "--augmentation").ToArray() is not ["--data", var folder])
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project examples/FashionMnist -- --data FOLDER [--augmentation]");
    return 2;
}

if (FashionImage.MissingFile(folder) is { } missing)
{
    Console.Error.WriteLine($"There is no {missing} in {Path.GetFullPath(folder)}.");
    Console.Error.WriteLine("The data is in Debian's package dataset-fashion-mnist: apt-get install dataset-fashion-mnist, then --data /usr/share/datasets/fashion-mnist");
    return 2;
}

var mlContext = new MLContext(seed: 1);
var images = FashionImage.Load(folder);
var (train, test) = (mlContext.Data.LoadFromEnumerable(images.Training), mlContext.Data.LoadFromEnumerable(images.Test));
if (args.Contains("--augmentation"))
    return AugmentationComparison.Run(mlContext, train, test) ? 0 : 1;

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
