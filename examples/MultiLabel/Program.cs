// Tells which digits are in an image of two handwritten ones over each other: ten labels, of which any number may be true. Then what the network has learned helps a linear trainer, which has few images, to add the two.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var digits = mlContext.Data.LoadFromTextFile<Digit>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(digits, testFraction: 0.25);
var training = Pairs(split.TrainSet, count: 6000, seed: 1);
var test = Pairs(split.TestSet, count: 1000, seed: 2);

// A vector of bool is the label of a multi-label classification. Pairs with the same first image are held out together while training: whoever has learned some of them knows it in the others.
var model = mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Digits", SamplingKeyColumnName = "FirstImage" }).Fit(training);
var metrics = mlContext.BinaryClassification.EvaluateMultiLabel(model.Transform(test), "Digits");
Console.WriteLine(metrics);

// Whoever must not miss a digit takes lower thresholds than one half.
var careful = mlContext.BinaryClassification.ChangeModelThresholds(model, [.. Enumerable.Repeat(0.2f, 10)]);
Console.WriteLine($"Of the digits {Found(model):P1} are found, with a threshold of 0.2 {Found(careful):P1}");

foreach (var row in mlContext.Data.CreateEnumerable<Prediction>(model.Transform(test), reuseRowObject: false).Take(5))
    Console.WriteLine($"  {Names(row.Digits),-6} is read as {Names(row.PredictedLabel),-8} {string.Join(", ", row.Probability.Index().Where(digit => digit.Item > 0.1).Select(digit => $"{digit.Index}: {digit.Item:P0}"))}");

// The last hidden layer knows digits; to a linear trainer of another task it says more than pixels do.
var extracting = mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Fit(training);
var few = extracting.Transform(Pairs(split.TrainSet, count: 300, seed: 3));
var (ofPixels, ofHidden) = (Sum("Features"), Sum("HiddenFeatures"));
Console.WriteLine($"The sum of both digits by a linear trainer with 300 images, R-squared: {ofPixels:F3} from pixels, {ofHidden:F3} from the last hidden layer");

return metrics.MicroF1 >= 0.82 && Found(careful) > Found(model) && ofHidden >= ofPixels + 0.15 ? 0 : 1;

double Sum(string features)
{
    var linear = mlContext.Transforms.NormalizeMeanVariance(features).Append(mlContext.Regression.Trainers.Sdca("Sum", features, l2Regularization: 0.1f)).Fit(few);
    return mlContext.Regression.Evaluate(linear.Transform(extracting.Transform(test)), "Sum").RSquared;
}

double Found(ITransformer classifier) => mlContext.Data.CreateEnumerable<Prediction>(classifier.Transform(test), reuseRowObject: true)
    .SelectMany(row => row.Digits.Zip(row.PredictedLabel).Where(digit => digit.First)).Average(digit => digit.Second ? 1.0 : 0);

static string Names(bool[] labels) => string.Join(" + ", labels.Index().Where(digit => digit.Item).Select(digit => digit.Index));

// Each pixel is as dark as the darker of both.
IDataView Pairs(IDataView images, int count, int seed)
{
    var random = new Random(seed);
    var all = mlContext.Data.CreateEnumerable<Digit>(images, reuseRowObject: false).ToArray();
    return mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
    {
        var (first, second) = (random.Next(all.Length), random.Next(all.Length));
        var (one, other) = (all[first], all[second]);
        return new Pair { FirstImage = (uint)first, Features = [.. one.Pixels.Zip(other.Pixels, Math.Max)], Digits = [.. Enumerable.Range(0, 10).Select(digit => digit == one.Number || digit == other.Number)], Sum = one.Number + other.Number };
    }).ToArray());
}

internal sealed class Digit
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Pixels { get; set; } = [];

    [LoadColumn(64)]
    public float Number { get; set; }
}

internal class Pair
{
    /// <summary>Which of the images, from 0.</summary>
    public uint FirstImage { get; set; }

    [VectorType(64)]
    public float[] Features { get; set; } = [];

    [VectorType(10)]
    public bool[] Digits { get; set; } = [];

    public float Sum { get; set; }
}

internal sealed class Prediction : Pair
{
    [VectorType(10)]
    public bool[] PredictedLabel { get; set; } = [];

    [VectorType(10)]
    public float[] Probability { get; set; } = [];
}
