// Learns 200 digits by heart with a network far too large for them, sees it in verdict and report, and tries each remedy in turn.
// The report and the pictures go into the folder given, or into one for temporary files.

using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLNet.DenseNet;
using Overfitting;

const int FewRows = 200;
const double WrongLabels = 0.15;

var folder = (args is [var given, ..] ? Directory.CreateDirectory(given) : Directory.CreateTempSubdirectory("MLNet.DenseNet.")).FullName;
var mlContext = new MLContext(seed: 1);
var text = mlContext.Data.LoadFromTextFile<DigitImage>(Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
var images = mlContext.Data.CreateEnumerable<DigitImage>(text, reuseRowObject: false).ToArray();

// Some labels are wrong, as those of people in a hurry are: they follow no rule, so they can only be learned by heart.
var random = new Random(1);
random.Shuffle(images);
foreach (var image in images)
{
    if (random.NextDouble() < WrongLabels)
        image.Label = (image.Label + random.Next(1, 10)) % 10;
}

// Validation rows choose between models, which then are no longer strangers to them; only the test set tells what to expect of new rows.
var keys = mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(text);
var (validation, test, many, few) = (View(images[..300]), View(images[300..900]), View(images[900..]), View(images[900..(900 + FewRows)]));

Console.WriteLine($"{FewRows} rows to learn from, 300 to validate with, 600 to test with; {WrongLabels:P0} of all labels are wrong, so that nothing honest does better than {1 - WrongLabels:P0}.");
var tooLarge = Train("too large", few, TooLarge(o => o.RecordDiagnostics = true));
Console.WriteLine(tooLarge.History.Network);
Console.WriteLine(tooLarge.History.Verdict);
tooLarge.History.SaveReport(Path.Combine(folder, "training.html"), title: "A network too large for its rows");
var charts = Directory.CreateTempSubdirectory("charts");
tooLarge.History.SaveCharts(charts.FullName);
File.Copy(Path.Combine(charts.FullName, "loss.svg"), Path.Combine(folder, "loss.svg"), overwrite: true);
charts.Delete(recursive: true);
Console.WriteLine($"The report is {Path.Combine(folder, "training.html")}");

Console.WriteLine();
Console.WriteLine("Each remedy by itself; of several strengths, the one with the smallest loss on the validation rows is kept.");
Console.WriteLine(Trial.Header);
Console.WriteLine(tooLarge);
Trial[] remedies =
[
    Best(Train($"more data: {images.Length - 900} rows", many, TooLarge())),
    Best([.. ((float[])[0.3f, 0.6f, 1]).Select(noise => Train($"augmentation with noise of {noise}", few, TooLarge(o => o.Augmentation = new ImageAugmentation(width: 8, height: 8, rotation: 15, zoom: 0.15f, noise: noise))))]),
    Best([.. ((int[][])[[32], [16], [8], [4]]).Select(layers => Train($"smaller: {string.Join(", ", layers)} hidden units", few, TooLarge(o => o.HiddenLayers = layers)))]),
    Best([.. ((float[])[0.3f, 0.5f, 0.7f]).Select(rate => Train($"dropout: {rate:P0} of the units", few, TooLarge(o => o.DropoutRate = rate)))]),
    Best([.. ((float[])[0.3f, 3, 10]).Select(decay => Train($"weight decay: {decay}", few, TooLarge(o => o.WeightDecay = decay)))]),
    Best(Train("early stopping", few, TooLarge(o => o.EarlyStopping = new EarlyStopping(patience: 10)))),
];

Console.WriteLine();
Console.WriteLine("What was kept:");
Console.WriteLine(Trial.Header);
foreach (var trial in (Trial[])[tooLarge, .. remedies])
    Console.WriteLine(trial);
Console.WriteLine("The smaller network:");
Console.WriteLine(remedies.MinBy(remedy => remedy.History.Network!.ParameterCount)!.History.Network);
GapChart.Save([tooLarge, .. remedies], Path.Combine(folder, "remedies.svg"));

return tooLarge.History.Verdict.Fit == TrainingFit.Overfits && remedies.All(remedy => remedy.Gap < 0.9 * tooLarge.Gap && remedy.Test >= tooLarge.Test) ? 0 : 1;

IDataView View(DigitImage[] rows) => keys.Transform(mlContext.Data.LoadFromEnumerable(rows));

static DenseNeuralNetOptions TooLarge(Action<DenseNeuralNetOptions>? remedy = null)
{
    var options = new DenseNeuralNetOptions { HiddenLayers = [256, 128], NumberOfEpochs = 60, WeightDecay = 0, Verbosity = Verbosity.Silent };
    remedy?.Invoke(options);
    return options;
}

Trial Train(string name, IDataView rows, DenseNeuralNetOptions options)
{
    options.ValidationSet = validation;
    var model = mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options).Fit(rows);
    var validated = Evaluate(validation);
    return new Trial(name, model.Model.History!, Evaluate(rows).MicroAccuracy, validated.MicroAccuracy, validated.LogLoss, Evaluate(test).MicroAccuracy);

    Microsoft.ML.Data.MulticlassClassificationMetrics Evaluate(IDataView set) => mlContext.MulticlassClassification.Evaluate(model.Transform(set));
}

static Trial Best(params Trial[] trials)
{
    foreach (var trial in trials)
        Console.WriteLine(trial);
    return trials.MinBy(trial => trial.ValidationLoss)!;
}
