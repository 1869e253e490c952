using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// Compares the peak memory of a training with the sum of what it cannot do without: the data in float32, parameters x (1 + gradient + optimizer state), the
/// activations of a batch.
/// </summary>
/// <remarks>
/// Measured is the resident memory of a process of its own (Linux, /proc/self/status): its peak over creating the data and training, less what was resident before.
/// That counts everything, managed arrays as well as the runtime's own. Before, the process trains on a few rows for as long as it takes the runtime to load and
/// compile the code, which is no part of a training's memory.
/// </remarks>
internal static class MemoryBenchmark
{
    private const int Threads = 2;
    private const double MiB = 1 << 20;

    /// <param name="names">Of the workloads; W3, W3b and W4 where empty.</param>
    public static void Run(IReadOnlyCollection<string> names)
    {
        Console.WriteLine($"{Threads} threads, MiB: the sum is data + parameters x (1 + gradient + optimizer state) + activations; besides are the numbers of the rows, in");
        Console.WriteLine("their own order and in the epoch's, where the rows of the batch lie, and the gradients of activations");
        foreach (var workload in Workload.Named(names.Count == 0 ? ["W3", "W3b", "W4"] : names))
        {
            foreach (var kind in OptimizerKind.All)
            {
                var measured = ResidentMemory.MeasureInProcess("memory-of", workload.Name, kind.Name)[0];
                var (sum, besides) = Compute(workload, kind);
                Console.WriteLine(FormattableString.Invariant(
                    $"{workload.Name,-4} {kind.Name,-26} measured {measured / MiB,7:F1}, sum {sum / MiB,7:F1}, besides {besides / MiB,5:F1}: {measured / sum:F3} times the sum"));
            }
        }
    }

    /// <summary>What the process does: prints the bytes that a training took.</summary>
    public static void Measure(string workloadName, string optimizerName)
    {
        var workload = Workload.All.Single(w => w.Name == workloadName);
        var optimizer = OptimizerKind.All.Single(k => k.Name == optimizerName).Optimizer;
        Train(workload with { Rows = 4 * workload.BatchSize, Units = [20, 40, 40, 10] }, optimizer, epochs: 50);
        GC.Collect();
        var before = ResidentMemory.Current;
        Train(workload, optimizer, epochs: 1);
        ResidentMemory.Print(ResidentMemory.Peak - before);
    }

    private static void Train(Workload workload, Optimizer optimizer, int epochs)
    {
        var options = workload.Options(epochs, Threads);
        options.Optimizer = optimizer;
        options.LearningRate = null;
        new NetworkTrainer(workload.CreateNetwork(), options).Train(workload.CreateData());
    }

    /// <summary>Computed from the network, in bytes.</summary>
    private static (double Sum, double Besides) Compute(Workload workload, OptimizerKind kind)
    {
        var network = workload.CreateNetwork();
        // A class is as large as a number.
        var data = (double)workload.Rows * (network.InputShape.Size + 1);
        var parameters = (double)network.ParameterCount * (1 + 1 + kind.StateCount);
        var activations = (double)workload.BatchSize * network.Layers.Sum(layer => layer.OutputShape.Size);
        // An offset is as large as two numbers.
        var besides = 2.0 * workload.Rows + (double)workload.BatchSize * (2 + 2 * network.Layers.Max(layer => layer.OutputShape.Size));
        return (sizeof(float) * (data + parameters + activations), sizeof(float) * besides);
    }
}
