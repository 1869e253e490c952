using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times predictions: of one row and of a thousand, through the engine, ML.NET's PredictionEngine, ONNX Runtime and ML.NET's tree trainers.</summary>
internal static class PredictionBenchmark
{
    public static void Run()
    {
        var small = new Workload("P1", 1000, [14, 64, 32, 1], 32, IsClassification: false);
        var large = new Workload("P2", 1000, [784, 512, 256, 10], 32);
        Engine(small, rows: 1, threads: 1);
        ThroughMLNet();
        Engine(large, rows: 1000, threads: 1);
        Engine(large, rows: 1000, threads: 2);
        var images = Workload.Named(["C1"]).Single();
        Engine(images, rows: 1000, threads: 1);
        Engine(images, rows: 1000, threads: 2);
    }

    private static void Engine(Workload workload, int rows, int threads)
    {
        var peak = Peak.Measure(threads);
        var network = workload.CreateNetwork();
        using var workspace = network.CreateWorkspace(rows, threads, keepsOutputs: false);
        var inputs = workload.Features[..(rows * workload.Units[0])];
        var ours = Microseconds(() => network.Forward(inputs, workspace));
        var operations = 2.0 * rows * workload.ForwardMultiplyAdds;
        var what = $"{workload.Name} {rows} row(s), {threads} thread(s)";
        Print($"{what}, engine", ours, FormattableString.Invariant($"{ours * 1e-6 * peak / operations:F2} times the floor (peak {peak / 1e9:F1} GFLOP/s)"));

        using var file = new MemoryStream();
        network.SaveOnnx(file);
        using var settings = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        using var session = new InferenceSession(file.ToArray(), settings);
        using var run = new RunOptions();
        var outputs = new float[rows * workload.Units[^1]];
        using var x = OrtValue.CreateTensorValueFromMemory(inputs, [rows, .. network.InputShape.Dimensions.ToArray().Select(extent => (long)extent)]);
        using var y = OrtValue.CreateTensorValueFromMemory(outputs, [rows, workload.Units[^1]]);
        string[] inputNames = ["input"], outputNames = ["output"];
        OrtValue[] inputValues = [x], outputValues = [y];
        var theirs = Microseconds(() => session.Run(run, inputNames, inputValues, outputNames, outputValues));
        Print($"{what}, ONNX Runtime", theirs, FormattableString.Invariant($"{theirs / ours:F1} times ours"));
    }

    private static void ThroughMLNet()
    {
        var mlContext = new MLContext(seed: 1);
        var random = new Random(1);
        var rows = Enumerable.Range(0, 2000).Select(_ => new Row { Features = [.. Enumerable.Range(0, 14).Select(_ => random.NextSingle())], Label = random.NextSingle() }).ToArray();
        var data = mlContext.Data.LoadFromEnumerable(rows);
        var trainers = mlContext.Regression.Trainers;
        var ours = Time(trainers.DenseNeuralNet(hiddenLayers: [64, 32], numberOfEpochs: 1), "P1b 1 row, PredictionEngine, ours", null);
        Time(trainers.LightGbm(), "P1b 1 row, PredictionEngine, LightGbm", ours);
        Time(trainers.FastTree(), "P1b 1 row, PredictionEngine, FastTree", ours);

        double Time(IEstimator<ITransformer> trainer, string name, double? ours)
        {
            using var engine = mlContext.Model.CreatePredictionEngine<Row, Prediction>(trainer.Fit(data));
            var (index, prediction) = (0, new Prediction());
            var time = Microseconds(() => engine.Predict(rows[index++ % rows.Length], ref prediction));
            Print(name, time, ours is null ? "" : FormattableString.Invariant($"{time / ours:F1} times ours"));
            return time;
        }
    }

    /// <summary>The median of many samples, taken twice: by the second time the runtime has compiled everything for good.</summary>
    private static double Microseconds(Action action)
    {
        MedianOfSamples(action);
        Thread.Sleep(300);
        return MedianOfSamples(action);
    }

    private static double MedianOfSamples(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10; i++)
            action();
        var repetitions = (int)Math.Max(1, 0.02 / (Stopwatch.GetElapsedTime(start).TotalSeconds / 10));
        var samples = new List<double>();
        for (var sample = 0; sample < 15; sample++)
        {
            start = Stopwatch.GetTimestamp();
            for (var i = 0; i < repetitions; i++)
                action();
            samples.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / repetitions);
        }

        return samples.Order().ElementAt(samples.Count / 2);
    }

    private static void Print(string name, double microseconds, string remark) =>
        Console.WriteLine($"{name,-40} {microseconds.ToString("F3", CultureInfo.InvariantCulture),10} microseconds  {remark}");

    private sealed class Row
    {
        [VectorType(14)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
