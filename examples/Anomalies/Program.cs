// Finds images with a fault among handwritten digits, having seen faultless ones only and no label: a network puts out its own features through a narrow layer, and does badly where they are unlike those that it knows.

using Microsoft.ML;
using Microsoft.ML.Data;

const int Side = 8;
const int Darkest = 16;

var mlContext = new MLContext(seed: 1);
var digits = mlContext.Data.LoadFromTextFile<Image>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(digits, testFraction: 0.3);
var test = WithFaults(split.TestSet, seed: 1);

// Of a hundred faultless images, five may be reported.
var model = mlContext.AnomalyDetection.Trainers.DenseNeuralNet(contamination: 0.05f).Fit(split.TrainSet);
var scored = model.Transform(test);
var metrics = mlContext.AnomalyDetection.Evaluate(scored, labelColumnName: "IsFaulty");
Console.WriteLine($"area under the ROC curve: {metrics.AreaUnderRocCurve:F3}");

// What a pixel contributes to the score is its own error, which says where the fault is.
var explained = mlContext.Transforms.CalculateDenseNeuralNetContribution(model, numberOfPositiveContributions: Side * Side).Fit(scored).Transform(scored);
var images = mlContext.Data.CreateEnumerable<JudgedImage>(explained, reuseRowObject: false).ToArray();
var faulty = images.Where(image => image.IsFaulty > 0).ToArray();
Console.WriteLine($"reported: {Share(faulty, image => image.PredictedLabel):P0} of those with a fault, {Share(images.Except(faulty), image => image.PredictedLabel):P0} of the others");
var atFault = Share(faulty, image => InFault(image, Array.IndexOf(image.FeatureContributions, image.FeatureContributions.Max())));
Console.WriteLine($"the pixel that contributes most lies in the fault: {atFault:P0}");

Console.WriteLine("One with a fault, and beside it what its pixels contribute:");
var worst = faulty.MaxBy(image => image.Score)!;
for (var row = 0; row < Side; row++)
    Console.WriteLine($"  {Line(worst.Features, Darkest, row)}   {Line(worst.FeatureContributions, 1, row)}");

return metrics.AreaUnderRocCurve >= 0.9 && atFault >= 0.7 ? 0 : 1;

static double Share(IEnumerable<JudgedImage> images, Func<JudgedImage, bool> condition) => images.Average(image => condition(image) ? 1.0 : 0);

static bool InFault(JudgedImage image, int pixel) => pixel / Side - image.FaultTop is 0 or 1 && pixel % Side - image.FaultLeft is 0 or 1;

static string Line(float[] pixels, float most, int row) => string.Concat(pixels.Skip(row * Side).Take(Side).Select(pixel => new string(" .:*#"[(int)Math.Clamp(5 * pixel / most, 0, 4)], 2)));

// In every second image, two by two pixels are light instead of dark, and dark instead of light.
IDataView WithFaults(IDataView faultless, int seed)
{
    var random = new Random(seed);
    var images = mlContext.Data.CreateEnumerable<Image>(faultless, reuseRowObject: false).Select(image => new TestImage { Features = image.Features }).ToArray();
    foreach (var image in images.Where((_, index) => index % 2 == 0))
    {
        (image.IsFaulty, image.FaultTop, image.FaultLeft) = (1, random.Next(Side - 1), random.Next(Side - 1));
        foreach (var (down, right) in ((int, int)[])[(0, 0), (0, 1), (1, 0), (1, 1)])
        {
            ref var pixel = ref image.Features[(image.FaultTop + down) * Side + image.FaultLeft + right];
            pixel = Darkest - pixel;
        }
    }

    return mlContext.Data.LoadFromEnumerable(images);
}

internal sealed class Image
{
    [LoadColumn(0, 63), VectorType(64)]
    public float[] Features { get; set; } = [];
}

internal class TestImage
{
    [VectorType(64)]
    public float[] Features { get; set; } = [];

    /// <summary>1 or 0, as ML.NET's evaluation wants it.</summary>
    public float IsFaulty { get; set; }

    public int FaultTop { get; set; }

    public int FaultLeft { get; set; }
}

internal sealed class JudgedImage : TestImage
{
    public float Score { get; set; }

    public bool PredictedLabel { get; set; }

    [VectorType(64)]
    public float[] FeatureContributions { get; set; } = [];
}
