namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times epochs with each augmentation by turns on two threads: what it costs more than an epoch without.</summary>
internal static class AugmentationBenchmark
{
    private const int Samples = 9;
    private const int WarmUpSamples = 3;
    private const int Threads = 2;

    private static readonly IReadOnlyList<(string Name, Augmentation? Augmentation)> Kinds =
    [
        ("none", null),
        ("shift and flip", new ImageAugmentation(28, 28, shift: 2, flipHorizontally: true)),
        ("rotation and zoom", new ImageAugmentation(28, 28, rotation: 10, zoom: 0.1f)),
        ("noise", new ImageAugmentation(28, 28, noise: 0.1f)),
        ("all of these, brightness", new ImageAugmentation(28, 28, shift: 2, rotation: 10, zoom: 0.1f, flipHorizontally: true, brightness: 0.2f, noise: 0.1f)),
        ("mixup", new TableAugmentation(mixup: 0.2f)),
    ];

    public static void Run()
    {
        var workload = Workload.Named(["W3"]).Single();
        var trainings = Kinds.Select(kind => (kind.Name, Training: Start(workload, kind.Augmentation), Samples: new List<double>())).ToArray();
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
        foreach (var (name, _, samples) in trainings)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{workload.Name} {name,-26} {Median(samples) * 1e3,8:F1} ms an epoch ({samples.Min() * 1e3:F1} to {samples.Max() * 1e3:F1}), {Median(samples.Zip(plain, (x, y) => x / y)):F2} times the one without"));
        }
    }

    private static PausingTraining Start(Workload workload, Augmentation? augmentation)
    {
        var options = workload.Options(PausingTraining.Epochs, Threads);
        options.Augmentation = augmentation;
        return new PausingTraining(workload, options);
    }

    private static double Median(IEnumerable<double> samples) => samples.Order().ElementAt(samples.Count() / 2);
}
