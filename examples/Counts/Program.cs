// How many claims drivers make, who were insured for different parts of a year: a Poisson regression whose exposure is that time, next to ML.NET's linear one. The drivers are made here.

using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet;

var mlContext = new MLContext(seed: 1);
var training = Drivers(count: 20_000, seed: 1);
var test = Drivers(count: 20_000, seed: 2);

// The label is the rate, claims a year, and each row counts as much as it was insured: that is the model of counts whose exposure is this time.
var features = mlContext.Transforms.Expression("Rate", "(claims, years) => claims / years", "Claims", "Years")
    .Append(mlContext.Transforms.Categorical.OneHotEncoding("Place"))
    .Append(mlContext.Transforms.Concatenate("Features", "Age", "Horsepower", "Place"));
var network = mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Rate", ExampleWeightColumnName = "Years", Loss = new PoissonLoss() });
var linear = mlContext.Transforms.NormalizeMeanVariance("Features").Append(mlContext.Regression.Trainers.LbfgsPoissonRegression("Rate", exampleWeightColumnName: "Years"));

var model = features.Append(network).Fit(training);
var byNetwork = ExpectedClaims(model.Transform(test));
var byLinear = ExpectedClaims(features.Append(linear).Fit(training).Transform(test));

// How far expected claims are from those made, as likelihood has it; 0 of what can be known is one rate for all, 1 are the rates that the claims were made by.
var (claims, years, rates) = (Column("Claims"), Column("Years"), Column("TrueRate"));
var byTruth = rates.Zip(years, (rate, time) => rate * time).ToArray();
var byMean = years.Select(time => time * claims.Sum() / years.Sum()).ToArray();
Console.WriteLine("                      mean deviance   of what can be known");
foreach (var (name, expected) in new[] { ("one rate for all", byMean), ("LbfgsPoissonRegression", byLinear), ("DenseNeuralNet", byNetwork), ("the true rates", byTruth) })
    Console.WriteLine($"{name,-22} {Deviance(expected),12:F4} {Known(expected),22:P0}");

Console.WriteLine("Claims of drivers who were insured for");
foreach (var quarter in Enumerable.Range(0, claims.Length).GroupBy(row => Math.Min(3, (int)(4 * years[row]))).OrderBy(rows => rows.Key))
    Console.WriteLine($"  {quarter.Key / 4.0:F2} to {(quarter.Key + 1) / 4.0:F2} years: {quarter.Sum(row => claims[row]):N0}, expected {quarter.Sum(row => byNetwork[row]):N0}");

// Of the whole, what one may expect is known better than what came.
var total = byNetwork.Sum() / byTruth.Sum();
return Known(byNetwork) >= 0.9 && Known(byNetwork) > Known(byLinear) && total is > 0.93f and < 1.07f ? 0 : 1;

float[] Column(string name) => [.. mlContext.Data.CreateEnumerable<Driver>(test, reuseRowObject: true).Select(driver => name switch { "Claims" => driver.Claims, "Years" => driver.Years, _ => driver.TrueRate })];

// The score is a rate; times the exposure it is the expected count.
float[] ExpectedClaims(IDataView scored) => [.. scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Years"), (rate, time) => rate * time)];

double Deviance(float[] expected) => 2 * claims.Zip(expected, (made, mean) => (made > 0 ? made * Math.Log(made / mean) : 0) - (made - mean)).Average();

double Known(float[] expected) => (Deviance(byMean) - Deviance(expected)) / (Deviance(byMean) - Deviance(byTruth));

// The young make most claims, in strong cars above all, and the oldest some more; in cities there are half as many again.
IDataView Drivers(int count, int seed)
{
    var random = new Random(seed);
    return mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
    {
        var (age, horsepower, place, time) = (18 + 62 * random.NextSingle(), 40 + 160 * random.NextSingle(), random.Next(3), 0.1f + 0.9f * random.NextSingle());
        var rate = (0.2 + Math.Exp((18 - age) / 6) * horsepower / 100 + 0.3 * Math.Exp((age - 80) / 6)) * (place == 0 ? 1.5 : 1);
        return new Driver { Age = age, Horsepower = horsepower, Place = ((string[])["city", "town", "village"])[place], Years = time, TrueRate = (float)rate, Claims = Events(rate * time, random) };
    }).ToArray());
}

// How many events of a Poisson process with so many on average: the times between them are exponential.
static int Events(double mean, Random random)
{
    var count = 0;
    for (var time = -Math.Log(1 - random.NextDouble()); time < mean; time -= Math.Log(1 - random.NextDouble()))
        count++;
    return count;
}

internal sealed class Driver
{
    public float Age { get; set; }

    public float Horsepower { get; set; }

    public string Place { get; set; } = "";

    /// <summary>How long the driver was insured.</summary>
    public float Years { get; set; }

    public float Claims { get; set; }

    /// <summary>Claims a year, which no model knows.</summary>
    public float TrueRate { get; set; }
}
