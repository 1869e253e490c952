namespace MLNet.DenseNet.Engine.Tests.Training;

public class AllocationTests
{
    public static TheoryData<Optimizer> Optimizers =>
        [new StochasticGradientDescent(), new StochasticGradientDescent(0.9f), new Adam(), new AdamW(), new RMSProp(momentum: 0.9f), new AdaGrad()];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Training_steps_allocate_nothing(Optimizer optimizer)
    {
        // What an epoch allocates is its summary, however many steps it has.
        Assert.InRange(AllocatedByAnEpoch(optimizer, rows: 40), 0, 500);
        Assert.InRange(AllocatedByAnEpoch(optimizer, rows: 4000), 0, 500);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_of_an_ensemble_allocate_nothing(Optimizer optimizer)
    {
        Assert.InRange(AllocatedByAnEpoch(optimizer, rows: 40, members: 3), 0, 500);
        Assert.InRange(AllocatedByAnEpoch(optimizer, rows: 4000, members: 3), 0, 500);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_on_sparse_rows_allocate_nothing(Optimizer optimizer)
    {
        Assert.InRange(AllocatedByAnEpoch(optimizer, rows: 40, isSparse: true), 0, 500);
        Assert.InRange(AllocatedByAnEpoch(optimizer, rows: 4000, isSparse: true), 0, 500);
    }

    [Fact]
    public void Augmented_steps_allocate_nothing()
    {
        foreach (var augmentation in (Augmentation[])[new TableAugmentation(noise: 0.1f, mixup: 0.2f), new ImageAugmentation(5, 1, rotation: 10, brightness: 0.1f, noise: 0.1f)])
        {
            Assert.InRange(AllocatedByAnEpoch(new Adam(), rows: 40, augmentation: augmentation), 0, 500);
            Assert.InRange(AllocatedByAnEpoch(new Adam(), rows: 4000, augmentation: augmentation), 0, 500);
        }
    }

    private static long AllocatedByAnEpoch(Optimizer optimizer, int rows, bool isSparse = false, int members = 0, Augmentation? augmentation = null)
    {
        Layer[] layers = [new DenseLayer(33, Activation.GELU), new DropoutLayer(0.2f), new DenseLayer(17, Activation.ReLU), new DenseLayer(3, Activation.Softmax)];
        var network = Network.Create(5, members == 0 ? layers : [new EnsembleLayer(members, layers)], seed: 1);
        var classes = Enumerable.Range(0, rows).Select(i => i % 3).ToArray();
        var data = isSparse
            ? Dataset.FromClasses(SparseSamples.Store(SparseSamples.Rows(rows, 5, share: 0.5, seed: 1), 5), 3, classes, default)
            : Dataset.FromClasses(5, 3, Samples.Numbers(rows * 5, seed: 1), classes);
        var allocated = new List<long>(capacity: 10);
        var rowsSeen = 0L;
        new NetworkTrainer(network, new TrainingOptions
        {
            Optimizer = optimizer,
            Augmentation = augmentation,
            LearningRateSchedule = new WarmUpSchedule(1.5f, new CosineSchedule()),
            GradientNormLimit = 0.5f,
            GradientValueLimit = 0.1f,
            BatchSize = 4,
            NumberOfEpochs = 9,
            BatchCompleted = batch => rowsSeen += batch.Rows,
            EpochCompleted = _ => allocated.Add(GC.GetAllocatedBytesForCurrentThread()),
        }).Train(data);
        // The least of some epochs: a collection that another test causes in between is counted too.
        return allocated.Zip(allocated.Skip(1), (before, after) => after - before).TakeLast(6).Min();
    }
}
