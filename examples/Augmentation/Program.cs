// Learns to read handwritten digits from few images, a fifth of 1,797, without and with data augmentation: images that are turned, zoomed and noisy at
// random, anew in each step. The gap between the accuracy on what was learned from and on the test set is what the network knows by heart only.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<DigitImage>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
var keyed = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
var split = mlContext.Data.TrainTestSplit(keyed, testFraction: 0.8);

var plain = Train(null);
var augmented = Train(new ImageAugmentation(rotation: 10, zoom: 0.1f, noise: 0.6f));

Console.WriteLine("augmentation  training    test     gap");
Print("none", plain);
Print("images", augmented);
return Gap(augmented) < Gap(plain) && augmented.Test >= 0.96 ? 0 : 1;

(double Training, double Test) Train(Augmentation? augmentation)
{
    var model = mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
    {
        InputShape = new(8, 8, 1),
        HiddenLayers = [256, 128],
        NumberOfEpochs = 100,
        Augmentation = augmentation,
        Seed = 1,
    }).Fit(split.TrainSet);
    // Both sets are measured as they are: augmentation is for training alone.
    return (Accuracy(split.TrainSet), Accuracy(split.TestSet));

    double Accuracy(IDataView rows) => mlContext.MulticlassClassification.Evaluate(model.Transform(rows)).MicroAccuracy;
}

static double Gap((double Training, double Test) accuracy) => accuracy.Training - accuracy.Test;

static void Print(string name, (double Training, double Test) accuracy) => Console.WriteLine($"{name,-12}  {accuracy.Training,8:P1}{accuracy.Test,8:P1}{Gap(accuracy),8:P1}");

internal sealed class DigitImage
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Features { get; set; } = [];

    [LoadColumn(64)]
    public float Label { get; set; }
}
