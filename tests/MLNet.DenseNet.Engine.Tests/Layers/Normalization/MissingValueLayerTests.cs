namespace MLNet.DenseNet.Engine.Tests.Layers;

public class MissingValueLayerTests
{
    [Fact]
    public void A_missing_value_is_replaced_and_told()
    {
        var network = Network.Create(3, [new MissingValueLayer([0, 2])], seed: 1);
        Assert.Equal([1, 2, 3, 0, 0, 0, float.NaN, 6, 1, 0], network.Predict([1, 2, 3, float.NaN, float.NaN, 6]));
        network.SetParameter(network.Parameters[0], [7, 8]);
        Assert.Equal([7, 2, 8, 1, 1], network.Predict([float.NaN, 2, float.NaN]));
        Assert.Equal(("replacements", false), (network.Parameters[0].Name, network.Parameters[0].IsTrained));
    }

    [Fact]
    public void The_gradient_is_that_of_the_values() =>
        new LayerCheck(new MissingValueLayer([1]), 3, (x, rows, _) => [.. Enumerable.Range(0, rows).SelectMany(row => x.Skip(3 * row).Take(3).Append(0))]).Run();

    [Fact]
    public void A_missing_value_has_no_gradient()
    {
        float[] x = [1, float.NaN, 2, 3, 4, float.NaN];
        new LayerCheck(new MissingValueLayer([1, 2]), 3, (values, rows, parameters) => [.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, 3)
            .Select(j => double.IsNaN(values[3 * row + j]) ? parameters[0][j - 1] : values[3 * row + j]).Append(double.IsNaN(values[3 * row + 1]) ? 1 : 0).Append(double.IsNaN(values[3 * row + 2]) ? 1 : 0))])
        {
            Rows = 2,
            Features = x,
        }.Run();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Missing_values_count_as_the_mean_of_those_that_are_there(int columns)
    {
        // The last column misses every third value, and in one row out of six the first one is missing too.
        const int Rows = 60;
        var features = Samples.Numbers(Rows * columns, seed: 1);
        for (var row = 0; row < Rows; row++)
        {
            if (row % 3 == 1)
                features[row * columns + columns - 1] = float.NaN;
            if (row % 6 == 1)
                features[row * columns] = float.NaN;
        }

        var weights = Enumerable.Range(0, Rows).Select(row => 1f + row % 2).ToArray();
        var data = Dataset.FromTargets(columns, 1, features, new float[Rows], weights);
        var statistics = RowSubset.All(data).Features;
        Assert.Equal(columns == 1 ? [0] : [0, columns - 1], statistics.ColumnsWithMissing);
        for (var column = 0; column < columns; column++)
        {
            var known = Enumerable.Range(0, Rows).Select(row => (Value: (double)features[row * columns + column], Weight: weights[row])).Where(x => !double.IsNaN(x.Value)).ToArray();
            var mean = known.Sum(x => x.Value * x.Weight) / known.Sum(x => x.Weight);
            Assert.Equal(mean, statistics.Mean(column), 1e-12);
            Assert.Equal(known.Sum(x => x.Weight * (x.Value - mean) * (x.Value - mean)) / known.Sum(x => x.Weight), statistics.Variance(column), 1e-12);
        }

        var network = Network.Create(columns, [new MissingValueLayer([0]), new StandardizationLayer(takesMissingForMean: true)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(data);
        var predicted = network.Predict(features.AsSpan(columns, columns));
        Assert.Equal(0, predicted[0], 1e-6);
        // The indicator is not standardized, only clipped.
        Assert.Equal(1 / Math.Sqrt(1 + 1 / 9.0), predicted[columns], 1e-6);
        // So does a column without one count as its mean.
        Assert.Equal(0, predicted[columns - 1], 1e-6);
    }

    /// <summary>The first two rows miss nothing, the fourth all that it stores.</summary>
    [Fact]
    public void Sparse_rows_are_as_dense_ones()
    {
        float[] rows = [0, 1, 0, 2, 3, 0, 0, 4, float.NaN, 0, 5, float.NaN, 0, float.NaN, float.NaN, 0];
        foreach (var layers in (Layer[][])[[new MissingValueLayer([0, 2, 3])], [new MissingValueLayer([0, 2, 3]), new DenseLayer(3)], [new MissingValueLayer([0, 2, 3]), new DropoutLayer(0.5f), new DenseLayer(3)]])
        {
            var network = Network.Create(4, layers, seed: 1);
            network.SetParameter(network.Parameters[0], [7, 8, 9]);
            Assert.Equal(network.Predict(rows), network.Predict(SparseSamples.Store(rows, 4)));
            Assert.Equal(network.Predict(rows.AsSpan(0, 8)), network.Predict(SparseSamples.Store(rows[..8], 4)));
            // Column 1 is none of those that may miss a value.
            Assert.Contains(float.NaN, network.Predict(SparseSamples.Store(rows[12..], 4)));
        }
    }

    [Fact]
    public void Sparse_rows_may_go_through_several()
    {
        float[] rows = [.. Enumerable.Repeat((float[])[float.NaN, float.NaN, 0, 1, 0, 2, 0, float.NaN, 3], 9).SelectMany(row => row)];
        var network = Network.Create(3, [new MissingValueLayer([0]), new MissingValueLayer([1]), new DenseLayer(2)], seed: 1);
        network.SetParameter(network.Parameters[0], [7]);
        network.SetParameter(network.Parameters[1], [8]);
        Assert.Equal(network.Predict(rows), network.Predict(SparseSamples.Store(rows, 3)));
        Assert.All(network.Predict(rows), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>Its gradient is not a number, whatever its weight.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_row_of_no_weight_may_miss_no_more_than_others(bool isSparse)
    {
        float[] features = [1, 2, 3, float.NaN], weights = [1, 0];
        var data = isSparse ? Dataset.FromTargets(SparseSamples.Store(features, 2), 1, new float[2], weights) : Dataset.FromTargets(2, 1, features, new float[2], weights);
        Assert.Equal([1], RowSubset.All(data).Features.ColumnsWithMissing);
        Assert.Throws<ArgumentException>("data", () => new NetworkTrainer(Network.Create(2, [new DenseLayer(1)], seed: 1), new TrainingOptions()).Train(data));
    }

    [Fact]
    public void Statistics_of_sparse_rows_are_those_of_dense_ones()
    {
        const int Rows = 50, Columns = 20;
        var features = SparseSamples.Rows(Rows, Columns, share: 0.3, seed: 3);
        for (var i = 0; i < features.Length; i += 7)
            features[i] = i % Columns == 4 ? features[i] : float.NaN;
        var weights = Enumerable.Range(0, Rows).Select(row => row % 3 * 0.5f).ToArray();
        var dense = RowSubset.All(Dataset.FromTargets(Columns, 1, features, new float[Rows], weights)).Features;
        var sparse = RowSubset.All(Dataset.FromTargets(SparseSamples.Store(features, Columns), 1, new float[Rows], weights)).Features;
        Assert.Equal(Columns - 1, dense.ColumnsWithMissing.Length);
        Assert.Equal(dense.ColumnsWithMissing, sparse.ColumnsWithMissing);
        for (var column = 0; column < Columns; column++)
        {
            Assert.Equal(dense.Mean(column), sparse.Mean(column), 1e-12);
            Assert.Equal(dense.Variance(column), sparse.Variance(column), 1e-12);
        }
    }

    /// <summary>Also where sums exceed the range of float32 within the network.</summary>
    [Fact]
    public void A_row_with_missing_values_has_finite_predictions()
    {
        var network = Network.Create(2, [new MissingValueLayer([0]), new StandardizationLayer(), new DenseLayer(3), new DenseLayer(1)], seed: 1);
        foreach (var parameter in network.Parameters.Where(parameter => parameter.IsTrained))
            network.SetParameter(parameter, [.. Enumerable.Repeat(3e38f, parameter.Shape.Size)]);
        Assert.All(network.Predict([float.NaN, 0.5f]), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(network.Predict([float.NaN, 0.5f]), network.Predict(new SparseFeatures(2, new float[] { 0.5f }, new[] { 1 }, new[] { 0, 1 })));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Missing_values_are_refused_where_nothing_takes_them(bool isSparse)
    {
        float[] features = [1, 2, 3, float.NaN];
        var data = isSparse ? Dataset.FromTargets(SparseSamples.Store(features, 2), 1, new float[] { 1, 2 }, default) : Dataset.FromTargets(2, 1, features, new float[] { 1, 2 });
        foreach (var layers in (Layer[][])[[new DenseLayer(1)], [new MissingValueLayer([0]), new DenseLayer(1)]])
        {
            var trainer = new NetworkTrainer(Network.Create(2, layers, seed: 1), new TrainingOptions());
            Assert.Contains("Feature 1 is missing (not-a-number) in some rows", Assert.Throws<ArgumentException>(() => trainer.Train(data)).Message, StringComparison.Ordinal);
        }

        var learner = new NetworkTrainer(Network.Create(2, [new MissingValueLayer([1]), new DenseLayer(1)], seed: 1), new TrainingOptions());
        Assert.True(double.IsFinite(learner.Train(data)[^1].Loss));
        Assert.Throws<ArgumentException>("features", () => Dataset.FromTargets(1, 1, new[] { 1f, float.PositiveInfinity }, new float[] { 1, 2 }));
    }

    [Fact]
    public void Options_are_told_and_limited()
    {
        var layer = new MissingValueLayer([1, 3]);
        Assert.Equal("Missing values, 2 columns", layer.ToString());
        Assert.Equal([1, 3], layer.Columns);
        Assert.Contains("needs at least 4 inputs", Assert.Throws<ArgumentException>(() => Network.Create(3, [layer], seed: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("needs a plain row of numbers", Assert.Throws<ArgumentException>(() => Network.Create(new Shape(2, 2), [layer], seed: 1)).Message, StringComparison.Ordinal);
    }

    /// <summary>Of sparse rows, too, where all values of a column that are there are the same.</summary>
    [Fact]
    public void Replacements_are_means_however_rows_are_stored()
    {
        float[] rows = [5, float.NaN, 0, 5, 1, 0, float.NaN, 3, 0, 5, 0, 2];
        var features = new SparseFeatures(3, new[] { 5, float.NaN, 5, 1, float.NaN, 3, 5, 2 }, new[] { 0, 1, 0, 1, 0, 1, 0, 2 }, new[] { 0, 2, 4, 6, 8 });
        var replacements = ((Dataset[])[Dataset.FromTargets(3, 1, rows, new float[4]), Dataset.FromTargets(features, 1, new float[4], default)]).Select(data =>
        {
            var network = Network.Create(3, [new MissingValueLayer([0, 1]), new StandardizationLayer(), new DenseLayer(1)], seed: 1);
            new NetworkTrainer(network, new TrainingOptions()).Standardize(data);
            return network.Layers[0].Parameters[0].ToArray();
        }).ToArray();
        Assert.Equal([5, 4 / 3f], replacements[0]);
        Assert.Equal(replacements[0], replacements[1]);
    }
}
