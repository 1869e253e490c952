namespace MLNet.DenseNet.Engine.Tests.Batches;

public class DatasetTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void A_class_that_changes_afterwards_is_named(int later)
    {
        int[] classes = [0, 1, 2, 0];
        var data = Dataset.FromClasses(1, 3, new float[4], classes);
        classes[2] = later;
        var network = Network.Create(1, [new DenseLayer(3, Activation.Softmax)], seed: 1);
        var error = Assert.Throws<InvalidOperationException>(() => new NetworkTrainer(network, new TrainingOptions()).Train(data));
        Assert.Equal($"A class is {later} by now; expected 0 to 2.", error.Message);
    }

    [Fact]
    public void Rows_are_counted_by_their_features()
    {
        var numbers = Dataset.FromTargets(2, 3, new float[8], new float[12]);
        Assert.Equal((4, 2, 0, false), (numbers.Rows, numbers.Inputs, numbers.ClassCount, numbers.IsClassification));
        var classes = Dataset.FromClasses(2, 3, new float[8], new int[4]);
        Assert.Equal((4, 2, 3, true), (classes.Rows, classes.Inputs, classes.ClassCount, classes.IsClassification));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    [InlineData(4, 6)]
    public void Features_must_be_whole_rows(int inputs, int length)
    {
        var expected = inputs < 1 ? nameof(inputs) : "features";
        Assert.ThrowsAny<ArgumentException>(() => Dataset.FromTargets(inputs, 1, new float[length], new float[1]));
        var exception = Assert.ThrowsAny<ArgumentException>(() => Dataset.FromClasses(inputs, 2, new float[length], new int[1]));
        Assert.Equal(expected, exception.ParamName);
    }

    [Fact]
    public void Numbers_of_outputs_and_classes_have_a_least()
    {
        Assert.Throws<ArgumentOutOfRangeException>("outputs", () => Dataset.FromTargets(1, 0, new float[1], Array.Empty<float>()));
        Assert.Throws<ArgumentOutOfRangeException>("classCount", () => Dataset.FromClasses(1, 1, new float[1], new int[1]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Values_must_be_finite(float bad)
    {
        Assert.Throws<ArgumentException>("targets", () => Dataset.FromTargets(1, 1, new float[2], new[] { 1, bad }));
        Assert.Throws<ArgumentException>("weights", () => Dataset.FromTargets(1, 1, new float[2], new float[2], new[] { 1, bad }));
        Assert.Throws<ArgumentException>("weights", () => Dataset.FromClasses(1, 2, new float[2], new int[2], new[] { 1, bad }));
        // Features may be missing: not-a-number.
        if (float.IsNaN(bad))
            return;
        Assert.Throws<ArgumentException>("features", () => Dataset.FromTargets(1, 1, new[] { 1, bad }, new float[2]));
        Assert.Throws<ArgumentException>("features", () => Dataset.FromClasses(1, 2, new[] { 1, bad }, new int[2]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Targets_must_be_as_many_as_the_rows_need(int length) =>
        Assert.Throws<ArgumentException>("targets", () => Dataset.FromTargets(1, 2, new float[2], new float[length]));

    [Fact]
    public void Classes_must_be_one_a_row_and_in_range()
    {
        Assert.Throws<ArgumentException>("classes", () => Dataset.FromClasses(1, 2, new float[2], new int[1]));
        Assert.Throws<ArgumentException>("classes", () => Dataset.FromClasses(1, 2, new float[2], new[] { 0, 2 }));
        Assert.Throws<ArgumentException>("classes", () => Dataset.FromClasses(1, 2, new float[2], new[] { 0, -1 }));
    }

    [Fact]
    public void Weights_must_be_one_a_row_not_negative_and_not_all_zero()
    {
        foreach (var weights in (float[][])[[1], [1, 1, 1], [1, -1], [0, 0]])
            Assert.Throws<ArgumentException>("weights", () => Dataset.FromTargets(1, 1, new float[2], new float[2], weights));
    }

    [Fact]
    public void Rows_that_do_not_fit_the_network_are_refused()
    {
        var trainer = new NetworkTrainer(Network.Create(2, [new DenseLayer(3)], seed: 1), new TrainingOptions { NumberOfEpochs = 1 });
        var fitting = Dataset.FromTargets(2, 3, new float[4], new float[6]);
        foreach (var other in (Dataset[])
        [
            Dataset.FromTargets(1, 3, new float[4], new float[12]), Dataset.FromTargets(2, 2, new float[4], new float[4]),
            Dataset.FromClasses(2, 2, new float[4], new int[2]), Dataset.FromClasses(2, 4, new float[4], new int[2]),
        ])
        {
            Assert.Throws<ArgumentException>("data", () => trainer.Train(other));
            Assert.Throws<ArgumentException>("validation", () => trainer.Train(fitting, other));
        }

        Assert.Throws<ArgumentNullException>("data", () => trainer.Train(null!));
        trainer.Train(fitting, Dataset.FromClasses(2, 3, new float[4], new int[2]));
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 2, true)]
    [InlineData(1, 3, false)]
    public void Two_classes_fit_one_output_as_well(int outputs, int classes, bool fits)
    {
        var trainer = new NetworkTrainer(Network.Create(1, [new DenseLayer(outputs)], seed: 1), new TrainingOptions { NumberOfEpochs = 1 });
        var data = Dataset.FromClasses(1, classes, new float[2], new int[2]);
        if (fits)
            Assert.Single(trainer.Train(data));
        else
            Assert.Throws<ArgumentException>("data", () => trainer.Train(data));
    }
}
