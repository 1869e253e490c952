// Which loans are paid back: a table of numbers and categories, some of them missing, through one pipeline with a network and with LightGbm in turn; then one applicant, and what the answer rests on.

using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

string[] numbers = [nameof(Loan.Seniority), nameof(Loan.Term), nameof(Loan.Age), nameof(Loan.Expenses), nameof(Loan.Income), nameof(Loan.Assets), nameof(Loan.Debt), nameof(Loan.Amount), nameof(Loan.Price)];
string[] categories = [nameof(Loan.Home), nameof(Loan.Marital), nameof(Loan.Records), nameof(Loan.Job)];

// Empty fields are 0, unless the loader is told that they are missing.
var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Loan>(
    Path.Combine(AppContext.BaseDirectory, "loans.csv"), new TextLoader.Options { Separators = [','], HasHeader = true, MissingRealsAsNaNs = true });

// Categories become one column for each value. Numbers come as they are: networks and trees need neither a normalizer nor a replacement of missing values.
var features = mlContext.Transforms.Categorical.OneHotEncoding([.. categories.Select(name => new InputOutputColumnPair(name))])
    .Append(mlContext.Transforms.Concatenate("Features", [.. numbers, .. categories]));
var network = features.Append(mlContext.BinaryClassification.Trainers.DenseNeuralNet(nameof(Loan.Good)));
var trees = features.Append(mlContext.BinaryClassification.Trainers.LightGbm(nameof(Loan.Good)));

Console.WriteLine("5 folds          area under ROC   accuracy   log-loss in bits   seconds");
var ofNetwork = Judge("DenseNeuralNet", network);
var ofTrees = TryJudge("LightGbm", trees);

// The whole pipeline is one file: whoever loads it gives a row as it is, with a field that is not known.
var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);
mlContext.Model.Save(network.Fit(split.TrainSet), data.Schema, "loans.zip");
var model = mlContext.Model.Load("loans.zip", out _);
using var engine = mlContext.Model.CreatePredictionEngine<Loan, Answer>(model);
var applicant = new Loan { Seniority = 1, Home = "rent", Term = 48, Age = 24, Marital = "single", Records = "yes", Job = "fixed", Expenses = 45, Income = float.NaN, Assets = 0, Debt = 0, Amount = 1200, Price = 1500 };
var answer = engine.Predict(applicant);
var withoutRecords = engine.Predict(applicant with { Records = "no" });
Console.WriteLine($"An applicant pays back with a probability of {answer.Probability:P0}, without records of earlier trouble {withoutRecords.Probability:P0}.");

// What each column adds to the logit, compared with the mean row: those of a category add up.
var rows = mlContext.Data.LoadFromEnumerable([applicant]);
var scored = model.Transform(rows);
var explained = mlContext.Transforms.CalculateDenseNeuralNetContribution(model, numberOfPositiveContributions: 100, numberOfNegativeContributions: 100, normalize: false).Fit(scored).Transform(scored);
var slots = default(VBuffer<ReadOnlyMemory<char>>);
explained.Schema["FeatureContributions"].GetSlotNames(ref slots);
var contributions = slots.DenseValues().Zip(explained.GetColumn<float[]>("FeatureContributions").Single(), (slot, value) => (Column: slot.ToString().Split('.')[0], Value: value))
    .GroupBy(slot => slot.Column).Select(column => (Column: column.Key, Value: column.Sum(slot => slot.Value))).OrderByDescending(column => Math.Abs(column.Value)).ToArray();
Console.WriteLine($"To the logit, {answer.Score:F2}, most is added by {string.Join(", ", contributions.Take(4).Select(column => $"{column.Column} {column.Value:+0.00;-0.00}"))}.");

return ofNetwork.Area >= 0.83 && ofNetwork.LogLoss < (ofTrees?.LogLoss ?? 1) && answer.Probability < withoutRecords.Probability && contributions[0].Column == nameof(Loan.Records) ? 0 : 1;

(double Area, double LogLoss) Judge(string name, IEstimator<ITransformer> pipeline)
{
    var start = Stopwatch.GetTimestamp();
    var folds = mlContext.BinaryClassification.CrossValidate(data, pipeline, numberOfFolds: 5, nameof(Loan.Good)).Select(fold => fold.Metrics).ToArray();
    var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    var (area, logLoss) = (folds.Average(fold => fold.AreaUnderRocCurve), folds.Average(fold => fold.LogLoss));
    Console.WriteLine($"{name,-16} {area,14:F3} {folds.Average(fold => fold.Accuracy),10:P1} {logLoss,18:F3} {seconds,9:F1}");
    return (area, logLoss);
}

// LightGbm is native code, for some systems only.
(double Area, double LogLoss)? TryJudge(string name, IEstimator<ITransformer> pipeline)
{
    try
    {
        return Judge(name, pipeline);
    }
    catch (Exception fault) when (fault is DllNotFoundException || fault.InnerException is DllNotFoundException)
    {
        Console.WriteLine($"{name} is left out: its native library cannot be loaded here.");
        return null;
    }
}

/// <summary>A loan that was asked for, and whether it was paid back. The source of the data gives no units for amounts.</summary>
internal sealed record Loan
{
    /// <summary>Years in the same job.</summary>
    [LoadColumn(0)]
    public float Seniority { get; init; }

    [LoadColumn(1)]
    public string Home { get; init; } = "";

    /// <summary>Of the loan, in months.</summary>
    [LoadColumn(2)]
    public float Term { get; init; }

    [LoadColumn(3)]
    public float Age { get; init; }

    [LoadColumn(4)]
    public string Marital { get; init; } = "";

    /// <summary>Whether there are records of earlier trouble.</summary>
    [LoadColumn(5)]
    public string Records { get; init; } = "";

    [LoadColumn(6)]
    public string Job { get; init; } = "";

    [LoadColumn(7)]
    public float Expenses { get; init; }

    [LoadColumn(8)]
    public float Income { get; init; }

    [LoadColumn(9)]
    public float Assets { get; init; }

    [LoadColumn(10)]
    public float Debt { get; init; }

    /// <summary>Of the loan.</summary>
    [LoadColumn(11)]
    public float Amount { get; init; }

    /// <summary>Of what is bought with it.</summary>
    [LoadColumn(12)]
    public float Price { get; init; }

    [LoadColumn(13)]
    public bool Good { get; init; }
}

internal sealed class Answer
{
    public float Score { get; set; }

    public float Probability { get; set; }
}
