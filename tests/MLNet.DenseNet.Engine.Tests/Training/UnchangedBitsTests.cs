namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>What claims to change no bit of the model changes none, whichever way the gradients of its parameters take: written and used at the end of a step, handed on part by part, sparse, or of an ensemble.</summary>
public sealed class UnchangedBitsTests : IDisposable
{
    // The fewest values of which a gradient may be handed on.
    private const int Large = 32_768;

    private static readonly Dictionary<string, Shape> Shapes = new()
    {
        ["small"] = new(Inputs: 5, Rows: 11, BatchSize: 4, [new DenseLayer(7, Activation.Tanh), new DropoutLayer(0.2f), new DenseLayer(2)]),
        ["large weights"] = new(Inputs: 200, Rows: 30, BatchSize: 8, [new DenseLayer(180, Activation.ReLU), new DropoutLayer(0.2f), new DenseLayer(2)]),
        ["large weights, a batch over the limit"] = new(Inputs: 200, Rows: 1100, BatchSize: 1025, [new DenseLayer(180, Activation.ReLU), new DenseLayer(2)]),
        ["bias of 32,767"] = new(Inputs: 1, Rows: 4, BatchSize: 2, [new DenseLayer(Large - 1)]),
        ["bias of 32,768"] = new(Inputs: 1, Rows: 4, BatchSize: 2, [new DenseLayer(Large)]),
        ["hidden bias of 32,768"] = new(Inputs: 2, Rows: 4, BatchSize: 2, [new DenseLayer(3, Activation.Tanh), new DenseLayer(Large, Activation.ReLU), new DenseLayer(2)]),
        ["sparse rows through 32,768 units"] = new(Inputs: 6, Rows: 10, BatchSize: 3, [new DenseLayer(Large, Activation.ReLU), new DenseLayer(2)], IsSparse: true),
        ["ensemble with 32,768 outputs"] = new(Inputs: 2, Rows: 4, BatchSize: 2, [new EnsembleLayer(3, [new DenseLayer(3, Activation.ReLU), new DenseLayer(Large)])]),
    };

    private static readonly Dictionary<string, Action<TrainingOptions, string>> Claims = new()
    {
        [nameof(TrainingOptions.RecordDiagnostics)] = (options, _) => options.RecordDiagnostics = true,
        ["one thread"] = (options, _) => options.NumberOfThreads = 1,
        ["three threads"] = (options, _) => options.NumberOfThreads = 3,
        [nameof(TrainingOptions.Checkpoints)] = (options, folder) => options.Checkpoints = new Checkpoints(folder),
        [nameof(TrainingOptions.BatchCompleted)] = (options, _) => options.BatchCompleted = batch => { },
        [nameof(TrainingOptions.EpochCompleted)] = (options, _) => options.EpochCompleted = epoch => { },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;

    public static MatrixTheoryData<string, string> ShapesAndClaims => new(Shapes.Keys, Claims.Keys);

    public static TheoryData<string> ShapeNames => [.. Shapes.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(ShapesAndClaims))]
    public void Training_ends_with_the_same_bits(string shape, string claim)
    {
        var options = Options(Shapes[shape]);
        var expected = Samples.ParameterBits(Train(Shapes[shape], options));
        Claims[claim](options, _folder);
        Assert.Equal(expected, Samples.ParameterBits(Train(Shapes[shape], options)));
    }

    /// <summary>Steps that have all gradients before the first parameter changes: those of a caller, and of batches over the limit.</summary>
    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Single_steps_end_with_the_same_bits(string name)
    {
        var shape = Shapes[name];
        var options = Options(shape);
        options.NumberOfEpochs = 1;
        var trained = Train(shape, options);
        var stepped = shape.NewNetwork();
        var trainer = new NetworkTrainer(stepped, options);
        var (features, targets) = (shape.Features, shape.Targets);
        var outputs = stepped.OutputShape.Size;
        for (var first = 0; first < shape.Rows; first += shape.BatchSize)
        {
            var end = Math.Min(shape.Rows, first + shape.BatchSize);
            var (batch, expected) = (features[(first * shape.Inputs)..(end * shape.Inputs)], targets[(first * outputs)..(end * outputs)]);
            if (shape.IsSparse)
                SparseSamples.Store(batch, shape.Inputs).Use(rows => trainer.ComputeGradientOf(rows, expected, []));
            else
                trainer.ComputeGradient(batch, expected);
            trainer.Step();
        }

        Assert.Equal(Samples.ParameterBits(stepped), Samples.ParameterBits(trained));
    }

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Every_bias_is_trained(string name)
    {
        var network = Train(Shapes[name], Options(Shapes[name]));
        Assert.All(network.Layers[^1].Parameters.Where(p => p.Name.StartsWith("bias", StringComparison.Ordinal)), bias => Assert.DoesNotContain(0f, bias.ToArray()));
    }

    [Theory]
    [InlineData(Large - 1)]
    [InlineData(Large)]
    [InlineData(Large + 1)]
    public void Biases_learn_whatever_their_number(int units)
    {
        var (features, targets) = (new float[] { -1, 0, 0.5f, 1 }, Enumerable.Repeat(1f, 4 * units).ToArray());
        var network = Network.Create(1, [new DenseLayer(units)], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions { Optimizer = new Adam(), LearningRate = 0.05f, NumberOfEpochs = 50, BatchSize = 4, Seed = 1 })
            .Train(Dataset.FromTargets(1, units, features, targets));
        Assert.InRange(history[^1].Loss, 0, 0.05);
        Assert.All(network.Parameters[1].ToArray(), bias => Assert.InRange(bias, 0.7f, 1.3f));
    }

    private static TrainingOptions Options(Shape shape) => new()
    {
        Optimizer = new AdamW(),
        LearningRate = 0.01f,
        WeightDecay = 0.1f,
        BatchSize = shape.BatchSize,
        NumberOfEpochs = 2,
        NumberOfThreads = 2,
        Shuffle = false,
        Seed = 4,
    };

    private static Network Train(Shape shape, TrainingOptions options)
    {
        var network = shape.NewNetwork();
        var outputs = network.OutputShape.Size;
        new NetworkTrainer(network, options).Train(shape.IsSparse
            ? Dataset.FromTargets(SparseSamples.Store(shape.Features, shape.Inputs), outputs, shape.Targets, default)
            : Dataset.FromTargets(shape.Inputs, outputs, shape.Features, shape.Targets));
        return network;
    }

    private sealed record Shape(int Inputs, int Rows, int BatchSize, Layer[] Layers, bool IsSparse = false)
    {
        public float[] Features => IsSparse ? SparseSamples.Rows(Rows, Inputs, share: 0.4, seed: 1) : Samples.Numbers(Rows * Inputs, seed: 1);

        public float[] Targets => Samples.Numbers(Rows * NewNetwork().OutputShape.Size, seed: 2);

        public Network NewNetwork() => Network.Create(Inputs, Layers, seed: 3);
    }
}
