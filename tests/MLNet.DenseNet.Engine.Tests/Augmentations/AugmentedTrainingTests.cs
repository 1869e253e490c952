namespace MLNet.DenseNet.Engine.Tests.Augmentations;

public class AugmentedTrainingTests
{
    public static TheoryData<Augmentation> Augmentations =>
    [
        new ImageAugmentation(7, 12, shift: 2, rotation: 20, zoom: 0.2f, flipHorizontally: true, flipVertically: true, brightness: 0.2f, noise: 0.1f),
        new ImageAugmentation(6, 7, channels: 2, shift: 1),
        new TableAugmentation(noise: 0.2f, mixup: 0.4f),
    ];

    // Rows that leave gaps where each begins a cache line, and enough of them to share.
    private const int Inputs = 84;

    private static readonly Dataset Data = Dataset.FromClasses(Inputs, 3, Samples.Numbers(203 * Inputs, seed: 1), Enumerable.Range(0, 203).Select(i => i % 3).ToArray());

    [Theory]
    [MemberData(nameof(Augmentations))]
    public void The_number_of_threads_changes_no_bit(Augmentation augmentation)
    {
        var one = Train(augmentation, threads: 1);
        Assert.Equal(one, Train(augmentation, threads: 2));
        Assert.Equal(one, Train(augmentation, threads: 3));
        Assert.NotEqual(one, Train(augmentation, threads: 1, seed: 4));
        Assert.NotEqual(one, Train(null, threads: 1));
    }

    [Theory]
    [MemberData(nameof(Augmentations))]
    public void Each_step_varies_rows_anew_and_the_same_step_alike(Augmentation augmentation)
    {
        var first = Rows(step: 0, threads: 1);
        Assert.Equal(first, Rows(step: 0, threads: 3));
        Assert.NotEqual(first, Rows(step: 1, threads: 1));

        float[] Rows(long step, int threads) => [.. AugmentedSamples.Augment(augmentation, Data, 3, step, threads).Features.SelectMany(row => row)];
    }

    /// <summary>A network that is not trained measures rows as they are.</summary>
    [Theory]
    [MemberData(nameof(Augmentations))]
    public void Rows_to_validate_with_stay_as_they_are(Augmentation augmentation)
    {
        var history = new NetworkTrainer(NewNetwork(), Options(augmentation, threads: 1, rate: 1e-30f)).Train(Data, Data);
        var plain = new NetworkTrainer(NewNetwork(), Options(null, threads: 1, rate: 1e-30f)).Train(Data, Data);
        Assert.Equal(plain.Select(epoch => (epoch.ValidationLoss, epoch.ValidationAccuracy)), history.Select(epoch => (epoch.ValidationLoss, epoch.ValidationAccuracy)));
        Assert.NotEqual(plain[0].Loss, history[0].Loss);
        Assert.NotEqual(history[0].Loss, history[1].Loss);
    }

    [Fact]
    public void Images_of_another_size_than_the_rows_are_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("Augmentation", () => new NetworkTrainer(NewNetwork(), new TrainingOptions { Augmentation = new ImageAugmentation(8, 8) }));
        Assert.Contains("The option Augmentation is images of 8 x 8 x 1; it must be of images whose width * height * channels, here 64, is the number of features, 84.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mixed_classes_are_refused_where_the_loss_needs_one()
    {
        Check(new MulticlassHingeLoss(), Activation.Softmax, 3);
        Check(new HingeLoss(), Activation.Sigmoid, 1);

        static void Check(Loss loss, Activation output, int outputs)
        {
            var network = Network.Create(Inputs, [new DenseLayer(outputs, output)], seed: 1);
            var error = Assert.Throws<ArgumentOutOfRangeException>("Augmentation", () => new NetworkTrainer(network, new TrainingOptions { Loss = loss, Augmentation = new TableAugmentation(mixup: 0.2f) }));
            Assert.Contains($"it must be without mixup where the loss is {loss}, which needs one class a row", error.Message, StringComparison.Ordinal);
            // Noise alone leaves classes what they are.
            Assert.NotNull(new NetworkTrainer(network, new TrainingOptions { Loss = loss, Augmentation = new TableAugmentation(noise: 0.2f) }));
        }
    }

    /// <summary>The class of a mixture is that of its larger share, in a single output as in several.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void Mixtures_are_classified_right_by_their_larger_share(int outputs, int classes)
    {
        var labels = Enumerable.Range(0, 600).Select(i => i % classes).ToArray();
        var data = Dataset.FromClasses(3, classes, labels.SelectMany(c => Enumerable.Range(0, 3).Select(i => c == i ? 1f : -1)).ToArray(), labels);
        foreach (var mixup in (float[])[0.2f, 1])
        {
            var network = Network.Create(3, [new DenseLayer(outputs, outputs == 1 ? Activation.Sigmoid : Activation.Softmax)], seed: 1);
            var options = new TrainingOptions { Augmentation = new TableAugmentation(mixup: mixup), NumberOfEpochs = 60, LearningRate = 0.05f, Seed = 1 };
            var history = new NetworkTrainer(network, options).Train(data, data);
            Assert.Equal(1, history[^1].ValidationAccuracy);
            // Near halves the two classes are hard to tell.
            Assert.InRange(history[^1].Accuracy!.Value, mixup == 1 ? 0.85 : 0.93, 1);
        }
    }

    [Fact]
    public void An_augmentation_has_to_change_something()
    {
        foreach (var idle in (Augmentation[])[new ImageAugmentation(7, 12), new TableAugmentation()])
        {
            Assert.True(idle.IsIdle);
            var error = Assert.Throws<ArgumentOutOfRangeException>("Augmentation", () => new NetworkTrainer(NewNetwork(), new TrainingOptions { Augmentation = idle }));
            Assert.Contains($"The option Augmentation is {idle}; it must be told what to change", error.Message, StringComparison.Ordinal);
        }

        Assert.All(
            (Augmentation[])[
                new ImageAugmentation(7, 12, shift: 1), new ImageAugmentation(7, 12, rotation: 1), new ImageAugmentation(7, 12, zoom: 0.1f), new ImageAugmentation(7, 12, flipHorizontally: true),
                new ImageAugmentation(7, 12, flipVertically: true), new ImageAugmentation(7, 12, brightness: 0.1f), new ImageAugmentation(7, 12, noise: 0.1f),
                new TableAugmentation(noise: 0.1f), new TableAugmentation(mixup: 0.1f),
            ],
            augmentation => Assert.False(augmentation.IsIdle));
    }

    [Fact]
    public void Sparse_rows_are_refused()
    {
        var data = Dataset.FromTargets(SparseSamples.Store(SparseSamples.Rows(20, 5, share: 0.5, seed: 1), 5), 1, new float[20], default);
        var trainer = new NetworkTrainer(Network.Create(5, [new DenseLayer(1)], seed: 1), new TrainingOptions { Augmentation = new TableAugmentation(noise: 0.1f) });
        var error = Assert.Throws<ArgumentException>("Augmentation", () => trainer.Train(data));
        Assert.Contains("The option Augmentation is rows with noise 0.1; it must be null where rows are sparse", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_knows_the_augmentation()
    {
        var folder = Directory.CreateTempSubdirectory("augmentation");
        try
        {
            var uninterrupted = Run(new TableAugmentation(0.1f, 0.2f), epochs: 4, checkpoints: false);
            Run(new TableAugmentation(0.1f, 0.2f), epochs: 4, checkpoints: true, stopAfter: 2);
            Assert.Equal(uninterrupted, Run(new TableAugmentation(0.1f, 0.2f), epochs: 4, checkpoints: true));
            var error = Assert.ThrowsAny<Exception>(() => Run(new TableAugmentation(0.1f, 0.3f), epochs: 4, checkpoints: true));
            Assert.Contains("Mixup = 0.3", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        int[] Run(Augmentation augmentation, int epochs, bool checkpoints, int stopAfter = int.MaxValue)
        {
            var (network, options) = (NewNetwork(), Options(augmentation, threads: 1));
            options.NumberOfEpochs = epochs;
            options.Checkpoints = checkpoints ? new Checkpoints(folder.FullName) : null;
            options.EpochCompleted = epoch =>
            {
                if (epoch.Epoch == stopAfter)
                    throw new InvalidOperationException("Power cut.");
            };
            if (stopAfter < epochs)
                Assert.Throws<InvalidOperationException>(() => new NetworkTrainer(network, options).Train(Data));
            else
                new NetworkTrainer(network, options).Train(Data);
            return Samples.ParameterBits(network);
        }
    }

    private static int[] Train(Augmentation? augmentation, int threads, int seed = 3)
    {
        var network = NewNetwork();
        var options = Options(augmentation, threads);
        options.Seed = seed;
        new NetworkTrainer(network, options).Train(Data);
        return Samples.ParameterBits(network);
    }

    private static Network NewNetwork() => Network.Create(Inputs, [new DenseLayer(20, Activation.ReLU), new DenseLayer(3, Activation.Softmax)], seed: 1);

    private static TrainingOptions Options(Augmentation? augmentation, int threads, float rate = 0.01f) =>
        new() { Augmentation = augmentation, NumberOfThreads = threads, NumberOfEpochs = 2, BatchSize = 120, LearningRate = rate, Optimizer = new StochasticGradientDescent(), Shuffle = false, Seed = 3 };
}
