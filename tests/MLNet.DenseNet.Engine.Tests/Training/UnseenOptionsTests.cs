namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>What claims to change no bit of the model changes none, of whatever kind the network and the rows are.</summary>
public sealed class UnseenOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static readonly Dictionary<string, Action<TrainingOptions, string>> Unseen = new()
    {
        ["two threads"] = (o, _) => o.NumberOfThreads = 2,
        ["seven threads"] = (o, _) => o.NumberOfThreads = 7,
        ["all threads"] = (o, _) => o.NumberOfThreads = null,
        ["diagnostics"] = (o, _) => o.RecordDiagnostics = true,
        ["checkpoints"] = (o, folder) => o.Checkpoints = new Checkpoints(folder),
        ["callbacks"] = (o, _) => (o.BatchCompleted, o.EpochCompleted, o.TrainingCompleted) = (b => GC.KeepAlive(b.Loss), e => GC.KeepAlive(e.Loss), h => GC.KeepAlive(h.Count)),
        ["cancellation"] = (o, _) => (o.CancellationToken, o.CancellationBehavior) = (new CancellationTokenSource().Token, CancellationBehavior.ReturnModel),
        ["all of it"] = (o, folder) =>
        {
            foreach (var name in (string[])["two threads", "diagnostics", "checkpoints", "callbacks", "cancellation"])
                Unseen![name](o, folder);
        },
    };

    private static readonly Dictionary<string, Subject> Subjects = new()
    {
        ["small"] = new(SmallTraining.Inputs, [new DenseLayer(6, Activation.Tanh), new DropoutLayer(0.3f), new DenseLayer(2)], Rows: 10),
        ["large weights"] = new(200, [new DenseLayer(180, Activation.ReLU), new DropoutLayer(0.2f), new DenseLayer(2)], Rows: 30),
        ["large bias"] = new(1, [new DenseLayer(32_768)], Rows: 5),
        ["large bias in between"] = new(2, [new DenseLayer(33_000, Activation.Tanh), new DenseLayer(1)], Rows: 5),
        ["sparse"] = new(1000, [new DenseLayer(40, Activation.ReLU), new DenseLayer(2)], Rows: 30, IsSparse: true),
        ["sparse, standardized"] = new(1000, [new StandardizationLayer(), new DenseLayer(40, Activation.ReLU), new DenseLayer(2)], Rows: 30, IsSparse: true),
        ["ensemble"] = new(9, [new EnsembleLayer(3, [new DenseLayer(8, Activation.GELU), new DropoutLayer(0.2f), new DenseLayer(2)])], Rows: 20),
        ["large ensemble"] = new(200, [new EnsembleLayer(3, [new DenseLayer(180, Activation.GELU), new DenseLayer(2)])], Rows: 20),
        ["clipped"] = new(200, [new DenseLayer(180, Activation.ReLU), new DenseLayer(2)], Rows: 20, Change: o => o.GradientNormLimit = 0.1f),
        ["augmented"] = new(9, [new DenseLayer(8, Activation.ReLU), new DenseLayer(2)], Rows: 20, Change: o => o.Augmentation = new TableAugmentation(noise: 0.1f, mixup: 0.2f)),
        ["stopped early"] = new(9, [new DenseLayer(8, Activation.ReLU), new DenseLayer(2)], Rows: 20, Change: o =>
            (o.ValidationFraction, o.EarlyStopping, o.LearningRate, o.LearningRateSchedule) = (0.3f, new EarlyStopping(patience: 1), 0.3f, new PlateauSchedule(0.5f, patience: 0))),
        ["batch too large to hand on"] = new(200, [new DenseLayer(180, Activation.ReLU), new DenseLayer(2)], Rows: 1100, Change: o => (o.BatchSize, o.NumberOfEpochs) = (1050, 2)),
    };

    public static TheoryData<string, string> All => new MatrixTheoryData<string, string>(Subjects.Keys, Unseen.Keys);

    [Theory]
    [MemberData(nameof(All))]
    public void It_changes_no_bit(string subject, string unseen) => Assert.Equal(Subjects[subject].Bits.Value, Subjects[subject].Train(o => Unseen[unseen](o, _folder)));

    [Fact]
    public void The_comparison_sees_what_changes_bits() => Assert.All(Subjects.Values, subject => Assert.NotEqual(subject.Bits.Value, subject.Train(o => o.Seed = 5)));

    private sealed record Subject(int Inputs, Layer[] Layers, int Rows, bool IsSparse = false, Action<TrainingOptions>? Change = null)
    {
        private Dataset Data
        {
            get
            {
                var features = IsSparse ? SparseSamples.Rows(Rows, Inputs, 0.05, seed: 1) : Samples.Numbers(Rows * Inputs, seed: 1);
                var outputs = Network.Create(Inputs, Layers, seed: 3).OutputShape.Size;
                var targets = Samples.Numbers(Rows * outputs, seed: 2);
                return IsSparse ? Dataset.FromTargets(SparseSamples.Store(features, Inputs), outputs, targets, default) : Dataset.FromTargets(Inputs, outputs, features, targets);
            }
        }

        /// <summary>Of the simplest training.</summary>
        public Lazy<int[]> Bits => field ??= new(() => Train(_ => { }));

        public int[] Train(Action<TrainingOptions> change)
        {
            var network = Network.Create(Inputs, Layers, seed: 3);
            var options = new TrainingOptions { Seed = 4, BatchSize = 4, NumberOfEpochs = 3, WeightDecay = 0.01f, NumberOfThreads = 1 };
            Change?.Invoke(options);
            change(options);
            new NetworkTrainer(network, options).Train(Data);
            return Samples.ParameterBits(network);
        }
    }
}
