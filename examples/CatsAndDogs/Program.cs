// Tells cats, labelled 0, from dogs, labelled 1: first one image through a dense network and one step of gradient descent, number by number, and through a convolution and a pooling, then training
// in a pipeline.
// The picture goes into the folder given, or into the one for temporary files.

using CatsAndDogs;
using Microsoft.ML;
using MLNet.DenseNet;

var random = new Random(1);
AnimalImage[] images = [.. Enumerable.Range(0, 1600).Select(i => AnimalImage.Draw(isDog: i % 2 == 1, random))];
var isExplained = new OneStep(images[1]).Explain();
Console.WriteLine();
isExplained &= new OneConvolution(images[1]).Explain();

Console.WriteLine();
var mlContext = new MLContext(seed: 1);
var (train, test) = (mlContext.Data.LoadFromEnumerable(images[..1200]), mlContext.Data.LoadFromEnumerable(images[1200..]));
var pipeline = mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions
{
    LabelColumnName = nameof(AnimalImage.IsDog),
    FeatureColumnName = nameof(AnimalImage.Pixels),
    HiddenLayers = [16],
    NumberOfEpochs = 20,
    ValidationFraction = 0.2f,
}.ShowProgress());
var predicted = pipeline.Fit(train).Transform(test);

var metrics = mlContext.BinaryClassification.Evaluate(predicted, labelColumnName: nameof(AnimalImage.IsDog));
Console.WriteLine($"On the test set of {images.Length - 1200} images: accuracy {metrics.Accuracy:F4}, log-loss {metrics.LogLoss:F4}");
Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

var path = Path.Combine((args is [var folder, ..] ? Directory.CreateDirectory(folder) : Directory.CreateTempSubdirectory("MLNet.DenseNet.")).FullName, "cats-and-dogs.svg");
Gallery.Save([.. mlContext.Data.CreateEnumerable<PredictedImage>(predicted, reuseRowObject: false).Take(12)], path);
Console.WriteLine($"Some of them, with the probability of a dog, are in {path}");
return isExplained && metrics.Accuracy >= 0.97 ? 0 : 1;
