using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// Times ML.NET's Fit on data views in memory, and what of it is not epochs of training: above all the way of the rows from ML.NET's cursor into the engine's
/// block, whose memory the system hands out meanwhile, and the checks of the data.
/// </summary>
internal static class FitBenchmark
{
    private const int Inputs = 784;
    private const int Samples = 5;

    public static void Run()
    {
        var mlContext = new MLContext(seed: 1);
        var workload = Workload.All.Single(w => w.Name == "W3");
        var rows = workload.Classes.Select((label, i) => new Row { Features = workload.Features[(i * Inputs)..((i + 1) * Inputs)], Label = (uint)label }).ToArray();
        var list = mlContext.Data.LoadFromEnumerable(rows);
        Measure(mlContext, workload, "LoadFromEnumerable", list);
        Measure(mlContext, workload, "Cache", mlContext.Data.Cache(list));
    }

    private static void Measure(MLContext mlContext, Workload workload, string name, IDataView data)
    {
        // The first pass fills the cache.
        ReadRows(data);
        var reading = Turns.Median(Enumerable.Range(0, Samples).Select(_ => Seconds(() => ReadRows(data))));
        Console.WriteLine(FormattableString.Invariant($"{name,-18} {data.GetRowCount()} x {Inputs}: the bare cursor takes {reading * 1e3:F1} ms"));
        foreach (var epochs in (int[])[1, 10])
        {
            foreach (var threads in (int[])[1, 2])
            {
                Fit(epochs, threads);
                var samples = Enumerable.Range(0, Samples).Select(_ => Fit(epochs, threads)).ToArray();
                var total = Turns.Median(samples.Select(s => s.Total));
                var others = samples.Select(s => s.Total - s.Training).ToArray();
                Console.WriteLine(FormattableString.Invariant(
                    $"{name,-18} Fit of {epochs,2} epoch(s), {threads} thread(s): {total * 1e3,7:F1} ms, of which not in epochs {Turns.Median(others) * 1e3,5:F1} ({others.Min() * 1e3:F1} to {others.Max() * 1e3:F1}): {Turns.Median(others) / total:P1}"));
            }
        }

        (double Total, double Training) Fit(int epochs, int threads)
        {
            var training = TimeSpan.Zero;
            var options = new DenseNeuralNetOptions
            {
                HiddenLayers = workload.Units[1..^1],
                Optimizer = new StochasticGradientDescent(),
                BatchSize = workload.BatchSize,
                NumberOfEpochs = epochs,
                NumberOfThreads = threads,
                EpochCompleted = epoch => training = epoch.Elapsed,
            };
            var trainer = mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options);
            return (Seconds(() => trainer.Fit(data)), training.TotalSeconds);
        }
    }

    private static void ReadRows(IDataView data)
    {
        var (label, features) = (data.Schema["Label"], data.Schema["Features"]);
        using var cursor = data.GetRowCursor([label, features]);
        var (getLabel, getFeatures) = (cursor.GetGetter<uint>(label), cursor.GetGetter<VBuffer<float>>(features));
        var (key, values) = (0u, default(VBuffer<float>));
        while (cursor.MoveNext())
        {
            getLabel(ref key);
            getFeatures(ref values);
        }
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed class Row
    {
        [VectorType(Inputs)]
        public float[] Features { get; set; } = [];

        [KeyType(10)]
        public uint Label { get; set; }
    }
}
