namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times epochs with larger and larger batches, by turns: a row should take no longer in a large batch than in a small one.</summary>
internal static class BatchBenchmark
{
    private static readonly int[] Sizes = [64, 32, 128, 256, 512, 1024, 4096];

    /// <param name="arguments">Workloads, else W3 and W3b, and numbers of threads, else one.</param>
    public static void Run(BenchmarkArguments arguments)
    {
        Console.WriteLine(Processor.Name);
        foreach (var threads in arguments.Numbers(1))
            Console.WriteLine(FormattableString.Invariant($"{threads} thread(s): peak {Peak.Measure(threads) / 1e9:F1} GFLOP/s"));
        foreach (var workload in arguments.Workloads("W3", "W3b"))
        {
            foreach (var threads in arguments.Numbers(1))
            {
                var times = Turns.Time([.. Sizes.Select(size => new PausingTraining(workload with { BatchSize = size }, threads))]);
                for (var i = 0; i < Sizes.Length; i++)
                    Console.WriteLine(FormattableString.Invariant($"{workload.Name,-4} {threads} thread(s), batches of {Sizes[i],4}: {1e3 * Turns.Median(times[i]),8:F1} ms an epoch, {Turns.Ratio(times[i], times[0]):F2} times as long a row as with {Sizes[0]}"));
            }
        }
    }
}
