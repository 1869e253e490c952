namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>A step allocates nothing, on no thread. The memory of all threads is counted, so nothing else may run meanwhile.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    private const int BatchSize = 32;

    // An epoch allocates its summary. An object is of 24 bytes at least, so one in each step is more than that.
    private const int Steps = 30;
    private const int LargestSummary = 500;

    /// <summary>All but the small one have products that are large enough for several threads, and first weights that are changed while their gradient is computed.</summary>
    private static readonly Dictionary<string, Training> Trainings = new()
    {
        ["small"] = new(5, [new DenseLayer(33, Activation.SiLU), new DenseLayer(3, Activation.Softmax)]),
        ["dense"] = new(200, Large),
        ["sparse"] = new(800, Large, IsSparse: true),
        ["ensemble"] = new(200, [new EnsembleLayer(3, Large)]),
        ["ensemble, sparse"] = new(800, [new EnsembleLayer(3, Large)], IsSparse: true),
        ["gradients limited"] = new(200, Large, options => (options.GradientNormLimit, options.GradientValueLimit) = (0.5f, 0.1f)),
        ["ensemble, gradients limited"] = new(200, [new EnsembleLayer(3, Large)], options => (options.GradientNormLimit, options.GradientValueLimit) = (0.5f, 0.1f)),
        ["weights averaged"] = new(200, Large, options => options.AverageWeights = true),
        ["ensemble, weights averaged"] = new(200, [new EnsembleLayer(3, Large)], options => options.AverageWeights = true),
        ["residual"] = new(
            new Shape(10, 10, 3),
            [
                new ResidualLayer([new ConvolutionLayer(24, 3, stride: 2, padding: Padding.Same, activation: Activation.ReLU), new DropoutLayer(0.1f), new ConvolutionLayer(32, 3, padding: Padding.Same)]),
                new ResidualLayer([new ResidualLayer([new ConvolutionLayer(32, 1, activation: Activation.GELU)])]),
                new ResidualLayer([new DenseLayer(70)]), new DenseLayer(3, Activation.Softmax),
            ]),
        ["sparse, gradients limited"] = new(800, Large, options => (options.GradientNormLimit, options.GradientValueLimit) = (0.5f, 0.1f), IsSparse: true),
        ["numbers beside words"] = new(
            800, [new StandardizationLayer(), new WideAndDeepLayer([3, 700], [new NumericEmbeddingLayer(4, scaleRate: 6), new DenseLayer(70)]), new ActivationLayer(Activation.SiLU), new DenseLayer(3, Activation.Softmax)], IsSparse: true),
        ["principal components"] = new(200, [new StandardizationLayer(), new PrincipalComponentsLayer(30), .. Large]),
        ["standardized"] = new(200, [new StandardizationLayer(), .. Large]),
        ["convolutions"] = new(
            new Shape(10, 10, 3), [new ConvolutionLayer(40, 3, padding: Padding.Same, activation: Activation.ReLU), new ConvolutionLayer(8, 3, stride: 2, groups: 2, activation: Activation.GELU), new DenseLayer(3, Activation.Softmax)]),
        ["normalizations"] = new(
            new Shape(10, 10, 3), [new BatchNormalizationLayer(), new ConvolutionLayer(40, 3), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU), new LayerNormalizationLayer(), new DenseLayer(3, Activation.Softmax)]),
        ["numeric embedding"] = new(20, [new NumericEmbeddingLayer(4, scaleRate: 6), new DenseLayer(3, Activation.Softmax)]),
        ["embedding"] = new(20, [new EmbeddingLayer(1000, 70), new DenseLayer(3, Activation.Softmax)]),
        ["pooling"] = new(
            new Shape(10, 10, 3), [new ConvolutionLayer(40, 3), new ActivationLayer(Activation.GELU), new MaxPoolingLayer(2), new AveragePoolingLayer(3, 1, Padding.Same), new ReshapeLayer(new Shape(16, 40)), new GlobalMaxPoolingLayer(), new DenseLayer(3, Activation.Softmax)]),
        ["mixup and noise"] = new(200, Large, options => options.Augmentation = new TableAugmentation(noise: 0.1f, mixup: 0.2f)),
        ["images turned"] = new(10 * 20, Large, options => options.Augmentation = new ImageAugmentation(10, 20, rotation: 10, brightness: 0.1f, noise: 0.1f)),
        ["sequences"] = new(
            new Shape(10, 6), [new RecurrentLayer(33, returnSequences: true), new BidirectionalLayer(new LstmLayer(40, returnSequences: true, dropoutRate: 0.2f)), new GruLayer(40), new DenseLayer(3, Activation.Softmax)]),
        ["images with channels last"] = new(new Shape(20, 5, 2), Large, options => options.Augmentation = new ImageAugmentation(shift: 1, rotation: 10)),
        ["groups"] = new(200, [new EnsembleLayer(3, [new DenseLayer(200, Activation.GELU), new DenseLayer(1)])], options => (options.Loss, options.ValidationFraction) = (new ListNetLoss(), 0.2f), IsGrouped: true),
        ["validated"] = new(200, Large, options => (options.ValidationFraction, options.RestoreBestWeights) = (0.2f, true)),
    };

    private static Layer[] Large => [new DenseLayer(200, Activation.GELU), new DropoutLayer(0.2f), new DenseLayer(17, Activation.ReLU), new DenseLayer(3, Activation.Softmax)];

    public static TheoryData<string, int> TrainingsAndThreads => new MatrixTheoryData<string, int>(Trainings.Keys, [1, 3]);

    public static TheoryData<string, string> TrainingsAndOptimizers => new MatrixTheoryData<string, string>(["dense", "sparse", "ensemble"], Samples.Optimizers.Keys);

    public static TheoryData<string> Schedules => [.. Samples.Schedules.Keys];

    [Theory]
    [MemberData(nameof(TrainingsAndThreads))]
    public void Steps_allocate_nothing_on_any_thread(string training, int threads) => Check(training, o => o.NumberOfThreads = threads);

    [Theory]
    [MemberData(nameof(TrainingsAndOptimizers))]
    public void Steps_of_every_optimizer_allocate_nothing(string training, string optimizer) => Check(training, o => o.Optimizer = Samples.Optimizers[optimizer]);

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Steps_at_the_rates_of_every_schedule_allocate_nothing(string schedule) => Check("small", o => o.LearningRateSchedule = Samples.Schedules[schedule]);

    /// <summary>Shows that the counter sees what it is there for.</summary>
    [Theory]
    [InlineData("dense")]
    [InlineData("sparse")]
    [InlineData("ensemble")]
    public void An_allocation_of_another_thread_is_seen(string training)
    {
        var optimizer = new AllocatingElsewhere();
        var counts = new List<int>(capacity: 100);
        var allocated = Trainings[training].Run(o =>
        {
            o.Optimizer = optimizer;
            o.BatchCompleted = batch =>
            {
                if (batch.Batch == batch.NumberOfBatches)
                    counts.Add(optimizer.Allocations);
            };
        });
        for (var epoch = 1; epoch < counts.Count; epoch++)
        {
            var allocations = counts[epoch] - counts[epoch - 1];
            Assert.InRange(allocations, Steps, int.MaxValue);
            Assert.InRange(allocated[epoch - 1], allocations * AllocatingElsewhere.Bytes, long.MaxValue);
        }
    }

    /// <summary>The least of some epochs of some trainings, since the runtime, and whoever reports on the tests on a busy machine, allocates now and then.</summary>
    private static void Check(string training, Action<TrainingOptions> change)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5 && least > LargestSummary; attempt++)
            least = Math.Min(least, Trainings[training].Run(change).TakeLast(3).Min());
        Assert.InRange(least, 0, LargestSummary);
    }

    private sealed record Training(Shape Shape, Layer[] Layers, Action<TrainingOptions>? Change = null, bool IsSparse = false, bool IsGrouped = false)
    {
        private int Inputs => Shape.Size;

        /// <returns>The bytes that each epoch but the first allocated.</returns>
        public long[] Run(Action<TrainingOptions> change)
        {
            const int Rows = BatchSize * Steps;
            var classes = Enumerable.Range(0, Rows).Select(row => row % 3).ToArray();
            var data = IsSparse
                ? Dataset.FromClasses(SparseSamples.Store(SparseSamples.Rows(Rows, Inputs, share: 0.25, seed: 1), Inputs), 3, classes, default)
                : Dataset.FromClasses(Inputs, 3, Samples.WholeNumbersWhereNeeded(Layers[0], Samples.Numbers(Rows * Inputs, seed: 1)), classes);
            if (IsGrouped)
                data = Dataset.FromTargets(Inputs, 1, Samples.Numbers(Rows * Inputs, seed: 1), Samples.Numbers(Rows, seed: 2)).WithGroups([.. Enumerable.Range(0, Rows).Select(row => row * row % 101)]);
            var totals = new List<long>(capacity: 10);
            var options = new TrainingOptions
            {
                BatchSize = BatchSize,
                NumberOfEpochs = 5,
                NumberOfThreads = 2,
                AdaptsThreads = false,
                EpochCompleted = _ => totals.Add(GC.GetTotalAllocatedBytes(precise: true)),
            };
            Change?.Invoke(options);
            change(options);
            new NetworkTrainer(Network.Create(Shape, Layers, seed: 1), options).Train(data);
            return [.. totals.Zip(totals.Skip(1), (before, after) => after - before)];
        }
    }

    /// <summary>Allocates in each step that another thread than that of the training takes, and does nothing else. The thread of the training waits for the other one, so that it takes part however busy the machine is.</summary>
    private sealed class AllocatingElsewhere : Optimizer
    {
        public const int Bytes = 24;

        // A panel of the first weights, which threads share in every training here. Smaller parameters are not all shared: the other thread would not come.
        private const int SmallestShared = 200 * 32;

        private readonly int _thread = Environment.CurrentManagedThreadId;
        private readonly long _patience = Environment.TickCount64 + 60_000;
        private long _latest;
        private int _allocations;

        public int Allocations => _allocations;

        public override float DefaultLearningRate => 1;

        internal override int StateCount => 0;

        internal override void Step(in OptimizerStep step)
        {
            if (Environment.CurrentManagedThreadId == _thread)
            {
                while (step.Parameters.Length >= SmallestShared && Volatile.Read(ref _latest) < step.Number && Environment.TickCount64 < _patience)
                    Thread.Yield();
                return;
            }

            GC.KeepAlive(new object());
            Interlocked.Increment(ref _allocations);
            Volatile.Write(ref _latest, step.Number);
        }
    }
}
