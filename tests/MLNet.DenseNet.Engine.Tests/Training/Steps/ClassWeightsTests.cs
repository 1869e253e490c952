using System.Globalization;

namespace MLNet.DenseNet.Engine.Tests.Training;

public class ClassWeightsTests
{
    // Six rows of class 0, two of class 1, none of class 2.
    private static readonly float[] Features = Samples.Numbers(16, seed: 5);
    private static readonly int[] Classes = [0, 0, 1, 0, 0, 1, 0, 0];

    [Fact]
    public void Balanced_weights_are_rows_over_classes_times_rows_of_the_class() =>
        Assert.Equal(Train(ClassWeights.Given([8 / (2 * 6f), 8 / (2 * 2f), 0])), Train(ClassWeights.Balanced));

    [Fact]
    public void A_weight_of_a_class_is_a_weight_of_each_of_its_rows()
    {
        float[] weights = [1, 2, 0.5f, 1, 1, 4, 3, 1];
        Assert.Equal(
            Train(null, [.. weights.Zip(Classes, (w, c) => c == 1 ? 3 * w : w)]),
            Train(ClassWeights.Given([1, 3, 7]), weights));
        Assert.Equal(Train(null, [.. Classes.Select(c => c == 1 ? 3f : 1)]), Train(ClassWeights.Given([1, 3, 7])));
        Assert.NotEqual(Train(null), Train(ClassWeights.Balanced));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_told_of_validation_leaves_class_weights_out_and_what_decides_does_not(bool weighted)
    {
        float[]? weights = weighted ? [1, 2, 0.5f, 1, 1, 4, 3, 1] : null;
        var epochs = ((ClassWeights?[])[null, ClassWeights.Given([1, 100, 1])]).Select(classWeights =>
        {
            var options = Options(classWeights);
            options.LearningRate = 1e-9f;
            return new NetworkTrainer(NewNetwork(), options).Train(Data(weights), Data(weights))[0];
        }).ToArray();
        Assert.Equal(epochs[0].ValidationLoss!.Value, epochs[1].ValidationLoss!.Value, 1e-6);
        Assert.True(Math.Abs(epochs[0].Loss - epochs[1].Loss) > 1e-3);
        Assert.Equal(epochs[0].ValidationLoss!.Value, epochs[0].MonitoredLoss);
        Assert.Equal(epochs[1].Loss, epochs[1].MonitoredLoss, 1e-6);
        Assert.Equal(epochs[1].Loss, epochs[1].Objective);
    }

    [Theory]
    [InlineData(EarlyStoppingMetric.Loss)]
    [InlineData(EarlyStoppingMetric.TaskMetric)]
    public void The_best_epoch_and_the_rate_go_by_class_weights(EarlyStoppingMetric metric)
    {
        // All rows have the same feature, so the network predicts the same for all. The likelier it finds the second class, the smaller the loss by class weights, and the larger the one without.
        var data = Dataset.FromClasses(1, 2, Enumerable.Repeat(1f, 20).ToArray(), Enumerable.Range(0, 20).Select(i => i < 17 ? 0 : 1).ToArray());
        var network = Network.Create(1, [new DenseLayer(2, Activation.Softmax)], seed: 1);
        network.Parameters[0].Set([1.8f, 0]);
        var history = new NetworkTrainer(network, new TrainingOptions
        {
            ClassWeights = ClassWeights.Given([1, 30]),
            Optimizer = new StochasticGradientDescent(),
            LearningRateSchedule = new PlateauSchedule(patience: 0),
            LearningRate = 0.1f,
            NumberOfEpochs = 20,
            BatchSize = TrainingOptions.FullBatch,
            EarlyStopping = new EarlyStopping(metric, patience: 20),
            Seed = 1,
        }).Train(data, data);
        Assert.True(history[^1].ValidationLoss > history[0].ValidationLoss, $"{history[^1]}");
        Assert.True(history[^1].ValidationAccuracy < history[0].ValidationAccuracy, $"{history[^1]}");
        Assert.True(history.RestoredEpoch > 1, $"epoch {history.RestoredEpoch}");
        Assert.Equal(history.MinBy(e => e.MonitoredValue(metric))!.Epoch, history.RestoredEpoch);
        Assert.All(history, epoch => Assert.Equal(0.1f, epoch.LearningRate));
    }

    [Fact]
    public void Validation_rows_of_classes_that_do_not_count_are_measured_without_class_weights()
    {
        var others = Dataset.FromClasses(2, 3, Samples.Numbers(4, seed: 6), new[] { 2, 2 });
        var history = new NetworkTrainer(NewNetwork(), Options(ClassWeights.Balanced)).Train(Data(), others);
        Assert.All(history, epoch => Assert.Equal(epoch.ValidationLoss, epoch.MonitoredLoss));
        Assert.All(history, epoch => Assert.True(epoch.MonitoredLoss > 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_are_counted_without_class_weights_and_with_them(bool weighted)
    {
        float[] weights = [1, 2, 0.5f, 1, 1, 4, 3, 1];
        var options = Options(ClassWeights.Given([1, 100, 1]));
        options.LearningRate = 1e-9f;
        var network = NewNetwork();
        var history = new NetworkTrainer(network, options).Train(Data(weighted ? weights : null), Data(weighted ? weights : null));
        Assert.Equal(history[0].ValidationAccuracy!.Value, history[0].Accuracy!.Value, 1e-6);

        var predictions = network.Predict(Features);
        var isRight = Classes.Select((c, row) => predictions[(3 * row)..(3 * row + 3)].Max() == predictions[3 * row + c] ? 1.0 : 0).ToArray();
        Assert.Equal(weighted ? isRight.Zip(weights, (right, weight) => right * weight).Sum() / weights.Sum() : isRight.Average(), history[0].Accuracy!.Value, 1e-6);
        Assert.InRange(history[0].Accuracy!.Value, 0.1, 0.9);

        // The accuracy by class weights is another value beside it, for training and validation alike.
        var byClass = Classes.Select((c, row) => (weighted ? weights[row] : 1.0) * (c == 1 ? 100 : 1)).ToArray();
        Assert.Equal(isRight.Zip(byClass, (right, weight) => right * weight).Sum() / byClass.Sum(), history[0].ClassWeightedAccuracy!.Value, 1e-6);
        Assert.Equal(history[0].ClassWeightedAccuracy!.Value, history[0].ValidationClassWeightedAccuracy!.Value, 1e-6);
        Assert.Equal(weighted ? 450 / 459.0 : 200 / 206.0, history.BaselineAccuracy!.Value, 1e-6);
        Assert.Null(new NetworkTrainer(NewNetwork(), Options(null)).Train(Data(), Data())[0].ClassWeightedAccuracy);
    }

    [Fact]
    public void Only_the_rows_learned_from_are_balanced()
    {
        var data = Dataset.FromClasses(1, 2, new float[100], Enumerable.Range(0, 100).Select(i => i < 80 ? 0 : 1).ToArray());
        Assert.Equal([4 / 6f, 2], ClassWeights.Balanced.Factors(new RowSubset(data, [0, 1, 2, 99]).Targets));
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        foreach (var wrong in (float[][])[[], [0, 0], [1, -1], [1, float.NaN], [1, float.PositiveInfinity]])
            Assert.Throws<ArgumentException>("weights", () => ClassWeights.Given(wrong));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(TrainingOptions.ClassWeights), () => Train(ClassWeights.Given([1, 2])));
        var nothingLeft = Assert.Throws<ArgumentOutOfRangeException>(nameof(TrainingOptions.ClassWeights), () => Train(ClassWeights.Given([0, 0, 1])));
        Assert.StartsWith("The option ClassWeights is [0, 0, 1]; it must be above 0 for a class that has rows", nothingLeft.Message, StringComparison.Ordinal);
        var options = SmallTraining.Options();
        options.ClassWeights = ClassWeights.Balanced;
        var error = Assert.Throws<ArgumentOutOfRangeException>(nameof(TrainingOptions.ClassWeights), () => SmallTraining.Train(options));
        Assert.StartsWith("The option ClassWeights is balanced; it must be null where targets are numbers", error.Message, StringComparison.Ordinal);
        Assert.Equal("[1, 2.5]", ClassWeights.Given([1, 2.5f]).ToString());
    }

    [Fact]
    public void Their_text_is_the_same_in_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal("[0.5, 2.5]", ClassWeights.Given([0.5f, 2.5f]).ToString());
            Assert.StartsWith("The class weights are [-0.5, 2]", Assert.Throws<ArgumentException>(() => ClassWeights.Given([-0.5f, 2])).Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static int[] Train(ClassWeights? classWeights, float[]? weights = null)
    {
        var network = NewNetwork();
        new NetworkTrainer(network, Options(classWeights)).Train(Data(weights));
        return Samples.ParameterBits(network);
    }

    private static Network NewNetwork() => Network.Create(2, [new DenseLayer(3, Activation.Softmax)], seed: 1);

    private static TrainingOptions Options(ClassWeights? classWeights) => new() { ClassWeights = classWeights, NumberOfEpochs = 3, BatchSize = 3, Seed = 1 };

    private static Dataset Data(float[]? weights = null) => Dataset.FromClasses(2, 3, Features, Classes, weights);
}
