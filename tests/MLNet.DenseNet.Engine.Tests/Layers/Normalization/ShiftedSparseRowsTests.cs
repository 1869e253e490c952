using static MLNet.DenseNet.Engine.Tests.NumbersAmongWords;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>Sparse rows of which every one stores a value of some columns, be it 0: these are standardized as in dense rows, and the rows stay sparse.</summary>
public class ShiftedSparseRowsTests
{
    /// <summary>Columns that every row stores have the statistics of dense rows, all others those of sparse ones.</summary>
    [Fact]
    public void Columns_of_every_row_are_shifted_and_no_others()
    {
        var rows = Make();
        var (means, scales) = Statistics(Store(rows, storesZeros: true));
        var years = Column(rows, Year);
        var mean = years.Average(x => (double)x);
        Assert.Equal(mean, means[Year], 1e-3);
        Assert.Equal(1 / Math.Sqrt(years.Average(x => (x - mean) * (x - mean))), scales[Year], 1e-4);
        var counts = Column(rows, Count);
        Assert.Contains(0f, counts);
        Assert.Equal(counts.Average(x => (double)x), means[Count], 1e-5);
        Assert.All(Enumerable.Range(0, Inputs).Where(column => column is not (Year or Count)), column => Assert.Equal(0, means[column]));

        // Where zeros are not stored, they stay 0.
        var (plain, _) = Statistics(Store(rows, storesZeros: false));
        Assert.Equal((means[Year], 0), (plain[Year], plain[Count]));
    }

    [Fact]
    public void A_column_that_is_always_the_same_is_not_shifted()
    {
        var rows = Make();
        for (var row = 0; row < Rows; row++)
            rows[row * Inputs + Year] = 1;
        var (means, scales) = Statistics(Store(rows, storesZeros: false));
        Assert.Equal((0, 1), (means[Year], scales[Year]));
    }

    /// <summary>The same bits, whether the zeros of a shifted column are stored, are not, or the rows are dense.</summary>
    [Fact]
    public void However_rows_are_stored_predictions_are_the_same()
    {
        var (rows, network) = (Make(), Standardized());
        var expected = network.Predict(rows);
        Assert.Equal(expected, network.Predict(Store(rows, storesZeros: true)));
        Assert.Equal(expected, network.Predict(Store(rows, storesZeros: false)));
        Assert.Equal(Rows, expected.Distinct().Count());
    }

    /// <summary>A training step has the gradients of dense rows, and changes weights as those: plain gradient descent does so for weights whose gradient is 0 too.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_is_as_on_dense_rows(bool storesZeros)
    {
        var rows = Make();
        var (sparse, dense) = (Standardized(), Standardized());
        var options = new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 0.01f, NumberOfEpochs = 3, BatchSize = 16, Seed = 1 };
        new NetworkTrainer(sparse, options).Train(Dataset.FromTargets(Store(rows, storesZeros), 1, Targets(rows), default));
        new NetworkTrainer(dense, options).Train(Dataset.FromTargets(Inputs, 1, rows, Targets(rows), default));
        foreach (var (one, other) in sparse.Parameters.Zip(dense.Parameters))
            Assert.All(one.ToArray().Zip(other.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    private static Network Standardized() => Standardize(Network.Create(Inputs, [new StandardizationLayer(), new DenseLayer(20, Activation.Tanh), new DenseLayer(1)], seed: 1));

    private static (float[] Means, float[] Scales) Statistics(SparseFeatures rows)
    {
        var network = Network.Create(Inputs, [new StandardizationLayer(), new DenseLayer(1)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(rows, 1, new float[Rows], default));
        return (network.Layers[0].Parameters[0].ToArray(), network.Layers[0].Parameters[1].ToArray());
    }
}
