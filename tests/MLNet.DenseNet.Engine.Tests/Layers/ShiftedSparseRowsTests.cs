namespace MLNet.DenseNet.Engine.Tests;

/// <summary>Sparse rows of which every one stores a value of some columns, be it 0: these are standardized as in dense rows, and the rows stay sparse.</summary>
public class ShiftedSparseRowsTests
{
    private const int Inputs = 300;
    private const int Rows = 64;

    // A year, which every row has, and a count, which is 0 in some.
    private const int Year = 3;
    private const int Count = 150;

    /// <summary>Columns that every row stores have the statistics of dense rows, all others those of sparse ones.</summary>
    [Fact]
    public void Columns_of_every_row_are_shifted_and_no_others()
    {
        var rows = Samples();
        var (means, scales) = Statistics(Store(rows, alwaysStored: [Year, Count]));
        var years = Column(rows, Year);
        var mean = years.Average(x => (double)x);
        Assert.Equal(mean, means[Year], 1e-3);
        Assert.Equal(1 / Math.Sqrt(years.Average(x => (x - mean) * (x - mean))), scales[Year], 1e-4);
        var counts = Column(rows, Count);
        Assert.Contains(0f, counts);
        Assert.Equal(counts.Average(x => (double)x), means[Count], 1e-5);
        Assert.All(Enumerable.Range(0, Inputs).Where(column => column is not (Year or Count)), column => Assert.Equal(0, means[column]));

        // Where zeros are not stored, they stay 0.
        var (plain, _) = Statistics(Store(rows, alwaysStored: []));
        Assert.Equal((means[Year], 0), (plain[Year], plain[Count]));
    }

    [Fact]
    public void A_column_that_is_always_the_same_is_not_shifted()
    {
        var rows = Samples();
        for (var row = 0; row < Rows; row++)
            rows[row * Inputs + Year] = 1;
        var (means, scales) = Statistics(Store(rows, alwaysStored: []));
        Assert.Equal((0, 1), (means[Year], scales[Year]));
    }

    /// <summary>The same bits, whether the zeros of a shifted column are stored, are not, or the rows are dense.</summary>
    [Fact]
    public void However_rows_are_stored_predictions_are_the_same()
    {
        var (rows, network) = (Samples(), Standardized());
        var expected = network.Predict(rows);
        Assert.Equal(expected, network.Predict(Store(rows, alwaysStored: [Year, Count])));
        Assert.Equal(expected, network.Predict(Store(rows, alwaysStored: [])));
        Assert.Equal(Rows, expected.Distinct().Count());
    }

    /// <summary>A training step has the gradients of dense rows, and changes weights as those: plain gradient descent does so for weights whose gradient is 0 too.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_is_as_on_dense_rows(bool storesZeros)
    {
        var rows = Samples();
        float[] targets = [.. Column(rows, Year).Zip(Column(rows, Count), (year, count) => (year - 2000) / 10 + count)];
        var (sparse, dense) = (Standardized(), Standardized());
        var options = new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 0.01f, NumberOfEpochs = 3, BatchSize = 16, Seed = 1 };
        new NetworkTrainer(sparse, options).Train(Dataset.FromTargets(Store(rows, storesZeros ? [Year, Count] : []), 1, targets, default));
        new NetworkTrainer(dense, options).Train(Dataset.FromTargets(Inputs, 1, rows, targets, default));
        foreach (var (one, other) in sparse.Parameters.Zip(dense.Parameters))
            Assert.All(one.ToArray().Zip(other.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    private static Network Standardized()
    {
        var network = Network.Create(Inputs, [new StandardizationLayer(), new DenseLayer(20, Activation.Tanh), new DenseLayer(1)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(Store(Samples(), alwaysStored: [Year, Count]), 1, new float[Rows], default));
        return network;
    }

    private static (float[] Means, float[] Scales) Statistics(SparseFeatures rows)
    {
        var network = Network.Create(Inputs, [new StandardizationLayer(), new DenseLayer(1)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(rows, 1, new float[Rows], default));
        return (network.Layers[0].Parameters[0].ToArray(), network.Layers[0].Parameters[1].ToArray());
    }

    private static float[] Column(float[] rows, int column) => [.. rows.Chunk(Inputs).Select(row => row[column])];

    private static float[] Samples()
    {
        var rows = SparseSamples.Rows(Rows, Inputs, share: 0.05, seed: 1);
        for (var row = 0; row < Rows; row++)
            (rows[row * Inputs + Year], rows[row * Inputs + Count]) = (2000 + row % 13, row % 4);
        return rows;
    }

    /// <summary>Stores what is not 0, and the zeros of some columns.</summary>
    private static SparseFeatures Store(float[] rows, int[] alwaysStored)
    {
        var (values, columns, starts) = (new List<float>(), new List<int>(), new List<int> { 0 });
        foreach (var row in rows.Chunk(Inputs))
        {
            int[] stored = [.. Enumerable.Range(0, Inputs).Where(column => row[column] != 0 || alwaysStored.Contains(column))];
            values.AddRange(stored.Select(column => row[column]));
            columns.AddRange(stored);
            starts.Add(values.Count);
        }

        return new SparseFeatures(Inputs, values.ToArray(), columns.ToArray(), starts.ToArray());
    }
}
