using System.Globalization;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// Sparse rows: the time of an epoch goes by the stored values, memory by them and by the parameters. 20,000 rows of 50 stored values each, as many at any
/// number of columns, one hidden layer of 64 units. Likewise numbers that are looked up: 50 of each row, in vectors of 64 units, of which the mean goes on.
/// </summary>
internal static class SparseBenchmark
{
    private const int Rows = 20_000;
    private const int StoredPerRow = 50;
    private const int HiddenUnits = 64;
    private const int Columns = 100_000;
    private const double MiB = 1 << 20;

    private static readonly int[] AllColumns = [Columns / 10, Columns, 10 * Columns];

    public static void Run()
    {
        foreach (var threads in (int[])[1, 2])
        {
            foreach (var optimizer in (Optimizer[])[new StochasticGradientDescent(), new Adam()])
            {
                Compare("columns", columns => (CreateNetwork(columns), CreateData(columns, Rows)), optimizer, threads);
                Compare("numbers looked up", vocabulary => (CreateLookup(vocabulary), CreateNumbers(vocabulary)), optimizer, threads);
            }
        }

        foreach (var columns in AllColumns)
        {
            var measured = ResidentMemory.MeasureInProcess("sparse-memory", columns.ToString(CultureInfo.InvariantCulture))[0];
            // Of the parameters, themselves and two values that Adam remembers of each; of the data, a value, a column and, of each row, where it starts and its class.
            var parameters = 3.0 * sizeof(float) * CreateNetwork(columns).ParameterCount;
            var data = 2.0 * sizeof(float) * Rows * (StoredPerRow + 1);
            Console.WriteLine(FormattableString.Invariant(
                $"{columns,9:N0} columns, Adam: peak memory {measured / MiB,6:F1} MiB; parameters and what is remembered of them {parameters / MiB,6:F1}, data {data / MiB,4:F1}, both written out {4.0 * Rows * columns / MiB,8:F1}"));
        }
    }

    /// <summary>What the process does: prints the bytes that a training took.</summary>
    public static void Measure(int columns)
    {
        Train(columns: 100, rows: 100, epochs: 50);
        GC.Collect();
        var before = ResidentMemory.Current;
        Train(columns, Rows, epochs: 1);
        ResidentMemory.Print(ResidentMemory.Peak - before);
    }

    private static void Compare(string kind, Func<int, (Network Network, Dataset Data)> create, Optimizer optimizer, int threads)
    {
        var seconds = Turns.Time(Array.ConvertAll(AllColumns, columns =>
        {
            var (network, data) = create(columns);
            return new PausingTraining(() => network, () => data, Options(optimizer, PausingTraining.Epochs, threads));
        }));
        var middle = seconds[Array.IndexOf(AllColumns, Columns)];
        foreach (var (columns, samples) in AllColumns.Zip(seconds))
        {
            var ratio = Turns.Ratio(samples, middle);
            Console.WriteLine(FormattableString.Invariant(
                $"{columns,9:N0} {kind}, {optimizer}, {threads} thread(s): {Turns.Median(samples) * 1e3,7:F1} ms an epoch ({samples.Min() * 1e3:F1} to {samples.Max() * 1e3:F1}), {ratio:F2} times that at {Columns:N0}"));
        }
    }

    private static void Train(int columns, int rows, int epochs) =>
        new NetworkTrainer(CreateNetwork(columns), Options(new Adam(), epochs, threads: 2)).Train(CreateData(columns, rows));

    private static TrainingOptions Options(Optimizer optimizer, int epochs, int threads) =>
        new() { Optimizer = optimizer, BatchSize = 32, NumberOfEpochs = epochs, NumberOfThreads = threads, Seed = 1 };

    private static Network CreateNetwork(int columns) => Network.Create(columns, [new DenseLayer(HiddenUnits, Activation.ReLU), new DenseLayer(2, Activation.Softmax)], seed: 1);

    private static Network CreateLookup(int vocabulary) =>
        Network.Create(StoredPerRow, [new EmbeddingLayer(vocabulary, HiddenUnits), new GlobalAveragePoolingLayer(), new DenseLayer(2, Activation.Softmax)], seed: 1);

    private static Dataset CreateNumbers(int vocabulary)
    {
        var random = new Random(1);
        float[] numbers = [.. Enumerable.Range(0, Rows * StoredPerRow).Select(_ => random.Next(vocabulary))];
        return Dataset.FromClasses(StoredPerRow, 2, numbers, Enumerable.Range(0, Rows).Select(_ => random.Next(2)).ToArray());
    }

    private static Dataset CreateData(int columns, int rows)
    {
        var random = new Random(1);
        var stored = new List<int>(rows * StoredPerRow);
        for (var row = 0; row < rows; row++)
        {
            var chosen = new SortedSet<int>();
            while (chosen.Count < StoredPerRow)
                chosen.Add(random.Next(columns));
            stored.AddRange(chosen);
        }

        var features = new SparseFeatures(
            columns, stored.Select(_ => random.NextSingle()).ToArray(), stored.ToArray(), Enumerable.Range(0, rows + 1).Select(row => row * StoredPerRow).ToArray());
        return Dataset.FromClasses(features, 2, Enumerable.Range(0, rows).Select(_ => random.Next(2)).ToArray(), weights: default);
    }
}
