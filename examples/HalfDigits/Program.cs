// Completes handwritten digits: predicts the 32 pixels of an image's lower half from those of its upper half, with a loss of its own.

using HalfDigits;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var text = mlContext.Data.LoadFromTextFile<HalfImage>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
var data = mlContext.Data.LoadFromEnumerable(mlContext.Data.CreateEnumerable<HalfImage>(text, reuseRowObject: false).Select(image => image.Scaled()));
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);
var validation = mlContext.Data.TrainTestSplit(split.TrainSet, testFraction: 0.1);

// The label is a vector, hence a regression of as many outputs. Pixels are between 0 and 1, and so is what a sigmoid puts out.
var trainer = mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions
{
    LabelColumnName = "Lower",
    FeatureColumnName = "Upper",
    HiddenLayers = [256],
    Activation = Activation.SiLU,
    OutputActivation = Activation.Sigmoid,
    Loss = new LogCoshLoss(),
    DropoutRate = 0.2f,
    LearningRate = 0.003f,
    NumberOfEpochs = 60,
    Seed = 7,
    ValidationSet = validation.TestSet,
    EarlyStopping = new EarlyStopping(patience: 5),
});
mlContext.Log += (_, line) =>
{
    if (line.Kind == ChannelMessageKind.Info)
        Console.WriteLine(line.RawMessage);
};
var model = trainer.Fit(validation.TrainSet);

var scored = model.Transform(split.TestSet);
foreach (var image in mlContext.Data.CreateEnumerable<CompletedImage>(scored, reuseRowObject: false).Take(3))
{
    Console.WriteLine();
    Console.WriteLine("drawn             completed");
    for (var row = 0; row < 8; row++)
        Console.WriteLine($"{Row([.. image.Upper, .. image.Lower], row)}  {Row([.. image.Upper, .. image.Score], row)}");
}

var metrics = mlContext.Regression.EvaluateMultiOutput(scored, "Lower");
var best = metrics.Outputs.Select((output, pixel) => (output.RSquared, pixel)).Where(output => !double.IsNaN(output.RSquared)).Max();
Console.WriteLine($"On the test set: root mean squared error of a pixel {metrics.Overall.RootMeanSquaredError:F4}; the pixel foretold best is that of row {4 + best.pixel / 8}, column {best.pixel % 8}, R-squared {best.RSquared:F4}");
return metrics.Overall.RootMeanSquaredError <= 0.2 ? 0 : 1;

static string Row(float[] pixels, int row) =>
    string.Concat(pixels[(8 * row)..(8 * row + 8)].Select(pixel => new string(" .:-=+*#%@"[(int)(pixel * 9)], 2)));

internal sealed class HalfImage
{
    [LoadColumn(0, 31), VectorType(32)]
    public float[] Upper { get; set; } = [];

    [LoadColumn(32, 63), VectorType(32)]
    public float[] Lower { get; set; } = [];

    public HalfImage Scaled() => new() { Upper = Array.ConvertAll(Upper, pixel => pixel / 16), Lower = Array.ConvertAll(Lower, pixel => pixel / 16) };
}

internal sealed class CompletedImage
{
    public float[] Upper { get; set; } = [];

    public float[] Lower { get; set; } = [];

    public float[] Score { get; set; } = [];
}
