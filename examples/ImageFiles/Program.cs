// Tells shapes apart that lie in image files: draws them as PNG, each another in size, place, angle and colours, and learns them through ML.NET's loading, resizing and pixel extraction,
// with a dense network and with a convolutional one, without and with augmentation. Then it looks at what the first filters learned.
// All goes into the folder given, or into one for temporary files.

using ImageFiles;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNet.DenseNet;

const int Side = 32;
const int Training = 600;

var folder = (args is [var given, ..] ? Directory.CreateDirectory(given) : Directory.CreateTempSubdirectory("MLNet.DenseNet.")).FullName;
var random = new Random(1);
ShapeFile[] files = [.. Enumerable.Range(0, 900).Select(Draw)];
Console.WriteLine($"{Training} images to learn from and {files.Length - Training} to test with are in {folder}");

var mlContext = new MLContext(seed: 1);
var (train, test) = (mlContext.Data.LoadFromEnumerable(files[..Training]), mlContext.Data.LoadFromEnumerable(files[Training..]));
var images = mlContext.Transforms.LoadImages("Image", imageFolder: null, nameof(ShapeFile.Path))
    .Append(mlContext.Transforms.ResizeImages("Image", Side, Side, resizing: ImageResizingEstimator.ResizingKind.Fill))
    .Append(mlContext.Transforms.ExtractPixels("Features", "Image"));

// The features are 3 planes of 32 x 32 pixels, and the type of their column says so: the network needs no other word about its input.
Layer[] layers =
[
    new ConvolutionLayer(filters: 16, kernelSize: 5, padding: Padding.Same, activation: Activation.ReLU),
    new MaxPoolingLayer(2),
    new ConvolutionLayer(filters: 32, kernelSize: 3, padding: Padding.Same, activation: Activation.ReLU),
    new MaxPoolingLayer(2),
    new ConvolutionLayer(filters: 64, kernelSize: 3, padding: Padding.Same, activation: Activation.ReLU),
    new MaxPoolingLayer(2),
    new DenseLayer(64, Activation.ReLU),
];
var augmentation = new ImageAugmentation(shift: 4, rotation: 180, zoom: 0.2f, flipHorizontally: true, brightness: 0.2f);
var (_, dense) = Train(new DenseNeuralNetOptions { HiddenLayers = [256, 128], Augmentation = augmentation });
var (_, plain) = Train(new DenseNeuralNetOptions { Layers = layers });
var (model, convolutional) = Train(new DenseNeuralNetOptions { Layers = layers, Augmentation = augmentation }.ShowProgress());

Console.WriteLine();
Console.WriteLine("On images that no network has seen, of six shapes:");
Console.WriteLine($"  dense, with augmentation          accuracy {dense.MicroAccuracy:F4}");
Console.WriteLine($"  convolutional, without            accuracy {plain.MicroAccuracy:F4}");
Console.WriteLine($"  convolutional, with augmentation  accuracy {convolutional.MicroAccuracy:F4}");
Console.WriteLine(convolutional.ConfusionMatrix.GetFormattedConfusionTable());

var convolution = model.GetDenseNeuralNet().Layers.First(layer => layer.Layer is ConvolutionLayer);
var filters = new FilterPicture(convolution.Parameters[0].ToArray(), size: 5);
var picture = Path.Combine(folder, "filters.png");
filters.Save(picture);
Console.WriteLine($"What the 16 filters of the first convolution answer to, edges, spots and colours, is drawn in {picture}; their light and dark alone:");
Console.WriteLine();
filters.Print();

// The model's zip holds all of the pipeline: whoever loads it needs no more than the file of an image.
var path = Path.Combine(folder, "model.zip");
mlContext.Model.Save(model, train.Schema, path);
var another = Draw(files.Length);
var predicted = Predict(mlContext.Model.Load(path, out _));
Console.WriteLine($"The loaded model takes the {another.Shape} in {another.Path} for a {predicted.PredictedLabel}, with a probability of {predicted.Score.Max():P1}");

var isClearlyBest = convolutional.MicroAccuracy > plain.MicroAccuracy && convolutional.MicroAccuracy > dense.MicroAccuracy + 0.2;
return isClearlyBest && convolutional.MicroAccuracy >= 0.97 && predicted.Score.SequenceEqual(Predict(model).Score) ? 0 : 1;

(ITransformer Model, MulticlassClassificationMetrics Metrics) Train(DenseNeuralNetOptions options)
{
    options.NumberOfEpochs = 80;
    // Much, so that of the random numbers that filters start with nothing is left that the images do not ask for.
    options.WeightDecay = 1;
    var model = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(ShapeFile.Shape))
        .Append(images)
        .Append(mlContext.Transforms.DenseNeuralNet(options))
        .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(train);
    return (model, mlContext.MulticlassClassification.Evaluate(model.Transform(test)));
}

PredictedShape Predict(ITransformer transformer)
{
    using var engine = mlContext.Model.CreatePredictionEngine<ShapeFile, PredictedShape>(transformer);
    return engine.Predict(another);
}

ShapeFile Draw(int i)
{
    var shape = (Shape)(i % Enum.GetValues<Shape>().Length);
    var path = Path.Combine(folder, $"{i:000}-{shape}.png");
    using var image = ShapeImage.Draw(shape, random);
    image.Save(path);
    return new ShapeFile { Path = path, Shape = $"{shape}" };
}
