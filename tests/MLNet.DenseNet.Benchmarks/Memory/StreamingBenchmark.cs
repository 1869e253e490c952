using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// What streaming costs: the peak resident memory of a training on many rows next to one on few, and the time of an epoch next to reading the file alone and training
/// alone, which is training on the same rows in memory.
/// </summary>
/// <remarks>Reading and training overlap where there are two cores for them.</remarks>
internal static class StreamingBenchmark
{
    private const int Few = 100_000;
    private const int Many = 2_000_000;
    private const int Columns = 50;
    private const double MiB = 1 << 20;
    private const string Reading = "reading";

    private static readonly string[] Formats = ["idv", "txt"];

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("streaming");
        try
        {
            foreach (var format in Formats)
                Compare(folder.FullName, format);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What each process does: prints bytes and seconds.</summary>
    public static void Measure(string what, string path)
    {
        var mlContext = new MLContext(seed: 1);
        var data = Load(mlContext, path);
        if (what == Reading)
        {
            var start = Stopwatch.GetTimestamp();
            ReadRows(data);
            ResidentMemory.Print(ResidentMemory.Peak, Stopwatch.GetElapsedTime(start).TotalSeconds);
            return;
        }

        var epochs = new List<EpochSummary>();
        mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            HiddenLayers = [128, 64],
            BatchSize = 256,
            NumberOfEpochs = 3,
            NumberOfThreads = 1,
            DataCaching = Enum.Parse<DataCaching>(what),
            EpochCompleted = epochs.Add,
        }).Fit(data);
        ResidentMemory.Print(ResidentMemory.Peak, epochs.Min(epoch => Many / epoch.RowsPerSecond));
    }

    private static void Compare(string folder, string format)
    {
        var (few, many) = (Path.Combine(folder, $"few.{format}"), Path.Combine(folder, $"many.{format}"));
        Save(few, Few);
        Save(many, Many);
        Console.WriteLine(FormattableString.Invariant($"{format}: {Many:N0} rows of {Columns} features, {new FileInfo(many).Length / MiB:F0} MiB"));
        var (small, large) = (Peak(few), Peak(many));
        Console.WriteLine(FormattableString.Invariant($"  peak resident memory {large.Bytes / MiB:F0} MiB, of {Few:N0} rows {small.Bytes / MiB:F0}: {(large.Bytes - small.Bytes) / MiB:F0} more"));
        var reading = Best(Reading, many);
        var training = ResidentMemory.MeasureInProcess("streaming-of", nameof(DataCaching.Memory), many);
        Console.WriteLine(FormattableString.Invariant(
            $"  an epoch takes {large.Seconds:F2} s, {large.Seconds / Math.Max(reading, training[1]):F2} times the slower of reading alone {reading:F2} and training alone {training[1]:F2} ({training[0] / MiB:F0} MiB)"));
        File.Delete(few);
        File.Delete(many);
    }

    private static (double Bytes, double Seconds) Peak(string path)
    {
        var measured = ResidentMemory.MeasureInProcess("streaming-of", nameof(DataCaching.Stream), path);
        return (measured[0], measured[1]);
    }

    private static double Best(string what, string path) => Enumerable.Range(0, 3).Min(_ => ResidentMemory.MeasureInProcess("streaming-of", what, path)[1]);

    private static void Save(string path, int rows)
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Transforms.DropColumns(nameof(GeneratedRow.Class)).Fit(GeneratedRow.View(mlContext, 1, Columns)).Transform(GeneratedRow.View(mlContext, rows, Columns));
        using var file = File.Create(path);
        if (path.EndsWith("idv", StringComparison.Ordinal))
            mlContext.Data.SaveAsBinary(data, file);
        else
            mlContext.Data.SaveAsText(data, file, separatorChar: ',', headerRow: false, schema: false, forceDense: true);
    }

    private static IDataView Load(MLContext mlContext, string path) => path.EndsWith("idv", StringComparison.Ordinal)
        ? mlContext.Data.LoadFromBinary(path)
        : mlContext.Data.LoadFromTextFile(path, [new("Features", DataKind.Single, 0, Columns - 1), new("Label", DataKind.Single, Columns)], separatorChar: ',');

    private static void ReadRows(IDataView data)
    {
        var (label, features) = (data.Schema["Label"], data.Schema["Features"]);
        using var cursor = data.GetRowCursor([label, features]);
        var (getLabel, getFeatures) = (cursor.GetGetter<float>(label), cursor.GetGetter<VBuffer<float>>(features));
        var (value, values) = (0f, default(VBuffer<float>));
        while (cursor.MoveNext())
        {
            getLabel(ref value);
            getFeatures(ref values);
        }
    }
}
