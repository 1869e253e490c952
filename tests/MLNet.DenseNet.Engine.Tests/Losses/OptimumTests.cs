namespace MLNet.DenseNet.Engine.Tests.Losses;

/// <summary>Where nothing but a bias is learned, each loss ends at the number that statistics say is its optimum, in the targets' own units.</summary>
public class OptimumTests
{
    private static readonly float[] WithOutlier = [1000, 1000, 1000, 1000, 1100];

    public static TheoryData<Loss, float, double> Locations => new()
    {
        // The mean.
        { new MeanSquaredError(), 0.1f, 1020 },
        // The median.
        { new MeanAbsoluteError(), 5, 1000 },
        // The number x for which the errors, those beyond delta cut to it, sum to 0: 4 (x - 1000) = delta.
        { new HuberLoss(10), 0.5f, 1002.5 },
        { new HuberLoss(1), 5, 1000.25 },
        // Four of five targets are 1000.
        { new QuantileLoss(0.5f), 5, 1000 },
        { new QuantileLoss(0.9f), 5, 1100 },
    };

    /// <summary>Where there is nothing but a mean to learn, all of them find it.</summary>
    public static TheoryData<Loss, float, float> MeanLosses => new()
    {
        { new PoissonLoss(), 0.1f, 1 }, { new GammaLoss(), 0.5f, 1 }, { new TweedieLoss(), 0.2f, 1 }, { new TweedieLoss(1.1f), 0.1f, 1 },
        { new PoissonLoss(), 1e-3f, 300 }, { new GammaLoss(), 0.5f, 300 }, { new TweedieLoss(1.9f), 5e-3f, 300 },
    };

    [Theory]
    [MemberData(nameof(MeanLosses))]
    public void Deviances_end_at_the_mean(Loss loss, float rate, float unit)
    {
        float[] targets = [.. ((float[])[1, 2, 2, 7]).Select(target => target * unit)];
        foreach (var (activation, toMean) in ((Activation, Func<double, double>)[])[(Activation.Exponential, y => y), (Activation.Identity, Math.Exp)])
        {
            var learned = LearnBias(Dataset.FromTargets(1, 1, new float[targets.Length], targets), [new DenseLayer(1, activation)], loss, rate);
            Assert.Equal(3 * unit, toMean(learned[0]), 1e-3 * unit);
        }
    }

    [Theory]
    [MemberData(nameof(Locations))]
    public void A_regression_ends_at_the_location_of_its_loss(Loss loss, float rate, double expected)
    {
        var learned = LearnBias(Dataset.FromTargets(1, 1, new float[WithOutlier.Length], WithOutlier), [new DenseLayer(1)], loss, rate);
        Assert.Equal(expected, learned[0], 0.02);
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(1, 0.9)]
    public void Smoothed_binary_labels_end_at_half_the_smoothing_from_0_and_1(int label, double expected)
    {
        var learned = LearnBias(Dataset.FromClasses(1, 2, new float[3], new[] { label, label, label }), [new DenseLayer(1, Activation.Sigmoid)], new BinaryCrossEntropy(0.2f), rate: 2);
        Assert.Equal(expected, learned[0], 1e-3);
    }

    [Fact]
    public void Smoothed_labels_of_classes_share_the_smoothing_among_all_of_them()
    {
        var learned = LearnBias(Dataset.FromClasses(1, 4, new float[3], new[] { 2, 2, 2 }), [new DenseLayer(4, Activation.Softmax)], new SoftmaxCrossEntropy(0.2f), rate: 2);
        Assert.All(learned.Zip((double[])[0.05, 0.05, 0.85, 0.05]), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    /// <summary>By plain descent with steps that shrink to 0, which ends at a kink too.</summary>
    private static float[] LearnBias(Dataset data, Layer[] layers, Loss loss, float rate)
    {
        var network = Network.Create(1, layers, seed: 1);
        new NetworkTrainer(network, new TrainingOptions
        {
            Loss = loss,
            Optimizer = new StochasticGradientDescent(),
            LearningRate = rate,
            LearningRateSchedule = new CosineSchedule(),
            BatchSize = TrainingOptions.FullBatch,
            NumberOfEpochs = 4000,
            NumberOfThreads = 1,
            Seed = 1,
        }).Train(data);
        return network.Predict([0]);
    }
}
