namespace MLNet.DenseNet.Engine.Tests;

/// <summary>What the documentation of the engine says that a public member throws is thrown, and nothing else: every exception that is documented has a case here.</summary>
public sealed class DocumentedExceptionsTests : IDisposable
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("densenet").FullName;

    private static readonly float[] Features = [1, 2, 3, 4];
    private static readonly Dataset Numbers = Dataset.FromTargets(2, 1, Features, new float[] { 1, 2 });
    private static readonly Dataset Classes = Dataset.FromClasses(2, 2, Features, new[] { 0, 1 });
    private static readonly SparseFeatures Sparse = new(3, new float[] { 1 }, new[] { 2 }, new[] { 0, 1 });

    /// <summary>A member, an exception that it documents, and ways to it.</summary>
    private static readonly (string Documented, Action[] Ways)[] Cases =
    [
        Case<ArgumentOutOfRangeException>("Activation.LeakyReLU", () => Activation.LeakyReLU(float.NaN)),
        Case<ArgumentException>(
            "Dataset.FromTargets",
            () => Dataset.FromTargets(0, 1, Features, Features), () => Dataset.FromTargets(2, 0, Features, Features), () => Dataset.FromTargets(3, 1, Features, Features),
            () => Dataset.FromTargets(2, 1, new float[] { 1, float.NegativeInfinity }, new float[] { 1 }), () => Dataset.FromTargets(1, 1, Features, new float[] { 1, 2, 3, float.PositiveInfinity }),
            () => Dataset.FromTargets(1, 1, Features, Features, new float[] { 1 }), () => Dataset.FromTargets(1, 1, Features, Features, new float[4]),
            () => Dataset.FromTargets(1, 1, Features, Features, new float[] { 1, 1, 1, -1 }), () => Dataset.FromTargets(1, 1, default, default),
            () => Dataset.FromTargets(Sparse, 0, Features, default), () => Dataset.FromTargets(Sparse, 1, Features, default), () => Dataset.FromTargets(null!, 1, Features, default)),
        Case<ArgumentException>(
            "Dataset.FromClasses",
            () => Dataset.FromClasses(1, 1, Features, new[] { 0, 0, 0, 0 }), () => Dataset.FromClasses(1, 2, Features, new[] { 0, 1, 2, 0 }), () => Dataset.FromClasses(1, 2, Features, new[] { 0, 1, -1, 0 }),
            () => Dataset.FromClasses(1, 2, Features, new[] { 0 }), () => Dataset.FromClasses(Sparse, 2, new[] { 3 }, default), () => Dataset.FromClasses(null!, 2, new[] { 1 }, default)),
        Case<ArgumentException>("Network.Create", () => Network.Create(2, [], 1), () => Network.Create(2, [new EnsembleLayer(2, [new DenseLayer(1)]), new DenseLayer(1)], 1), () => Network.Create(2, [null!], 1), () => Network.Create(2, null!, 1)),
        Case<ArgumentOutOfRangeException>("Network.Create", () => Network.Create(50_000, [new DenseLayer(40_000), new DenseLayer(40_000)], 1), () => Network.Create(0, [new DenseLayer(1)], 1)),
        Case<ArgumentException>(
            "Network.SetParameter",
            () => Line().SetParameter(Line().Parameters[0], [1, 2]), () => On(Line(), n => n.SetParameter(n.Parameters[0], [1])), () => On(Line(), n => n.SetParameter(n.Parameters[0], [1, float.NaN])), () => Line().SetParameter(null!, [])),
        Case<ArgumentOutOfRangeException>("Network.CreateWorkspace", () => Line().CreateWorkspace(0), () => Line().CreateWorkspace(1, 0), () => Line().CreateWorkspace(1, 1025), () => Network.Create(1, [new DenseLayer(2)], 1).CreateWorkspace(int.MaxValue)),
        Case<ArgumentException>(
            "Network.Forward",
            () => On(Line(), n => n.Forward([1], n.CreateWorkspace(1))), () => On(Line(), n => n.Forward([1, 2, 3, 4], n.CreateWorkspace(1))), () => Line().Forward([1, 2], Line().CreateWorkspace(1)), () => Line().Forward([1, 2], null!),
            () => On(Line(), n => n.Forward(Sparse, n.CreateWorkspace(1))), () => On(Line(), n => n.Forward((SparseFeatures)null!, n.CreateWorkspace(1)))),
        Case<ObjectDisposedException>("Network.Forward", () => On(Line(), n => n.Forward([1, 2], Disposed(n))), () => On(Network.Create(3, [new DenseLayer(1)], 1), n => n.Forward(Sparse, Disposed(n)))),
        Case<ArgumentException>("Network.Predict", () => Line().Predict([1]), () => Line().Predict(Sparse), () => Line().Predict((SparseFeatures)null!)),
        Case<ArgumentException>("Network.Save", () => Line().Save(null!), () => Line().Save(new MemoryStream([], writable: false)), () => Line().Save(Closed())),
        Case<ArgumentException>("Network.Load", () => Network.Load(null!), () => Network.Load(Closed()), () => Network.Load(new UnseekableStream())),
        Case<FormatException>("Network.Load", () => Network.Load(new MemoryStream([])), () => Network.Load(new MemoryStream([.. "MLDN"u8, 9, 0])), () => Network.Load(new MemoryStream(new byte[100]))),
        Case<ArgumentException>(
            "ResidualLayer..ctor",
            () => _ = new ResidualLayer([]), () => _ = new ResidualLayer([new EnsembleLayer(2, [new DenseLayer(1)])]), () => _ = new ResidualLayer([.. Enumerable.Repeat(new DropoutLayer(0.1f), 10_000)]),
            () => Enumerable.Range(0, 9).Aggregate((Layer)new DenseLayer(1), (inner, _) => new ResidualLayer([inner]))),
        Case<ArgumentOutOfRangeException>("PrincipalComponentsLayer..ctor", () => _ = new PrincipalComponentsLayer(0), () => _ = new PrincipalComponentsLayer(1, limit: 0), () => _ = new PrincipalComponentsLayer(1, limit: 1001)),
        Case<ArgumentException>("PrincipalComponentsLayer..ctor", () => _ = new PrincipalComponentsLayer(1, []), () => _ = new PrincipalComponentsLayer(1, [-1]), () => _ = new PrincipalComponentsLayer(1, [2, 2])),
        Case<ArgumentException>(
            "WideAndDeepLayer..ctor",
            () => _ = new WideAndDeepLayer([], [new DenseLayer(1)]), () => _ = new WideAndDeepLayer([-1], [new DenseLayer(1)]), () => _ = new WideAndDeepLayer([1, 1], [new DenseLayer(1)]),
            () => _ = new WideAndDeepLayer([0], []), () => _ = new WideAndDeepLayer([0], [new ResidualLayer([new EmbeddingLayer(3, 1)])]), () => _ = new WideAndDeepLayer([0], [new EnsembleLayer(2, [new DenseLayer(1)])]), () => _ = new WideAndDeepLayer([0], [.. Enumerable.Repeat(new DropoutLayer(0.1f), 10_000)]),
            () => Enumerable.Range(0, 9).Aggregate((Layer)new DenseLayer(1), (inner, _) => new WideAndDeepLayer([0], [inner]))),
        Case<ArgumentException>("Shape..ctor", () => _ = new Shape([])),
        Case<ArgumentOutOfRangeException>("Shape..ctor", () => _ = new Shape(0), () => _ = new Shape(1 << 16, 1 << 16)),
        Case<ArgumentOutOfRangeException>("SparseFeatures..ctor", () => _ = new SparseFeatures(0, default, default, new[] { 0 })),
        Case<ArgumentException>(
            "SparseFeatures..ctor",
            () => _ = new SparseFeatures(2, Features, new[] { 0 }, new[] { 0, 4 }), () => _ = new SparseFeatures(2, new float[] { 1 }, new[] { 2 }, new[] { 0, 1 }), () => _ = new SparseFeatures(2, new float[] { 1 }, new[] { -1 }, new[] { 0, 1 }),
            () => _ = new SparseFeatures(2, new float[] { 1 }, new[] { 0 }, new[] { 0, 2 }), () => _ = new SparseFeatures(2, new float[] { 1 }, new[] { 0 }, new[] { 1, 1 }), () => _ = new SparseFeatures(2, new[] { float.PositiveInfinity }, new[] { 0 }, new[] { 0, 1 }),
            () => _ = new SparseFeatures(2, new float[] { 1, 2 }, new[] { 1, 0 }, new[] { 0, 2 }), () => _ = new SparseFeatures(2, default, default, default)),
        Case<ArgumentOutOfRangeException>("LearningRateFinder.Find", () => Find(lowest: 0), () => Find(highest: 1e-7f), () => Find(steps: 1), () => Find(options: new TrainingOptions { BatchSize = 0 })),
        Case<ArgumentException>("LearningRateFinder.Find", () => Find(data: Dataset.FromTargets(1, 1, Features, Features)), () => Find(network: Network.Create(2, [new DenseLayer(3)], 1)), () => LearningRateFinder.Find(null!, Numbers, new TrainingOptions())),
        Case<OperationCanceledException>("LearningRateFinder.Find", () => Find(options: new TrainingOptions { CancellationToken = new CancellationToken(true) })),
        Case<ArgumentOutOfRangeException>(
            "NetworkTrainer..ctor", () => Trainer(o => o.LearningRate = -1), () => Trainer(o => o.Checkpoints = new Checkpoints(Folder)), () => Trainer(o => o.Augmentation = new ImageAugmentation(2, 2, flipHorizontally: true)),
            () => Trainer(o => o.Augmentation = new TableAugmentation())),
        Case<ArgumentException>(
            "NetworkTrainer..ctor", () => Trainer(o => o.Loss = new BinaryCrossEntropy(), Network.Create(2, [new DenseLayer(2, Activation.Softmax)], 1)), () => Trainer(_ => { }, Network.Create(2, [new DenseLayer(1, Activation.Softmax)], 1)),
            () => Trainer(o => o.Loss = new MultiQuantileLoss(0.1f, 0.9f)),
            () => _ = new NetworkTrainer(null!, new TrainingOptions()), () => _ = new NetworkTrainer(Line(), null!)),
        Case<ArgumentException>("NetworkTrainer.ComputeGradient", () => Trainer().ComputeGradient([1], [1]), () => Trainer().ComputeGradient([], []), () => Trainer().ComputeGradient([1, 2], [1, 2]), () => Trainer().ComputeGradient([1, 2], [1], [1, 2])),
        Case<InvalidOperationException>("NetworkTrainer.ComputeGradient", () => Trainer(o => o.Loss = new Infinite()).ComputeGradient([1, 2], [1]), () => InCallback(t => t.ComputeGradient([1, 2], [1]))),
        Case<ArgumentException>("NetworkTrainer.Gradient", () => Trainer().Gradient(Line().Parameters[0]), () => Trainer().Gradient(null!)),
        Case<InvalidOperationException>("NetworkTrainer.Gradient", () => On(Trainer(), t => t.Gradient(t.Network.Parameters[0])), () => On(Trainer(), t => { t.Train(Numbers); t.Gradient(t.Network.Parameters[0]); })),
        Case<InvalidOperationException>("NetworkTrainer.Step", () => Trainer().Step(), () => On(Trainer(), t => { t.ComputeGradient([1, 2], [1]); t.Train(Numbers); t.Step(); }), () => InCallback(t => t.Step())),
        Case<ArgumentOutOfRangeException>("NetworkTrainer.Step", () => Trainer().Step(0), () => Trainer().Step(float.NaN), () => Trainer().Step(float.PositiveInfinity)),
        Case<ArgumentException>("NetworkTrainer.Standardize", () => Trainer(_ => { }, Network.Create(3, [new StandardizationLayer(), new DenseLayer(1)], 1)).Standardize(Numbers), () => Trainer().Standardize(null!)),
        Case<InvalidOperationException>("NetworkTrainer.Standardize", () => Trainer().Standardize(Numbers), () => InCallback(t => t.Standardize(Numbers))),
        Case<ArgumentOutOfRangeException>(
            "NetworkTrainer.Train", () => Trainer(o => o.ValidationFraction = 0.5f).Train(Numbers, Numbers), () => Trainer(o => o.ClassWeights = ClassWeights.Balanced).Train(Numbers),
            () => Trainer(o => o.ClassWeights = ClassWeights.Given([1, 2, 3]), Network.Create(2, [new DenseLayer(2, Activation.Softmax)], 1)).Train(Classes)),
        Case<ArgumentException>(
            "NetworkTrainer.Train", () => Trainer().Train(Dataset.FromTargets(1, 1, Features, Features)), () => Trainer().Train(Dataset.FromTargets(2, 2, Features, Features)), () => Trainer().Train(Numbers, Dataset.FromTargets(1, 1, Features, Features)),
            () => Trainer(o => o.Loss = new BinaryCrossEntropy()).Train(Numbers), () => Trainer().Train(null!), () => Trainer(o => o.ValidationFraction = 0.01f).Train(Numbers),
            () => InFolder("another", o => o.LearningRate = 0.5f, _ => { }), () => InFolder("older", _ => { }, path => File.WriteAllBytes(path, Persistence.SavedNetworks.WithRightChecksum([.. "MLDC"u8, 1, 0, 0, 0, 0, 0])))),
        Case<FormatException>(
            "NetworkTrainer.Train", () => InFolder("empty", _ => { }, path => File.WriteAllBytes(path, [])), () => InFolder("cut off", _ => { }, path => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^9])),
            () => InFolder("newer", _ => { }, path => File.WriteAllBytes(path, Persistence.SavedNetworks.WithRightChecksum([.. "MLDC"u8, 99, 0, 0, 0, 0, 0]))),
            () => InFolder("other", _ => { }, path => File.WriteAllBytes(path, Persistence.SavedNetworks.WithRightChecksum([.. "hello, world"u8])))),
        Case<TrainingDivergedException>("NetworkTrainer.Train", () => Trainer(o => o.LearningRate = 3e38f).Train(Numbers)),
        Case<OperationCanceledException>("NetworkTrainer.Train", () => Trainer(o => o.CancellationToken = new CancellationToken(true)).Train(Numbers)),
        Case<IOException>(
            "NetworkTrainer.Train", () => InFolder("folder", _ => { }, path => { File.Delete(path); Directory.CreateDirectory(path); }), () => InFolder("unfinished", _ => { }, path => Directory.CreateDirectory(path + ".unfinished")),
            () => InFolder("lock", _ => { }, path => { File.Delete(Path.ChangeExtension(path, "lock")); Directory.CreateDirectory(Path.ChangeExtension(path, "lock")); }),
            () => InFolder("file", _ => { }, path => { Directory.Delete(Path.GetDirectoryName(path)!, recursive: true); File.WriteAllBytes(Path.GetDirectoryName(path)!, []); }),
            () => Trainer(o => (o.Seed, o.Checkpoints, o.EpochCompleted) = (1, new Checkpoints(Path.Combine(Folder, "used")), _ => Trainer(p => (p.Seed, p.Checkpoints) = (1, o.Checkpoints)).Train(Numbers))).Train(Numbers)),
        Case<InvalidOperationException>("NetworkTrainer.Train", () => Trainer(o => o.Loss = new Infinite()).Train(Numbers), () => InCallback(t => t.Train(Numbers))),
        Case<ArgumentException>("Dataset.WithGroups", () => Numbers.WithGroups([1])),
        Case<InvalidOperationException>("Dataset.WithGroups", () => Classes.WithGroups(new int[Classes.Rows])),
        Case<ArgumentOutOfRangeException>("Workspace.Output", () => Line().CreateWorkspace(1).Output(1), () => Line().CreateWorkspace(1).Output(-1)),
        Case<InvalidOperationException>("Workspace.Output", () => On(Network.Create(2, [new DenseLayer(2), new DenseLayer(1)], 1).CreateWorkspace(1, keepsOutputs: false), w => w.Output(0))),
        Case<ArgumentOutOfRangeException>("ImageAugmentation..ctor", () => _ = new ImageAugmentation(0, 1), () => _ = new ImageAugmentation(1, 1, rotation: float.NaN), () => _ = new ImageAugmentation(1, 1, noise: -1)),
        Case<ArgumentOutOfRangeException>("TableAugmentation..ctor", () => _ = new TableAugmentation(mixup: -1)),
        Case<ArgumentOutOfRangeException>("DenseLayer..ctor", () => _ = new DenseLayer(0)),
        Case<ArgumentOutOfRangeException>("DropoutLayer..ctor", () => _ = new DropoutLayer(1)),
        Case<ArgumentOutOfRangeException>("EnsembleLayer..ctor", () => _ = new EnsembleLayer(0, [new DenseLayer(1)]), () => _ = new EnsembleLayer(101, [new DenseLayer(1)])),
        Case<ArgumentException>("EnsembleLayer..ctor", () => _ = new EnsembleLayer(1, []), () => _ = new EnsembleLayer(1, [new EnsembleLayer(1, [new DenseLayer(1)])]), () => _ = new EnsembleLayer(100, [.. Enumerable.Repeat(new DenseLayer(1), 101)]), () => _ = new EnsembleLayer(1, null!)),
        Case<ArgumentException>("BidirectionalLayer..ctor", () => _ = new BidirectionalLayer(new DenseLayer(1)), () => _ = new BidirectionalLayer(null!)),
        Case<ArgumentOutOfRangeException>("GruLayer..ctor", () => _ = new GruLayer(0), () => _ = new GruLayer(1, dropoutRate: 1)),
        Case<ArgumentOutOfRangeException>("LstmLayer..ctor", () => _ = new LstmLayer(0), () => _ = new LstmLayer(1, dropoutRate: -1)),
        Case<ArgumentOutOfRangeException>("RecurrentLayer..ctor", () => _ = new RecurrentLayer(0), () => _ = new RecurrentLayer(1, dropoutRate: float.NaN)),
        Case<ArgumentException>("RecurrentLayer..ctor", () => _ = new RecurrentLayer(1, Activation.Softmax), () => _ = new RecurrentLayer(1, Activation.Exponential)),
        Case<ArgumentNullException>("ActivationLayer..ctor", () => _ = new ActivationLayer(null!)),
        Case<ArgumentOutOfRangeException>("AveragePoolingLayer..ctor", () => _ = new AveragePoolingLayer(0), () => _ = new AveragePoolingLayer(2, 0), () => _ = new AveragePoolingLayer(2, padding: (Padding)2)),
        Case<ArgumentOutOfRangeException>(
            "ConvolutionLayer..ctor", () => _ = new ConvolutionLayer(0, 1), () => _ = new ConvolutionLayer(1, 0), () => _ = new ConvolutionLayer(1, 10_001), () => _ = new ConvolutionLayer(1, 1, stride: 0),
            () => _ = new ConvolutionLayer(1, 1, dilation: 0), () => _ = new ConvolutionLayer(1, 1, groups: 0), () => _ = new ConvolutionLayer(1, 1, padding: (Padding)2)),
        Case<ArgumentException>("ConvolutionLayer..ctor", () => _ = new ConvolutionLayer(3, 1, groups: 2)),
        Case<ArgumentOutOfRangeException>("MaxPoolingLayer..ctor", () => _ = new MaxPoolingLayer(new SpatialSize(1, 10_001)), () => _ = new MaxPoolingLayer(2, -1), () => _ = new MaxPoolingLayer(2, padding: (Padding)2)),
        Case<ArgumentException>("ReshapeLayer..ctor", () => _ = new ReshapeLayer(default)),
        Case<ArgumentOutOfRangeException>("BatchNormalizationLayer..ctor", () => _ = new BatchNormalizationLayer(1), () => _ = new BatchNormalizationLayer(epsilon: 0)),
        Case<ArgumentOutOfRangeException>("EmbeddingLayer..ctor", () => _ = new EmbeddingLayer(0, 1), () => _ = new EmbeddingLayer(1, 0), () => _ = new EmbeddingLayer((1 << 24) + 1, 1)),
        Case<ArgumentOutOfRangeException>("NumericEmbeddingLayer..ctor", () => _ = new NumericEmbeddingLayer(0), () => _ = new NumericEmbeddingLayer(33), () => _ = new NumericEmbeddingLayer(1, 0)),
        Case<ArgumentException>("MissingValueLayer..ctor", () => _ = new MissingValueLayer([]), () => _ = new MissingValueLayer([-1]), () => _ = new MissingValueLayer([2, 1])),
        Case<ArgumentException>("NumericEmbeddingLayer..ctor", () => _ = new NumericEmbeddingLayer(1, 2, []), () => _ = new NumericEmbeddingLayer(1, 2, [-1]), () => _ = new NumericEmbeddingLayer(1, 2, [1, 1])),
        Case<ArgumentOutOfRangeException>("LayerNormalizationLayer..ctor", () => _ = new LayerNormalizationLayer(0)),
        Case<ArgumentOutOfRangeException>("StandardizationLayer..ctor", () => _ = new StandardizationLayer(-1)),
        Case<ArgumentOutOfRangeException>("BinaryCrossEntropy..ctor", () => _ = new BinaryCrossEntropy(1.5f)),
        Case<ArgumentOutOfRangeException>("HuberLoss..ctor", () => _ = new HuberLoss(0)),
        Case<ArgumentNullException>("MultiQuantileLoss..ctor", () => _ = new MultiQuantileLoss(null!)),
        Case<ArgumentException>("MultiQuantileLoss..ctor", () => _ = new MultiQuantileLoss(), () => _ = new MultiQuantileLoss(0.5f, 0.4f)),
        Case<ArgumentOutOfRangeException>("MultiQuantileLoss..ctor", () => _ = new MultiQuantileLoss(0, 0.5f)),
        Case<ArgumentOutOfRangeException>("QuantileLoss..ctor", () => _ = new QuantileLoss(0)),
        Case<ArgumentOutOfRangeException>("TweedieLoss..ctor", () => _ = new TweedieLoss(2)),
        Case<ArgumentOutOfRangeException>("SoftmaxCrossEntropy..ctor", () => _ = new SoftmaxCrossEntropy(float.NaN)),
        Case<ArgumentOutOfRangeException>("AdaGrad..ctor", () => _ = new AdaGrad(0)),
        Case<ArgumentOutOfRangeException>("Adam..ctor", () => _ = new Adam(1), () => _ = new Adam(beta2: -1), () => _ = new Adam(epsilon: 0)),
        Case<ArgumentOutOfRangeException>("AdamW..ctor", () => _ = new AdamW(1)),
        Case<ArgumentOutOfRangeException>("Muon..ctor", () => _ = new Muon(0), () => _ = new Muon(iterations: 0), () => _ = new Muon(interval: 0)),
        Case<ArgumentOutOfRangeException>("RMSProp..ctor", () => _ = new RMSProp(1), () => _ = new RMSProp(momentum: 1)),
        Case<ArgumentOutOfRangeException>("StochasticGradientDescent..ctor", () => _ = new StochasticGradientDescent(1)),
        Case<ArgumentException>("StochasticGradientDescent..ctor", () => _ = new StochasticGradientDescent(0, nesterov: true)),
        Case<ArgumentOutOfRangeException>("CosineSchedule..ctor", () => _ = new CosineSchedule(2), () => _ = new CosineSchedule(0, 0)),
        Case<ArgumentOutOfRangeException>("ExponentialSchedule..ctor", () => _ = new ExponentialSchedule(-1)),
        Case<ArgumentOutOfRangeException>("OneCycleSchedule..ctor", () => _ = new OneCycleSchedule(2)),
        Case<ArgumentOutOfRangeException>("PlateauSchedule..ctor", () => _ = new PlateauSchedule(2), () => _ = new PlateauSchedule(patience: -1)),
        Case<ArgumentOutOfRangeException>("PolynomialSchedule..ctor", () => _ = new PolynomialSchedule(-1)),
        Case<ArgumentOutOfRangeException>("StepSchedule..ctor", () => _ = new StepSchedule(0)),
        Case<ArgumentOutOfRangeException>("WarmUpSchedule..ctor", () => _ = new WarmUpSchedule(0)),
        Case<ArgumentException>("Checkpoints..ctor", () => _ = new Checkpoints(" "), () => _ = new Checkpoints("a\0b"), () => _ = new Checkpoints(null!)),
        Case<ArgumentOutOfRangeException>("Checkpoints..ctor", () => _ = new Checkpoints("a", 0)),
        Case<ArgumentException>("ClassWeights.Given", () => ClassWeights.Given([]), () => ClassWeights.Given([0, 0]), () => ClassWeights.Given([1, -1]), () => ClassWeights.Given(null!)),
        Case<ArgumentOutOfRangeException>("EarlyStopping..ctor", () => _ = new EarlyStopping(patience: 0)),
    ];

    /// <summary>It takes two threads: NetworkForwardTests.</summary>
    private static readonly string[] Elsewhere = ["Network.Forward: InvalidOperationException", "Workspace.Dispose: InvalidOperationException"];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Cases.Length)];

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_documented_is_thrown(int index) => Documented.Check(Cases[index].Documented, Cases[index].Ways, isExact: true);

    [Fact]
    public void Every_documented_exception_has_a_case() => Assert.Equal(Documented.All.Order(), Cases.Select(c => c.Documented).Concat(Elsewhere).Order());

    private static DocumentedExceptions Documented { get; } = new(typeof(Network).Assembly);

    private static (string Documented, Action[] Ways) Case<T>(string member, params Action[] ways) where T : Exception => ($"{member}: {typeof(T).Name}", ways);

    private static Network Line() => Network.Create(2, [new DenseLayer(1)], seed: 1);

    private static void On<T>(T subject, Action<T> action) => action(subject);

    private static NetworkTrainer Trainer(Action<TrainingOptions>? change = null, Network? network = null)
    {
        var options = new TrainingOptions { NumberOfEpochs = 3 };
        change?.Invoke(options);
        return new NetworkTrainer(network ?? Line(), options);
    }

    private static void Find(Network? network = null, Dataset? data = null, TrainingOptions? options = null, float lowest = 1e-6f, float highest = 10, int steps = 10) =>
        LearningRateFinder.Find(network ?? Line(), data ?? Numbers, options ?? new TrainingOptions(), lowest, highest, steps);

    /// <summary>Goes on from a checkpoint with other options, or after something was done to it.</summary>
    private static void InFolder(string name, Action<TrainingOptions> change, Action<string> spoil)
    {
        var folder = Path.Combine(Folder, name);
        Action<TrainingOptions> options = o => (o.Seed, o.Checkpoints) = (1, new Checkpoints(folder));
        Trainer(options).Train(Numbers);
        spoil(Path.Combine(folder, "training.checkpoint"));
        Trainer(options + change).Train(Numbers);
    }

    private static void InCallback(Action<NetworkTrainer> use)
    {
        NetworkTrainer? trainer = null;
        trainer = Trainer(o => o.EpochCompleted = _ => use(trainer!));
        trainer.Train(Numbers);
    }

    private static Workspace Disposed(Network network)
    {
        var workspace = network.CreateWorkspace(1);
        workspace.Dispose();
        return workspace;
    }

    private static MemoryStream Closed()
    {
        var stream = new MemoryStream();
        stream.Dispose();
        return stream;
    }

    private sealed class UnseekableStream : MemoryStream
    {
        public override bool CanSeek => false;
    }

    private sealed class Infinite : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient) => double.PositiveInfinity;
    }
}
