// Forecasts how many people will enter a station in the middle of Chicago, a day ahead: a recurrent network (LSTM) reads the four weeks before day by day; it has to beat the number of a week before,
// which is the seasonal naive forecast, and a linear model of the same four weeks.
// The picture goes into the folder given, or into the one for temporary files.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;
using TimeSeries;

var firstTestDay = new DateTime(2014, 9, 1);

var mlContext = new MLContext(seed: 1);
var series = mlContext.Data.LoadFromTextFile<Day>(Path.Combine(AppContext.BaseDirectory, "chicago-ridership.csv"), separatorChar: ',', hasHeader: true);

// A window looks only backwards, so that those of the test days may reach into the days before, as they do when the day comes.
var windows = mlContext.Transforms.StatefulCustomMapping<Day, Window, WindowBuilder>(WindowBuilder.Map, WindowBuilder.Start, contractName: null).Fit(series).Transform(series);
var full = mlContext.Data.FilterByCustomPredicate<Window>(windows, window => !window.IsFull);
var training = mlContext.Data.FilterByCustomPredicate<Day>(full, day => day.Date >= firstTestDay);
var test = mlContext.Data.FilterByCustomPredicate<Day>(full, day => day.Date < firstTestDay);

var linear = mlContext.Transforms.NormalizeMeanVariance("Features")
    .Append(mlContext.Regression.Trainers.Sdca(nameof(Day.Ridership)))
    .Fit(training);

// The features are 28 steps of 9 channels, and the type of their column says so.
var network = mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions
{
    LabelColumnName = nameof(Day.Ridership),
    Layers = [new LstmLayer(32)],
    LearningRate = 0.01f,
    NumberOfEpochs = 60,
}.ShowProgress()).Fit(training);
Console.WriteLine(network.GetDenseNeuralNet().Summary());

var forecasts = network.Transform(test);
Console.WriteLine($"People a day in thousands, from {firstTestDay:yyyy-MM-dd} on:");
Console.WriteLine($"{"forecast",-16} {"MAE",6} {"RMSE",6} {"R²",7}");
var naiveError = Print("a week before", test, nameof(Window.AWeekBefore));
var linearError = Print("linear", linear.Transform(test), "Score");
var networkError = Print("LSTM", forecasts, "Score");

var path = Path.Combine((args is [var folder, ..] ? Directory.CreateDirectory(folder) : Directory.CreateTempSubdirectory("MLNet.DenseNet.")).FullName, "ridership.svg");
ForecastChart.Save([.. mlContext.Data.CreateEnumerable<ForecastDay>(forecasts, reuseRowObject: false).TakeLast(8 * 7)], path);
Console.WriteLine($"The last eight weeks are drawn in {path}");
return IsClearlyBetterThan(naiveError) && IsClearlyBetterThan(linearError) ? 0 : 1;

RegressionMetrics Print(string name, IDataView scored, string scoreColumn)
{
    var metrics = mlContext.Regression.Evaluate(scored, nameof(Day.Ridership), scoreColumn);
    Console.WriteLine($"{name,-16} {metrics.MeanAbsoluteError,6:F3} {metrics.RootMeanSquaredError,6:F3} {metrics.RSquared,7:F4}");
    return metrics;
}

bool IsClearlyBetterThan(RegressionMetrics other) =>
    networkError.MeanAbsoluteError <= 0.9 * other.MeanAbsoluteError && networkError.RootMeanSquaredError <= 0.9 * other.RootMeanSquaredError;
