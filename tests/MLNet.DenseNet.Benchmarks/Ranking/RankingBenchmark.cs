using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>How well DenseNeuralNet() ranks by default, next to a regression of the relevance and to ML.NET's rankers: NDCG on queries that were not learned from, the mean of three seeds.</summary>
internal static class RankingBenchmark
{
    private const int Repetitions = 3;

    private static readonly int[] Levels = [1, 3, 5, 10];

    private static readonly (string Name, Func<MLContext, int, IEstimator<ITransformer>> Create)[] Trainers =
    [
        ("DenseNeuralNet()", (ml, seed) => ml.Ranking.Trainers.DenseNeuralNet(seed: seed)),
        ("a regression of the relevance by DenseNeuralNet()", (ml, seed) => ml.Regression.Trainers.DenseNeuralNet(seed: seed)),
        ("LightGbm", (ml, _) => ml.Ranking.Trainers.LightGbm(rowGroupColumnName: nameof(RankedRow.GroupId))),
        ("FastTree", (ml, _) => ml.Ranking.Trainers.FastTree(rowGroupColumnName: nameof(RankedRow.GroupId))),
    ];

    public static void Run(string[] names)
    {
        foreach (var queries in (int[])[50, 200, 1000])
            Run(FormattableString.Invariant($"{queries:N0} made queries"), names, seed => (MadeQueries.Create(queries, seed), MadeQueries.Create(500, seed + 1000)));
        if (Films.Load() is { } films)
            Run($"films of {films.Training.DistinctBy(row => row.GroupId).Count()} users", names, _ => films);
        else
            Console.WriteLine("\nThe films of MovieLens are left out: they need R and Debian's r-cran-dslabs.");
    }

    private static void Run(string set, string[] names, Func<int, (List<RankedRow> Training, List<RankedRow> Test)> load)
    {
        Console.WriteLine($"\n| {set} | {string.Join(" | ", Levels.Select(level => $"NDCG@{level}"))} | seconds to fit |\n| --- |{string.Concat(Levels.Select(_ => " --- |"))} --- |");
        foreach (var (name, create) in Trainers.Where(trainer => names.Length == 0 || names.Contains(trainer.Name)))
        {
            var results = Enumerable.Range(1, Repetitions).Select(seed => Measure(load(seed), ml => create(ml, seed))).ToArray();
            Write(name, [.. Levels.Select((_, i) => results.Average(result => result.Ndcg[i]))], results.Min(result => result.Seconds));
        }

        if (load(1).Test.Exists(row => float.IsNaN(row.Truth)))
            return;
        var best = Enumerable.Range(1, Repetitions).Select(seed => Best(load(seed).Test)).ToArray();
        Write("what the labels were drawn from", [.. Levels.Select((_, i) => best.Average(ndcg => ndcg[i]))], null);
    }

    private static void Write(string name, double[] ndcg, double? seconds) =>
        Console.WriteLine(FormattableString.Invariant($"| {name} | {string.Join(" | ", ndcg.Select(value => value.ToString("F4", System.Globalization.CultureInfo.InvariantCulture)))} | {seconds:F1} |"));

    private static (double[] Ndcg, double Seconds) Measure((List<RankedRow> Training, List<RankedRow> Test) set, Func<MLContext, IEstimator<ITransformer>> create)
    {
        var ml = new MLContext(seed: 1);
        var (training, test) = (View(ml, set.Training), View(ml, set.Test));
        var start = Stopwatch.GetTimestamp();
        var model = create(ml).Fit(training);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (Ndcg(ml, model.Transform(test), "Score"), seconds);
    }

    private static double[] Best(List<RankedRow> rows)
    {
        var ml = new MLContext(seed: 1);
        return Ndcg(ml, View(ml, rows), nameof(RankedRow.Truth));
    }

    private static double[] Ndcg(MLContext ml, IDataView scored, string score)
    {
        var metrics = ml.Ranking.Evaluate(scored, new RankingEvaluatorOptions { DcgTruncationLevel = Levels[^1] }, rowGroupColumnName: nameof(RankedRow.GroupId), scoreColumnName: score);
        return [.. Levels.Select(level => metrics.NormalizedDiscountedCumulativeGains[level - 1])];
    }

    private static IDataView View(MLContext ml, List<RankedRow> rows)
    {
        var schema = SchemaDefinition.Create(typeof(RankedRow));
        schema[nameof(RankedRow.GroupId)].ColumnType = new KeyDataViewType(typeof(uint), uint.MaxValue);
        schema[nameof(RankedRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }
}
