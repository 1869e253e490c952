namespace MLNet.DenseNet.Engine.Tests.Training.Beginning;

public class OneHotBlocksTests
{
    private const int Rows = 300;

    /// <summary>Two categories, of which one is missing now and then, between indicators that stand for themselves: a common one and rare ones.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Values_of_categories_are_told_from_indicators(bool isSparse)
    {
        var random = new Random(3);
        List<float[]> rows = [.. Enumerable.Range(0, Rows).Select(row =>
        {
            var features = new float[32];
            features[0] = random.Next(10) < 6 ? 1 : 0;
            features[1 + row % 5] = 1;
            if (random.Next(5) > 0)
                features[6 + random.Next(10)] = 1;
            for (var rare = 16; rare < 32; rare++)
                features[rare] = random.Next(20) == 0 ? 1 : 0;
            return features;
        })];
        float[] all = [.. rows.SelectMany(features => features)];
        var data = isSparse ? Dataset.FromTargets(SparseSamples.Store(all, 32), 1, new float[Rows], default) : Dataset.FromTargets(32, 1, all, new float[Rows]);
        Assert.Equal([0, .. Enumerable.Range(16, 16)], OneHotBlocks.Others(RowSubset.All(data), [.. Enumerable.Range(0, 32)]));
        // Some of the columns.
        Assert.Equal([0, 20], OneHotBlocks.Others(RowSubset.All(data), [0, 1, 2, 3, 4, 5, 20]));
    }

    [Fact]
    public void One_column_or_none_is_no_category()
    {
        var data = RowSubset.All(Dataset.FromTargets(1, 1, new float[] { 0, 1, 1, 1 }, new float[4]));
        Assert.Equal([0], OneHotBlocks.Others(data, [0]));
        Assert.Empty(OneHotBlocks.Others(data, []));
    }
}
