namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times epochs on fixed numbers of threads and on the number that is found while training, by turns: that one should be as fast as the best fixed one.</summary>
internal static class ThreadBenchmark
{
    /// <param name="arguments">Workloads, else all dense ones, and sizes of batches, else each workload's own.</param>
    public static void Run(BenchmarkArguments arguments)
    {
        var cores = Environment.ProcessorCount;
        int[] fixedNumbers = [.. Enumerable.Range(0, 32).Select(i => 1 << i).TakeWhile(number => number < cores), cores];
        var peaks = fixedNumbers.Select(Peak.Measure).ToArray();
        Console.WriteLine($"{Processor.Name}; peak by threads, GFLOP/s: {string.Join(", ", fixedNumbers.Zip(peaks, (number, peak) => FormattableString.Invariant($"{number}: {peak / 1e9:F0}")))}; "
            + $"an empty hand-over, microseconds: {string.Join(", ", fixedNumbers.Skip(1).Select(number => FormattableString.Invariant($"{number}: {HandOver.MeasureMicroseconds(number):F2}")))}");
        foreach (var workload in arguments.Workloads("W1", "W2", "W2b", "W3", "W3b", "W4", "W5", "W6"))
        {
            foreach (var batchSize in arguments.Numbers(workload.BatchSize))
                Compare(workload with { BatchSize = batchSize }, fixedNumbers, peaks);
        }
    }

    private static void Compare(Workload workload, int[] numbers, double[] peaks)
    {
        // What is left to itself comes first, so that it meets no other training's threads when it begins.
        var times = Turns.Time([new PausingTraining(workload, threads: null), .. numbers.Select(number => new PausingTraining(workload, number))]);
        var medians = times.Select(samples => Turns.Median(samples)).ToArray();
        var best = medians[1..].Min();
        Console.WriteLine(FormattableString.Invariant($"{workload.Name,-4} batches of {workload.BatchSize,4}, ms an epoch (times the floor): left to itself {1e3 * medians[0]:F2}, {medians[0] / best:F2} times the best; ")
            + string.Join(", ", numbers.Select((number, i) => FormattableString.Invariant($"{number}: {1e3 * medians[i + 1]:F2} ({medians[i + 1] * peaks[i] / workload.Operations:F2})"))));
    }
}
