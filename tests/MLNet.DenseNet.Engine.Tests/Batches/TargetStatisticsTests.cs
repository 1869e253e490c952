namespace MLNet.DenseNet.Engine.Tests.Batches;

public class TargetStatisticsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Agree_with_two_passes_over_the_targets(bool weighted)
    {
        var targets = RowSubset.All(SmallTraining.Data(weighted)).Targets;
        for (var output = 0; output < SmallTraining.Outputs; output++)
        {
            var rows = Enumerable.Range(0, SmallTraining.Rows)
                .Select(row => (Target: (double)SmallTraining.Targets[row * SmallTraining.Outputs + output], Weight: weighted ? SmallTraining.Weights[row] : 1.0)).ToArray();
            var mean = rows.Sum(r => r.Weight * r.Target) / rows.Sum(r => r.Weight);
            Assert.Equal(mean, targets.Means[output], 1e-14);
            Assert.Equal(rows.Sum(r => r.Weight * (r.Target - mean) * (r.Target - mean)), targets.Variations[output], 1e-13);
        }

        Assert.Equal((SmallTraining.Targets.Min(), SmallTraining.Targets.Max()), (targets.Lowest, targets.Highest));
        Assert.True(targets.ClassSizes.IsEmpty);
    }

    [Fact]
    public void Blocks_one_after_the_other_give_the_bits_of_all_rows_at_once()
    {
        var data = SmallTraining.Data(weighted: true);
        var statistics = new TargetStatistics(0, SmallTraining.Outputs);
        foreach (var block in (int[][])[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
            statistics.Add(new RowSubset(data, block));
        var whole = RowSubset.All(data).Targets;
        Assert.Equal(whole.Means.ToArray(), statistics.Means.ToArray());
        Assert.Equal(whole.Variations.ToArray(), statistics.Variations.ToArray());
    }

    [Fact]
    public void Equal_targets_have_no_variation_whatever_the_weights()
    {
        var data = Dataset.FromTargets(1, 1, new float[5], new[] { 0.1f, 0.1f, 0.1f, 0.1f, 7 }, new[] { 0.3f, 1e-9f, 77, 1 / 3f, 0 });
        var targets = RowSubset.All(data).Targets;
        Assert.Equal((0.1f, 0), (targets.Means[0], targets.Variations[0]));
    }

    [Fact]
    public void Classes_are_counted()
    {
        var data = Dataset.FromClasses(1, 4, new float[6], new[] { 1, 3, 1, 1, 0, 3 });
        Assert.Equal([1, 3, 0, 2], RowSubset.All(data).Targets.ClassSizes.ToArray());
        Assert.Equal([0, 2, 0, 1], new RowSubset(data, [0, 1, 2]).Targets.ClassSizes.ToArray());
        Assert.True(RowSubset.All(data).Targets.Variations.IsEmpty);
    }
}
