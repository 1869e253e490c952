namespace MLNet.DenseNet.Engine.Tests;

public class SparseFeaturesTests
{
    [Fact]
    public void Rows_are_counted_by_their_starts()
    {
        var features = new SparseFeatures(5, new float[] { 1, 2, 3 }, new[] { 0, 4, 2 }, new[] { 0, 2, 2, 3 });
        Assert.Equal((3, 5), (features.Rows, features.Inputs));
        var data = Dataset.FromClasses(features, 2, new[] { 0, 1, 1 }, default);
        Assert.Equal((3, 5, 2), (data.Rows, data.Inputs, data.ClassCount));
        Assert.Equal(3, Dataset.FromTargets(features, 2, new float[6], new float[] { 1, 2, 3 }).Rows);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 5 }, "Row 1 has a value in column 5; expected 0 to 4.")]
    [InlineData(new[] { 0, -1, 2 }, "Row 0 has a value in column -1; expected 0 to 4.")]
    [InlineData(new[] { 3, 3, 2 }, "Row 0 has column 3 after column 3; expected each once, ascending.")]
    [InlineData(new[] { 3, 1, 2 }, "Row 0 has column 1 after column 3; expected each once, ascending.")]
    [InlineData(new[] { 3, 4 }, "There are 2 columns for 3 values.")]
    public void Columns_must_ascend_within_the_row(int[] columns, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(nameof(columns), () => new SparseFeatures(5, new float[3], columns, new[] { 0, 2, 3 })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(new int[0], "The row starts must begin with 0 and end with the number of values, 3.")]
    [InlineData(new[] { 1, 3 }, "The row starts must begin with 0")]
    [InlineData(new[] { 0, 2 }, "The row starts must begin with 0")]
    [InlineData(new[] { 0, 2, 1, 3 }, "Row 1 starts at value 2 and the next one at 1")]
    [InlineData(new[] { 0, 4, 3 }, "Row 0 starts at value 0 and the next one at 4")]
    public void Row_starts_must_not_descend(int[] starts, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>("rowStarts", () => new SparseFeatures(5, new float[3], new[] { 0, 1, 2 }, starts)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Values_must_be_finite(float bad) =>
        Assert.Throws<ArgumentException>("values", () => new SparseFeatures(5, new[] { 1, bad }, new[] { 0, 1 }, new[] { 0, 2 }));

    [Fact]
    public void Data_sets_need_a_row_and_what_belongs_to_each()
    {
        Assert.Throws<ArgumentOutOfRangeException>("inputs", () => new SparseFeatures(0, default, default, new[] { 0 }));
        var none = new SparseFeatures(5, default, default, new[] { 0 });
        Assert.Throws<ArgumentException>("features", () => Dataset.FromClasses(none, 2, default, default));
        var two = new SparseFeatures(5, default, default, new[] { 0, 0, 0 });
        Assert.Throws<ArgumentException>("classes", () => Dataset.FromClasses(two, 2, new int[3], default));
        Assert.Throws<ArgumentException>("classes", () => Dataset.FromClasses(two, 2, new[] { 0, 2 }, default));
        Assert.Throws<ArgumentException>("targets", () => Dataset.FromTargets(two, 2, new float[2], default));
        Assert.Throws<ArgumentException>("weights", () => Dataset.FromTargets(two, 1, new float[2], new float[1]));
    }

    [Fact]
    public void Rows_of_another_length_than_the_network_takes_are_refused()
    {
        var network = Network.Create(4, [new DenseLayer(2)], seed: 1);
        var features = new SparseFeatures(5, default, default, new[] { 0, 0 });
        Assert.Throws<ArgumentException>("inputs", () => network.Predict(features));
        Assert.Throws<ArgumentException>("data", () => new NetworkTrainer(network, new TrainingOptions()).Train(Dataset.FromTargets(features, 2, new float[2], default)));
    }
}
