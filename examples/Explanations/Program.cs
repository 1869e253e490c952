// Says what predictions rest on and how sure they are: which measures of a patient matter for the progression of diabetes, what each adds to one prediction, and intervals around it;
// then, for tumours, whether probabilities can be believed, another threshold, and a calibrator of ML.NET behind the network.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var report = args.Length > 0 ? Path.Combine(args[0], "explanations.html") : "explanations.html";
var mlContext = new MLContext(seed: 1);

// Columns with names, so that features have names too.
var data = Load("diabetes.csv", DataKind.Single, out var names);
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3);
var model = mlContext.Transforms.Concatenate("Features", names).Append(mlContext.Transforms.DenseNeuralNet()).Fit(split.TrainSet);
var scored = model.Transform(split.TestSet);

// Of the model as a whole: how much worse it is where a measure tells nothing.
var importance = mlContext.Regression.PermutationFeatureImportance(model, scored, permutationCount: 10);
Console.WriteLine("R-squared falls without");
foreach (var (name, change) in importance.OrderBy(feature => feature.Value.RSquared.Mean).Take(4))
    Console.WriteLine($"  {name,-14} by {-change.RSquared.Mean:F3} ± {change.RSquared.StandardDeviation:F3}");

// Of one patient: what each measure adds to the score, compared with the mean patient.
var explained = mlContext.Transforms.CalculateDenseNeuralNetContribution(model, numberOfPositiveContributions: names.Length, numberOfNegativeContributions: names.Length, normalize: false)
    .Fit(scored).Transform(scored);
var (score, contributions) = (scored.GetColumn<float>("Score").First(), explained.GetColumn<float[]>("FeatureContributions").First());
var meanPatient = score - contributions.Sum();
Console.WriteLine($"The first patient's score is {score:F1}: {meanPatient:F1} of the mean patient, and of");
foreach (var (name, contribution) in names.Zip(contributions).OrderByDescending(pair => Math.Abs(pair.Second)).Take(4))
    Console.WriteLine($"  {name,-14} {contribution:+0.0;-0.0}");

// How sure: an interval that holds nine of ten values.
var withIntervals = mlContext.Transforms.CalculatePredictionInterval(model, confidence: 0.9f).Fit(scored).Transform(scored);
var inside = withIntervals.GetColumn<float>("Label").Zip(withIntervals.GetColumn<float>("LowerBound"), withIntervals.GetColumn<float>("UpperBound"))
    .Average(row => row.First >= row.Second && row.First <= row.Third ? 1.0 : 0);
Console.WriteLine($"Intervals of 90 % hold {inside:P0} of the test set's values");

// That interval is as wide for each patient; one between quantiles is wider for those that are less sure. Of 300 patients its ends are learned too near to each other, as its evaluation tells.
var quantiles = mlContext.Transforms.Concatenate("Features", names).Append(mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { Loss = new MultiQuantileLoss(0.05f, 0.5f, 0.95f) })).Fit(split.TrainSet);
var ofQuantiles = mlContext.Regression.EvaluateQuantiles(quantiles.Transform(split.TestSet));
Console.WriteLine(ofQuantiles);

model.GetDenseNeuralNet().SaveReport(report, ReportEvaluation.FromPredictions(scored).With(ReportEvaluation.FromImportance(importance)), "Diabetes");
Console.WriteLine($"The report is {report}");

// Whoever must not miss a malignant tumour takes a lower threshold.
var tumours = mlContext.Data.TrainTestSplit(Load("breast-cancer.csv", DataKind.Boolean, out var measures), testFraction: 0.6);
var rest = mlContext.Data.TrainTestSplit(tumours.TestSet, testFraction: 0.5);
var features = mlContext.Transforms.Concatenate("Features", measures).Fit(tumours.TrainSet);
var classifier = mlContext.BinaryClassification.Trainers.DenseNeuralNet().Fit(features.Transform(tumours.TrainSet));
var careful = mlContext.BinaryClassification.ChangeModelThreshold(classifier, -5);
var (calibrationSet, testSet) = (features.Transform(rest.TrainSet), features.Transform(rest.TestSet));
var (usual, changed) = (Find(classifier), Find(careful));
Console.WriteLine($"Of malignant tumours {usual.Found:P1} are found, with a lower threshold {changed.Found:P1}; of those found, {usual.Malignant:P1} and {changed.Malignant:P1} are malignant");

// A calibrator makes probabilities anew of scores, by rows that the network did not learn from.
var calibrator = mlContext.BinaryClassification.Calibrators.Platt().Fit(classifier.Transform(calibrationSet));
var calibrated = mlContext.BinaryClassification.Evaluate(calibrator.Transform(classifier.Transform(testSet)));
var metrics = mlContext.BinaryClassification.Evaluate(classifier.Transform(testSet));
Console.WriteLine($"Log-loss {metrics.LogLoss:F3} bits, behind Platt's calibrator {calibrated.LogLoss:F3}");

var addsUp = Math.Abs(meanPatient - (scored.GetColumn<float>("Score").ElementAt(1) - explained.GetColumn<float[]>("FeatureContributions").ElementAt(1).Sum())) < 0.01;
return addsUp && inside is > 0.82 and < 0.97 && ofQuantiles.Interval!.Coverage is > 0.7 and < 0.97 && changed.Found > usual.Found && changed.Malignant < usual.Malignant ? 0 : 1;

// ML.NET's Evaluate goes by the sign of the score, whatever the threshold is.
(double Found, double Malignant) Find(ITransformer model)
{
    var predicted = model.Transform(testSet);
    var rows = predicted.GetColumn<bool>("Label").Zip(predicted.GetColumn<bool>("PredictedLabel")).ToArray();
    double right = rows.Count(row => row is (true, true));
    return (right / rows.Count(row => row.First), right / rows.Count(row => row.Second));
}

IDataView Load(string file, DataKind label, out string[] names)
{
    var path = Path.Combine(AppContext.BaseDirectory, file);
    names = File.ReadLines(path).First().Split(',')[..^1];
    TextLoader.Column[] columns = [.. names.Select((name, index) => new TextLoader.Column(name, DataKind.Single, index)), new("Label", label, names.Length)];
    return mlContext.Data.LoadFromTextFile(path, columns, separatorChar: ',', hasHeader: true);
}
