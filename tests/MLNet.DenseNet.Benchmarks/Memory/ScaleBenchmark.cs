using System.Globalization;
using Microsoft.ML;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// How the time of an epoch and the memory of a training grow with rows, columns, hidden units and classes, each over two decades: the exponents of power laws, from
/// least squares over the logarithms.
/// </summary>
/// <remarks>Memory is the peak resident memory less what was resident after a short training, so the runtime and compiled code are left out. Each point is a process of its own.</remarks>
internal static class ScaleBenchmark
{
    private static readonly Dimension[] Dimensions =
    [
        new("rows", DataCaching.Memory, [20_000, 63_000, 200_000, 632_000, 2_000_000], (value, s) => s with { Rows = value }),
        // Rows so wide that the fewest already fill the blocks of memory that streaming has.
        new("rows", DataCaching.Stream, [20_000, 63_000, 200_000, 632_000, 2_000_000], (value, s) => s with { Rows = value, Columns = 500 }),
        new("columns", DataCaching.Memory, [20, 63, 200, 632, 2000], (value, s) => s with { Columns = value }),
        new("hidden units", DataCaching.Memory, [20, 63, 200, 632, 2000], (value, s) => s with { Hidden = value }),
        new("classes", DataCaching.Memory, [20, 63, 200, 632, 2000], (value, s) => s with { Classes = value }),
    ];

    public static void Run()
    {
        for (var index = 0; index < Dimensions.Length; index++)
        {
            var dimension = Dimensions[index];
            var points = Array.ConvertAll(dimension.Values, value => ResidentMemory.MeasureInProcess(
                "scale-of", index.ToString(CultureInfo.InvariantCulture), value.ToString(CultureInfo.InvariantCulture)));
            Console.WriteLine(FormattableString.Invariant(
                $"{dimension.Name} ({dimension.Caching}): exponent of time {Exponent(dimension.Values, points, 1):F2}, of memory {Exponent(dimension.Values, points, 0):F2}"));
            foreach (var (value, point) in dimension.Values.Zip(points))
                Console.WriteLine(FormattableString.Invariant($"  {value,9:N0}: {point[1] * 1e3,8:F1} ms an epoch, {point[0] / (1 << 20),7:F1} MiB"));
        }
    }

    /// <summary>What each process does: prints bytes and seconds.</summary>
    public static void Measure(string dimension, string value)
    {
        var (_, caching, _, at) = Dimensions[int.Parse(dimension, CultureInfo.InvariantCulture)];
        var size = at(int.Parse(value, CultureInfo.InvariantCulture), new Size(Rows: 20_000, Columns: 50, Hidden: 128, Classes: 2));
        Train(size with { Rows = 2000 }, caching, epochs: 20);
        GC.Collect();
        var before = ResidentMemory.Current;
        var seconds = Train(size, caching, epochs: 4);
        ResidentMemory.Print(Math.Max(1, ResidentMemory.Peak - before), seconds);
    }

    private static double Train(Size size, DataCaching caching, int epochs)
    {
        var mlContext = new MLContext(seed: 1);
        var summaries = new List<EpochSummary>();
        mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(GeneratedRow.Class),
            HiddenLayers = [size.Hidden, 64],
            BatchSize = 64,
            NumberOfEpochs = epochs,
            NumberOfThreads = 1,
            DataCaching = caching,
            EpochCompleted = summaries.Add,
        }).Fit(GeneratedRow.View(mlContext, size.Rows, size.Columns, size.Classes));
        return summaries.Min(epoch => size.Rows / epoch.RowsPerSecond);
    }

    private static double Exponent(int[] values, double[][] points, int column)
    {
        var logarithms = values.Zip(points, (value, point) => (X: Math.Log(value), Y: Math.Log(point[column]))).ToArray();
        var (x, y) = (logarithms.Average(l => l.X), logarithms.Average(l => l.Y));
        return logarithms.Sum(l => (l.X - x) * (l.Y - y)) / logarithms.Sum(l => (l.X - x) * (l.X - x));
    }

    private sealed record Dimension(string Name, DataCaching Caching, int[] Values, Func<int, Size, Size> At);

    private sealed record Size(int Rows, int Columns, int Hidden, int Classes);
}
