namespace MLNet.DenseNet.Engine.Tests.Batches;

/// <summary>Words beside numbers in dense rows.</summary>
public class WordColumnsTests
{
    private const int Rows = 400;
    private const int Numbers = 2;

    /// <summary>Where each row has one in so many words, they are mostly 0; where they are few, they may be numbers.</summary>
    [Theory]
    [InlineData(128, 8, 128)]
    [InlineData(128, 3, 128)]
    [InlineData(128, 1, 0)]
    [InlineData(127, 8, 0)]
    public void Many_columns_that_are_mostly_0_are_words(int words, int oneIn, int expected)
    {
        var features = Data(words, oneIn).Features;
        Assert.Equal(Enumerable.Range(Numbers, words).Take(expected), features.Words.Keys.Order());
    }

    /// <summary>Amounts that few rows have are numbers, however many.</summary>
    [Fact]
    public void Columns_of_values_that_differ_much_are_none()
    {
        var random = new Random(1);
        var features = Enumerable.Range(0, Rows * 150).Select(_ => random.Next(4) == 0 ? MathF.Exp(2 * random.NextSingle()) : 0).ToArray();
        Assert.Empty(RowSubset.All(Dataset.FromTargets(150, 1, features, new float[Rows])).Features.Words);
    }

    /// <summary>As words of sparse rows, whatever rows weigh and of those that miss none.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Their_values_are_not_shifted_and_brought_to_a_mean_square_of_1(bool areSpecial)
    {
        var rows = Data(150, 10, areSpecial);
        var (means, scales) = rows.Features.ToStandardization(rows.Inputs, forLabels: true);
        for (var word = Numbers; word < rows.Inputs; word++)
        {
            var values = Enumerable.Range(0, Rows).Select(row => (double)rows.Data.FeaturesOf(row)[word]).Where(value => value != 0 && !double.IsNaN(value)).ToArray();
            Assert.Equal(0, means[word]);
            Assert.Equal(1 / Math.Sqrt(values.Average(value => value * value)), scales[word], 1e-4);
        }

        Assert.Equal(rows.Features.Mean(0), means[0], 1e-6);
        // Features that are learned themselves are as they were: an anomaly may be a word that is hardly ever there.
        Assert.NotEqual(0, rows.Features.ToStandardization(rows.Inputs).Means[Numbers]);
    }

    /// <summary>By the squared correlation of their values, as words of sparse rows are.</summary>
    [Fact]
    public void They_are_weighed_as_those_of_sparse_rows()
    {
        var (dense, sparse) = (Data(150, 10), Sparse(Data(150, 10)));
        Assert.Equal(Weights(dense), Weights(sparse), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.InRange(Weights(dense).Min(), 0.05, 0.1);

        static float[] Weights(RowSubset rows)
        {
            var network = Network.Create(rows.Inputs, [new StandardizationLayer(), new DenseLayer(1)], seed: 1);
            InputStatistics.Standardize(network, rows, forLabels: true);
            var before = StandardizationLayer.ScalesOf(network.Standardization!);
            IndicatorScreening.Apply(network, rows, [0, 1], mostFloor: 0.05, () => { });
            return [.. StandardizationLayer.ScalesOf(network.Standardization!).Zip(before, (after, own) => after / own)];
        }
    }

    /// <param name="words">How many.</param>
    /// <param name="oneIn">A row in so many has each.</param>
    /// <param name="areSpecial">Whether rows weigh more where they have the first word, and some miss what is in the others.</param>
    private static RowSubset Data(int words, int oneIn, bool areSpecial = false)
    {
        var random = new Random(1);
        var features = Enumerable.Range(0, Rows).SelectMany(_ => (float[])[random.NextSingle(), random.NextSingle(), .. Enumerable.Range(0, words).Select(_ => random.Next(oneIn) == 0 ? 1 + random.Next(5) / 8f : 0)]).ToArray();
        var targets = Enumerable.Range(0, Rows).Select(row => features[row * (Numbers + words)] + features[row * (Numbers + words) + 5]).ToArray();
        var weights = Enumerable.Range(0, areSpecial ? Rows : 0).Select(row => features[row * (Numbers + words) + Numbers] > 0 ? 10f : 1).ToArray();
        for (var i = 0; areSpecial && i < features.Length; i++)
            features[i] = i % (Numbers + words) > Numbers && i % 5 == 0 ? float.NaN : features[i];
        return RowSubset.All(Dataset.FromTargets(Numbers + words, 1, features, targets, weights));
    }

    private static RowSubset Sparse(RowSubset rows)
    {
        var targets = new float[Rows];
        rows.Data.CopyTargets([.. Enumerable.Range(0, Rows)], targets, 1);
        var features = Enumerable.Range(0, Rows).SelectMany(row => rows.Data.FeaturesOf(row).ToArray()).ToArray();
        return RowSubset.All(Dataset.FromTargets(SparseSamples.Store(features, rows.Inputs), 1, targets, default));
    }
}
