namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times epochs under each optimizer by turns: what it costs more than plain gradient descent.</summary>
internal static class OptimizerBenchmark
{
    /// <param name="names">Of the workloads; W3b where empty.</param>
    public static void Run(IReadOnlyCollection<string> names)
    {
        foreach (var threads in (int[])[1, 2])
        {
            Console.WriteLine($"{threads} thread(s)");
            foreach (var workload in Workload.Named(names.Count == 0 ? ["W3b"] : names))
                Compare(workload, threads);
        }
    }

    private static void Compare(Workload workload, int threads)
    {
        var seconds = Turns.Time([.. OptimizerKind.All.Select(kind => Start(workload, kind, threads))]);
        foreach (var (kind, samples) in OptimizerKind.All.Zip(seconds))
        {
            var cost = Turns.Ratio(samples, seconds[0]) - 1;
            Console.WriteLine(FormattableString.Invariant(
                $"{workload.Name,-4} {kind.Name,-26} {Turns.Median(samples) * 1e3,10:F3} ms an epoch ({samples.Min() * 1e3:F3} to {samples.Max() * 1e3:F3}), {cost,7:+0.0 %;-0.0 %;0.0 %} to plain descent"));
        }
    }

    private static PausingTraining Start(Workload workload, OptimizerKind kind, int threads)
    {
        var options = workload.Options(PausingTraining.Epochs, threads);
        options.Optimizer = kind.Optimizer;
        options.LearningRate = null;
        return new PausingTraining(workload, options);
    }
}
