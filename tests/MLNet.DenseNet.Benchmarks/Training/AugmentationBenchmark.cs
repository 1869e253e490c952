namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times epochs with each augmentation by turns on two threads: what it costs more than an epoch without.</summary>
internal static class AugmentationBenchmark
{
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
        var seconds = Turns.Time([.. Kinds.Select(kind => Start(workload, kind.Augmentation))]);
        foreach (var ((name, _), samples) in Kinds.Zip(seconds))
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{workload.Name} {name,-26} {Turns.Median(samples) * 1e3,8:F1} ms an epoch ({samples.Min() * 1e3:F1} to {samples.Max() * 1e3:F1}), {Turns.Ratio(samples, seconds[0]):F2} times the one without"));
        }
    }

    private static PausingTraining Start(Workload workload, Augmentation? augmentation)
    {
        var options = workload.Options(PausingTraining.Epochs, Threads);
        options.Augmentation = augmentation;
        return new PausingTraining(workload, options);
    }
}
