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
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Values_must_be_finite_or_missing(float bad)
    {
        Assert.Throws<ArgumentException>("values", () => new SparseFeatures(5, new[] { 1, bad }, new[] { 0, 1 }, new[] { 0, 2 }));
        Assert.True(new SparseFeatures(5, new[] { 1, float.NaN }, new[] { 0, 1 }, new[] { 0, 2 }).HasMissing);
    }

    /// <summary>Whoever changes the arrays later, even between the forward and the backward pass of a batch, changes nothing that says where memory is read or written.</summary>
    [Fact]
    public void Columns_and_row_starts_that_change_afterwards_have_no_effect()
    {
        int[] columns = [0, 4, 2], starts = [0, 2, 2, 3];
        var features = new SparseFeatures(5, new float[] { 1, 2, 3 }, columns, starts);
        var network = Network.Create(5, [new DenseLayer(40, Activation.ReLU), new DenseLayer(1)], seed: 1);
        var expected = network.Predict(features);
        Array.Fill(columns, 1 << 30);
        Array.Fill(starts, -(1 << 30));
        Assert.Equal(expected, network.Predict(features));
        new NetworkTrainer(network, new TrainingOptions { NumberOfEpochs = 2 }).Train(Dataset.FromTargets(features, 1, new float[3], default));
        Assert.All(network.Parameters.SelectMany(p => p.ToArray()), x => Assert.True(float.IsFinite(x)));
    }

    [Theory]
    [InlineData(new[] { 100_000 }, "A value is at index 100000 of a vector of length 300; expected 0 to 299.")]
    [InlineData(new[] { 300 }, "A value is at index 300 of a vector of length 300; expected 0 to 299.")]
    [InlineData(new[] { 5, -1 }, "A value is at index -1 of a vector of length 300; expected 0 to 299.")]
    [InlineData(new[] { 5, 5 }, "A value at index 5 comes after one at index 5 of a vector of length 300; expected each index once, ascending.")]
    [InlineData(new[] { 5, 3, 900 }, "A value at index 3 comes after one at index 5 of a vector of length 300; expected each index once, ascending.")]
    public void Single_rows_with_an_index_out_of_place_are_refused(int[] columns, string message)
    {
        var network = Network.Create(300, [new DenseLayer(8, Activation.ReLU), new DenseLayer(1)], seed: 1);
        var workspace = network.CreateWorkspace(1);
        var error = Assert.Throws<ArgumentException>(nameof(columns), () => network.Forward(new float[columns.Length], columns, workspace).Length);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => network.Forward(new float[columns.Length + 1], columns, workspace).Length);
    }

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
