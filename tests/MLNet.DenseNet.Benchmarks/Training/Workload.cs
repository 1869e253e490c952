using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>A network, its data and how it is trained: what is timed.</summary>
/// <param name="Name">The name in the tables.</param>
/// <param name="Rows">The rows of an epoch.</param>
/// <param name="Units">Inputs, hidden units, outputs.</param>
/// <param name="BatchSize">The rows of a mini-batch.</param>
/// <param name="IsClassification">Softmax cross-entropy over classes; otherwise mean squared error.</param>
/// <param name="IsTextbook">Sigmoid units and mean squared error against classes as 0 and 1.</param>
/// <param name="DropoutRate">After every hidden layer.</param>
/// <param name="EpochsPerSample">Epochs timed together where one is too short to time.</param>
/// <param name="Recurrence">What the first hidden units are where rows are sequences; null for dense ones.</param>
/// <param name="Convolutions">The layers before the dense ones where rows are images; null for none.</param>
internal sealed record Workload(
    string Name, int Rows, int[] Units, int BatchSize, bool IsClassification = true, bool IsTextbook = false, float DropoutRate = 0, int EpochsPerSample = 1, Recurrence? Recurrence = null, Convolutions? Convolutions = null)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("W1", 150, [4, 16, 16, 3], 16, EpochsPerSample: 4000),
        new("W2", 20_000, [14, 64, 32, 1], 32, IsClassification: false, EpochsPerSample: 10),
        new("W2b", 20_000, [14, 64, 32, 1], 256, IsClassification: false, EpochsPerSample: 20),
        new("W3", 60_000, [784, 128, 64, 10], 64),
        new("W3b", 60_000, [784, 512, 256, 10], 128),
        new("W4", 20_000, [1024, 2048, 2048, 10], 256),
        new("W5", 60_000, [784, 128, 64, 10], 64, DropoutRate: 0.5f),
        new("W6", 60_000, [784, 128, 64, 10], 64, IsTextbook: true),
        new("C1", 3200, [28 * 28, 128, 10], 64, Convolutions: Convolutions.Pooled),
        new("C2", 3200, [28 * 28, 120, 84, 10], 64, Convolutions: Convolutions.LeNet),
        new("C3", 3200, [28 * 28, 10], 64, Convolutions: Convolutions.Normalized),
        new("R1", 3200, [28 * 28, 64, 10], 64, Recurrence: Recurrence.Lstm(28)),
        new("R2", 3200, [28 * 28, 64, 10], 64, Recurrence: Recurrence.Gru(28)),
        new("R3", 3200, [28 * 28, 256, 10], 128, Recurrence: Recurrence.Lstm(28)),
    ];

    /// <summary>The named ones, or all where no name is given.</summary>
    public static IEnumerable<Workload> Named(IReadOnlyCollection<string> names) => All.Where(w => names.Count == 0 || names.Contains(w.Name));

    /// <summary>The floating-point operations of an epoch: forward and backward without the first layer's input gradient, which nobody needs.</summary>
    public double Operations
    {
        get
        {
            var products = Convolutions?.MultiplyAdds ?? 0;
            for (var i = 1; i < Units.Length; i++)
            {
                var inputs = i == 1 && Convolutions is not null ? Convolutions.Outputs : Units[i - 1];
                products += i == 1 && Recurrence is not null ? Recurrence.MultiplyAdds(Units[0], Units[1]) : (double)inputs * Units[i] * (i == 1 && Convolutions is null ? 2 : 3);
            }

            return 2.0 * Rows * products;
        }
    }

    /// <summary>The multiply-adds of a row forward; not of recurrent layers.</summary>
    public double ForwardMultiplyAdds
    {
        get
        {
            var products = Convolutions?.ForwardMultiplyAdds ?? 0;
            for (var i = 1; i < Units.Length; i++)
                products += (double)(i == 1 && Convolutions is not null ? Convolutions.Outputs : Units[i - 1]) * Units[i];
            return products;
        }
    }

    public Network CreateNetwork()
    {
        var layers = new List<Layer>();
        if (Recurrence is not null)
            layers.Add(Recurrence.NewLayer(Units[1]));
        foreach (var units in Recurrence is null ? Units[1..^1] : Units[2..^1])
        {
            layers.Add(new DenseLayer(units, IsTextbook || Convolutions == Convolutions.LeNet ? Activation.Sigmoid : Activation.ReLU));
            if (DropoutRate > 0)
                layers.Add(new DropoutLayer(DropoutRate));
        }

        layers.Add(new DenseLayer(Units[^1], IsTextbook ? Activation.Sigmoid : IsClassification ? Activation.Softmax : Activation.Identity));
        if (Convolutions is not null)
            return Convolutions.CreateNetwork(Convolutions, layers);
        return Network.Create(Recurrence is null ? Units[0] : new Shape(Recurrence.Steps, Units[0] / Recurrence.Steps), layers, seed: 1);
    }

    public TrainingOptions Options(int epochs, int? threads, bool shuffle = true) => new()
    {
        Loss = IsTextbook || !IsClassification ? new MeanSquaredError() : new SoftmaxCrossEntropy(),
        Optimizer = new StochasticGradientDescent(),
        // Statistics of batches of noise make roundings grow from step to step, at high rates so fast that losses would differ after an epoch.
        LearningRate = Convolutions == Convolutions.Normalized ? 0.001f : 0.01f,
        BatchSize = BatchSize,
        NumberOfEpochs = epochs,
        NumberOfThreads = threads,
        Shuffle = shuffle,
        Seed = 1,
    };

    /// <summary>(rows x inputs), standard normal.</summary>
    public float[] Features => _features ??= CreateFeatures();

    /// <summary>(rows), at random.</summary>
    public int[] Classes
    {
        get
        {
            var random = new Random(2);
            return [.. Enumerable.Range(0, Rows).Select(_ => random.Next(Units[^1]))];
        }
    }

    /// <summary>(rows): the sum of the first four features.</summary>
    public float[] Targets =>
        [.. Enumerable.Range(0, Rows).Select(row => Features[row * Units[0]] + Features[row * Units[0] + 1] + Features[row * Units[0] + 2] + Features[row * Units[0] + 3])];

    private float[]? _features;

    public Dataset CreateData() => IsClassification
        ? Dataset.FromClasses(Units[0], Units[^1], Features, Classes)
        : Dataset.FromTargets(Units[0], 1, Features, Targets);

    private float[] CreateFeatures()
    {
        var random = new Random(1);
        var features = new float[Rows * Units[0]];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)MadeSets.NextNormal(random);
        return features;
    }
}
