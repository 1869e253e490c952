using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>How well anomalies are told from normal rows, by the area under the ROC curve, next to ML.NET's RandomizedPca on standardized features.</summary>
internal static class AnomaliesBenchmark
{
    private const int Repetitions = 3;

    /// <param name="arguments">Words of which the name of a table must contain one; none for all.</param>
    public static void Run(string[] arguments)
    {
        Console.WriteLine("| table | rows learned | features | DenseNeuralNet | share of normal rows above its threshold, 5 % asked | RandomizedPca, a quarter of the features as rank | half | the best rank of all, found on the test rows | the best rank where its error is not divided by the size of the row |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var sets in AnomalySets.Load().Where(set => arguments.Length == 0 || arguments.Any(set.Name.Contains)).GroupBy(set => set.Name))
        {
            var results = sets.SelectMany(set => Enumerable.Range(1, Repetitions).Select(seed => Measure(set, seed))).ToArray();
            var first = sets.First();
            Console.WriteLine(FormattableString.Invariant(
                $"| {sets.Key} | {first.Normal.Length / 2} | {first.Inputs} | {results.Average(r => r.Net):F3} | {results.Average(r => r.Alarms):F3} | {results.Average(r => r.Quarter):F3} | {results.Average(r => r.Half):F3} | {results.Average(r => r.Best):F3} | {results.Average(r => r.BestAbsolute):F3} |"));
        }
    }

    private static (double Net, double Alarms, double Quarter, double Half, double Best, double BestAbsolute) Measure(AnomalySet set, int seed)
    {
        var mlContext = new MLContext(seed);
        var (training, test) = set.Divide(mlContext, seed);
        var scored = mlContext.AnomalyDetection.Trainers.DenseNeuralNet().Fit(training).Transform(test);
        var isNormal = scored.GetColumn<float>("Label").Select(label => label == 0).ToArray();
        var alarms = scored.GetColumn<bool>("PredictedLabel").Where((_, row) => isNormal[row]).Average(label => label ? 1.0 : 0);
        int[] ranks = [.. Enumerable.Range(0, 7).Select(power => 1 << power).Where(rank => rank < set.Inputs)];
        return (Area(scored), alarms, OfPca(Math.Max(1, set.Inputs / 4)), OfPca(set.Inputs / 2), ranks.Max(OfPca), ranks.Max(OfAbsoluteError));

        double OfPca(int rank) => Area(ByPca(rank));

        // The score is the error as a share of the distance from the mean row.
        double OfAbsoluteError(int rank)
        {
            var rows = ByPca(rank);
            var scores = rows.GetColumn<float>("Score").Zip(rows.GetColumn<float[]>("Features"), (score, row) => score * MathF.Sqrt(row.Sum(value => value * value)));
            return Area(mlContext.Data.LoadFromEnumerable(scores.Zip(rows.GetColumn<float>("Label"), (score, label) => new Scored { Score = score, Label = label }).ToArray()));
        }

        IDataView ByPca(int rank)
        {
            var pca = mlContext.Transforms.NormalizeMeanVariance("Features", useCdf: false, fixZero: false).Append(mlContext.AnomalyDetection.Trainers.RandomizedPca(rank: rank, seed: seed));
            return pca.Fit(training).Transform(test);
        }

        double Area(IDataView predictions) => mlContext.AnomalyDetection.Evaluate(predictions).AreaUnderRocCurve;
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public float Label { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
