namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times epochs under each optimizer by turns: what it costs more than plain gradient descent.</summary>
internal static class OptimizerBenchmark
{
    private const int Samples = 9;
    private const int WarmUpSamples = 3;

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
        var trainings = OptimizerKind.All.Select(kind => (Kind: kind, Training: Start(workload, kind, threads), Samples: new List<double>())).ToArray();
        try
        {
            for (var sample = -WarmUpSamples; sample < Samples; sample++)
            {
                foreach (var (_, training, samples) in trainings)
                {
                    var seconds = training.NextSample();
                    if (sample >= 0)
                        samples.Add(seconds);
                }
            }
        }
        finally
        {
            Array.ForEach(trainings, t => t.Training.Dispose());
        }

        // Each against the plain epoch of the same turn, so that what slows the machine down for a while slows both.
        var plain = trainings[0].Samples;
        foreach (var (kind, _, samples) in trainings)
        {
            var cost = Median(samples.Zip(plain, (x, y) => x / y)) - 1;
            Console.WriteLine(FormattableString.Invariant(
                $"{workload.Name,-4} {kind.Name,-26} {Median(samples) * 1e3,10:F3} ms an epoch ({samples.Min() * 1e3:F3} to {samples.Max() * 1e3:F3}), {cost,7:+0.0 %;-0.0 %;0.0 %} to plain descent"));
        }
    }

    private static PausingTraining Start(Workload workload, OptimizerKind kind, int threads)
    {
        var options = workload.Options(PausingTraining.Epochs, threads);
        options.Optimizer = kind.Optimizer;
        options.LearningRate = null;
        return new PausingTraining(workload, options);
    }

    private static double Median(IEnumerable<double> samples) => samples.Order().ElementAt(samples.Count() / 2);
}
