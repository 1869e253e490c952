// Learns to tell ten kinds of clothing apart: 60,000 images of 28 x 28 pixels to learn from, 10,000 to test with. The network is a dense one, or a convolutional, a deep or a recurrent one
// (see Recipe.cs). With --augmentation it compares instead, in 40 epochs each, what a dense network knows by heart without and with images that are mirrored, turned, zoomed and noisy at random.
// The data is Debian's package dataset-fashion-mnist (Zalando Research, MIT licence).

using FashionMnist;
using Microsoft.ML;
using MLNet.DenseNet;

const string Augmentation = "--augmentation";

if (args is not ["--data", var folder, .. var options] || options.Length > 1 || (options is not [Augmentation] && Recipe.Of(options.SingleOrDefault()) is null))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project examples/FashionMnist -- --data FOLDER [--convolutional | --deep | --recurrent | --augmentation]");
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
if (options is [Augmentation])
    return AugmentationComparison.Run(mlContext, train, test) ? 0 : 1;

var recipe = Recipe.Of(options.SingleOrDefault())!;
var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    .Append(mlContext.Transforms.DenseNeuralNet(recipe.Options.ShowProgress()));
var model = pipeline.Fit(train);
Console.WriteLine(model.GetDenseNeuralNet().Summary());

var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
Console.WriteLine($"On the 10,000 test images: accuracy {metrics.MicroAccuracy:F4}, log-loss {metrics.LogLoss:F4}");
return metrics.MicroAccuracy >= recipe.Accuracy ? 0 : 1;
