namespace MLNet.DenseNet.Engine.Tests.Training.Measuring;

/// <summary>The errors of networks that put out their own features, against what is computed by hand in float64.</summary>
public class ReconstructionTests
{
    private const int Features = 3;

    [Fact]
    public void Score_is_the_mean_squared_error_of_standardized_features()
    {
        var network = Create(new StandardizationLayer(10), new DenseLayer(2, Activation.Tanh), new DenseLayer(Features));
        var rows = Rows(300);
        var data = Dataset.FromTargets(Features, 1, rows, new float[300]);
        InputStatistics.Standardize(network, RowSubset.All(data));
        var scores = new Reconstruction(network).Scores(RowSubset.All(data));
        var outputs = network.Predict(rows);
        Assert.Equal(300, scores.Count);
        for (var row = 0; row < 300; row++)
        {
            var expected = Enumerable.Range(row * Features, Features).Average(i => Math.Pow(outputs[i] - Standardized(network.Layers[0], rows[i], i % Features), 2));
            Assert.Equal(expected, scores[row], 1e-5 * (1 + expected));
        }
    }

    [Fact]
    public void Targets_are_the_standardized_features_of_each_row_in_order()
    {
        var network = Create(new StandardizationLayer(10), new DenseLayer(Features));
        var rows = Rows(300);
        var data = Dataset.FromTargets(Features, 1, rows, new float[300]);
        InputStatistics.Standardize(network, RowSubset.All(data));
        var learned = new Reconstruction(network).WithTargets(data);
        Assert.Equal((300, Features, Features), (learned.Rows, learned.Inputs, learned.TargetCount));
        var targets = new float[300 * Features];
        learned.CopyTargets([.. Enumerable.Range(0, 300)], targets, Features);
        for (var i = 0; i < targets.Length; i++)
            Assert.Equal(Standardized(network.Layers[0], rows[i], i % Features), targets[i], 1e-5);
    }

    [Fact]
    public void More_features_than_can_be_learned_are_refused()
    {
        const int Inputs = 100_000;
        const int Rows = 25_000;
        var network = Network.Create(Inputs, [new StandardizationLayer(10), new DenseLayer(1), new DenseLayer(Inputs)], seed: 1);
        var data = Dataset.FromTargets(new SparseFeatures(Inputs, default, default, new int[Rows + 1]), 1, new float[Rows], default);
        Assert.Contains("25,000 rows of 100,000 features are 2,500,000,000 values", Assert.Throws<ArgumentException>(() => new Reconstruction(network).WithTargets(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_feature_is_a_target_of_its_mean_and_does_not_count_in_the_score()
    {
        var network = Create(new MissingValueLayer([0, 2]), new StandardizationLayer(10), new DenseLayer(4), new DenseLayer(Features));
        float[] rows = [1, 2, 3, float.NaN, 5, 1, 4, 4, float.NaN, float.NaN, 1, float.NaN, 2, 9, 7];
        var data = Dataset.FromTargets(Features, 1, rows, new float[5]);
        InputStatistics.Standardize(network, RowSubset.All(data));
        var reconstruction = new Reconstruction(network);

        var targets = new float[rows.Length];
        reconstruction.WithTargets(data).CopyTargets([0, 1, 2, 3, 4], targets, Features);
        Assert.All(targets.Zip(rows), pair => Assert.Equal(float.IsNaN(pair.Second), pair.First == 0));

        var (outputs, scores) = (network.Predict(rows), reconstruction.Scores(RowSubset.All(data)));
        for (var row = 0; row < 5; row++)
        {
            var present = Enumerable.Range(0, Features).Where(column => !float.IsNaN(rows[row * Features + column])).ToArray();
            var expected = present.Average(column => Math.Pow(outputs[row * Features + column] - Standardized(network.Layers[1], rows[row * Features + column], column), 2));
            Assert.Equal(expected, scores[row], 1e-5 * (1 + expected));
        }
    }

    [Fact]
    public void Rows_without_any_feature_have_no_score()
    {
        var network = Create(new MissingValueLayer([0, 1, 2]), new StandardizationLayer(10), new DenseLayer(Features));
        var data = Dataset.FromTargets(Features, 1, new[] { 1f, 2, 3, float.NaN, float.NaN, float.NaN }, new float[2]);
        Assert.Single(new Reconstruction(network).Scores(RowSubset.All(data)));
    }

    /// <summary>Weights so large that squares of float32 would be infinite: scores stay finite and in order as long as their mean is a number of float32, and end at the largest.</summary>
    [Fact]
    public void Scores_of_errors_beyond_the_range_of_squares_are_finite_and_ordered()
    {
        var network = Create(new StandardizationLayer(10), new DenseLayer(Features));
        float[] weights = new float[Features * Features];
        weights[0] = 3e18f;
        network.SetParameter(network.Layers[1].Parameters[0], weights);
        float[] firsts = [0, 1, 2, 5, 9, 30, 1e30f, 3e38f, -3e38f];
        var rows = firsts.SelectMany(first => new[] { first, 0, 0 }).ToArray();
        var scores = new Reconstruction(network).Scores(RowSubset.All(Dataset.FromTargets(Features, 1, rows, new float[firsts.Length])));
        for (var row = 0; row < firsts.Length; row++)
        {
            var output = (double)3e18f * Standardized(network.Layers[0], firsts[row], 0);
            Assert.Equal(Math.Min(float.MaxValue, output * output / Features), scores[row], Math.Max(1e-5, 1e-5 * scores[row]));
        }

        Assert.Equal(scores.SkipLast(1).Order(), scores.SkipLast(1));
        Assert.Equal(7, scores.Distinct().Count());
        // The largest square is beyond float32, and its mean with the others is not.
        Assert.Contains(scores, score => score * (double)Features > float.MaxValue && score < float.MaxValue);
        weights[0] = 1e30f;
        network.SetParameter(network.Layers[1].Parameters[0], weights);
        Assert.Equal(float.MaxValue, Assert.Single(new Reconstruction(network).Scores(RowSubset.All(Dataset.FromTargets(Features, 1, new float[] { 1, 0, 0 }, new float[1])))));
    }

    [Fact]
    public void Sparse_rows_have_the_scores_of_dense_ones()
    {
        var network = Create(new StandardizationLayer(10), new DenseLayer(2, Activation.SiLU), new DenseLayer(Features));
        var (dense, sparse) = (new float[] { 0, 2, 0, 1, 0, 0 }, new SparseFeatures(Features, new float[] { 2, 1 }, new[] { 1, 0 }, new[] { 0, 1, 2 }));
        var reconstruction = new Reconstruction(network);
        var expected = reconstruction.Scores(RowSubset.All(Dataset.FromTargets(Features, 1, dense, new float[2])));
        var actual = reconstruction.Scores(RowSubset.All(Dataset.FromTargets(sparse, 1, new float[2], default)));
        for (var row = 0; row < 2; row++)
            Assert.Equal(expected[row], actual[row], 1e-6);
    }

    [Fact]
    public void Other_networks_are_refused()
    {
        Assert.Contains("StandardizationLayer", Assert.Throws<ArgumentException>("network", () => new Reconstruction(Create(new DenseLayer(Features)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("network", () => new Reconstruction(Create(new DenseLayer(Features), new StandardizationLayer())));
        Assert.Contains("which are 3; this one has 2", Assert.Throws<ArgumentException>("network", () => new Reconstruction(Create(new StandardizationLayer(), new DenseLayer(2)))).Message, StringComparison.Ordinal);
    }

    private static Network Create(params Layer[] layers) => Network.Create(Features, layers, seed: 1);

    private static float[] Rows(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count * Features).Select(i => (1 + i % Features) * (random.NextSingle() - 0.5f) + 10 * (i % Features))];
    }

    /// <summary>By the formula in the layer's documentation.</summary>
    private static double Standardized(NetworkLayer layer, float value, int column)
    {
        var z = ((double)value - layer.Parameters[0].ToArray()[column]) * layer.Parameters[1].ToArray()[column];
        return z / Math.Sqrt(1 + z * z / 100);
    }
}
