namespace MLNet.DenseNet.Engine.Tests.Training;

public class TrainingOptionsTests
{
    private static readonly Dictionary<string, (string Option, TrainingOptions Options)> Wrong = new()
    {
        ["rate 0"] = (nameof(TrainingOptions.LearningRate), new() { LearningRate = 0 }),
        ["negative rate"] = (nameof(TrainingOptions.LearningRate), new() { LearningRate = -0.1f }),
        ["rate not a number"] = (nameof(TrainingOptions.LearningRate), new() { LearningRate = float.NaN }),
        ["infinite rate"] = (nameof(TrainingOptions.LearningRate), new() { LearningRate = float.PositiveInfinity }),
        ["batch of 0"] = (nameof(TrainingOptions.BatchSize), new() { BatchSize = 0 }),
        ["negative batch"] = (nameof(TrainingOptions.BatchSize), new() { BatchSize = -1 }),
        ["no epoch"] = (nameof(TrainingOptions.NumberOfEpochs), new() { NumberOfEpochs = 0 }),
        ["negative epochs"] = (nameof(TrainingOptions.NumberOfEpochs), new() { NumberOfEpochs = -5 }),
        ["negative decay"] = (nameof(TrainingOptions.WeightDecay), new() { WeightDecay = -0.1f }),
        ["decay not a number"] = (nameof(TrainingOptions.WeightDecay), new() { WeightDecay = float.NaN }),
        ["infinite decay"] = (nameof(TrainingOptions.WeightDecay), new() { WeightDecay = float.PositiveInfinity }),
        ["negative fraction"] = (nameof(TrainingOptions.ValidationFraction), new() { ValidationFraction = -0.1f }),
        ["fraction of 1"] = (nameof(TrainingOptions.ValidationFraction), new() { ValidationFraction = 1 }),
        ["unknown behavior"] = (nameof(TrainingOptions.CancellationBehavior), new() { CancellationBehavior = (CancellationBehavior)9 }),
        ["norm limit 0"] = (nameof(TrainingOptions.GradientNormLimit), new() { GradientNormLimit = 0 }),
        ["norm limit not a number"] = (nameof(TrainingOptions.GradientNormLimit), new() { GradientNormLimit = float.NaN }),
        ["negative value limit"] = (nameof(TrainingOptions.GradientValueLimit), new() { GradientValueLimit = -1 }),
        ["infinite value limit"] = (nameof(TrainingOptions.GradientValueLimit), new() { GradientValueLimit = float.PositiveInfinity }),
    };

    private readonly Network _network = Network.Create(1, [new DenseLayer(1)], seed: 1);

    public static TheoryData<string> WrongOptions => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_outside_their_range_are_named(string wrong)
    {
        var (option, options) = Wrong[wrong];
        var exception = Assert.Throws<ArgumentOutOfRangeException>(option, () => new NetworkTrainer(_network, options));
        Assert.Contains(option, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_network_or_options_are_refused()
    {
        Assert.Throws<ArgumentNullException>("network", () => new NetworkTrainer(null!, new TrainingOptions()));
        Assert.Throws<ArgumentNullException>("options", () => new NetworkTrainer(_network, null!));
    }

    [Fact]
    public void Rate_in_force_is_the_optimizers_unless_given()
    {
        var data = Dataset.FromTargets(1, 1, new float[] { 1 }, new float[] { 2 });
        Assert.Equal(0.001f, Rate(new TrainingOptions()));
        Assert.Equal(0.01f, Rate(new TrainingOptions { Optimizer = new StochasticGradientDescent() }));
        Assert.Equal(0.3f, Rate(new TrainingOptions { LearningRate = 0.3f }));

        float Rate(TrainingOptions options)
        {
            options.NumberOfEpochs = 1;
            return new NetworkTrainer(_network, options).Train(data)[0].LearningRate;
        }
    }

    [Fact]
    public void Later_changes_of_the_options_have_no_effect()
    {
        var options = new TrainingOptions { NumberOfEpochs = 2, LearningRate = 0.5f, Optimizer = new StochasticGradientDescent() };
        var trainer = new NetworkTrainer(_network, options);
        options.NumberOfEpochs = 7;
        options.LearningRate = 0.25f;
        options.EpochCompleted = _ => Assert.Fail("Called after construction.");
        var history = trainer.Train(Dataset.FromTargets(1, 1, new float[] { 1 }, new float[] { 2 }));
        Assert.Equal([(1, 2, 0.5f), (2, 2, 0.5f)], history.Select(e => (e.Epoch, e.NumberOfEpochs, e.LearningRate)));
    }
}
