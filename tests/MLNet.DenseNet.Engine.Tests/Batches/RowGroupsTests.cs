namespace MLNet.DenseNet.Engine.Tests.Batches;

public class RowGroupsTests
{
    private const int Rows = 200;

    // 37 groups of 1 to 20 rows or so, whose rows are no neighbours.
    private static readonly int[] Groups = [.. new Random(3).GetItems([.. Enumerable.Range(0, 37).SelectMany(group => Enumerable.Repeat(group * 1000 - 5, group + 1))], Rows)];

    private static Dataset Data { get; } = Dataset.FromTargets(1, 1, Enumerable.Range(0, Rows).Select(row => (float)row).ToArray(), Enumerable.Range(0, Rows).Select(row => (float)row).ToArray()).WithGroups(Groups);

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(70)]
    [InlineData(int.MaxValue)]
    public void Batches_hold_whole_groups_and_an_epoch_every_row_once(int batchSize)
    {
        using var source = RowSubset.All(Data).OpenBatches(new BatchLayout(1, batchSize, ShuffleSeed: 1));
        var orders = new List<string>();
        foreach (var epoch in (int[])[1, 2])
        {
            source.Begin(epoch);
            var taken = new List<int>();
            for (var index = 0; index < source.BatchCount; index++)
            {
                Assert.True(source.TryTakeNext());
                var (rows, starts) = (RowsOf(source.Batch), source.Batch.Targets.GroupStarts.ToArray());
                Assert.InRange(rows.Length, 1, source.Batch.MaxRows);
                Assert.Equal((0, rows.Length), (starts[0], starts[^1]));
                for (var group = 0; group + 1 < starts.Length; group++)
                {
                    var ofGroup = rows[starts[group]..starts[group + 1]];
                    // All rows of one group, in their own order.
                    Assert.Equal(Enumerable.Range(0, Rows).Where(row => Groups[row] == Groups[ofGroup[0]]), ofGroup);
                }

                taken.AddRange(rows);
                Assert.Equal(taken.Count, source.RowsTaken);
            }

            Assert.Equal(Enumerable.Range(0, Rows), taken.Order());
            orders.Add(string.Join(' ', taken));
        }

        Assert.Equal(2, orders.Distinct().Count());
    }

    /// <summary>A group's weight is that of its mean row, whatever groups the rows were in before.</summary>
    [Fact]
    public void Rows_that_come_to_other_groups_keep_their_own_weights()
    {
        var weights = Enumerable.Range(0, Rows).Select(row => 1f + row % 7).ToArray();
        var rows = Dataset.FromTargets(1, 1, new float[Rows], new float[Rows], weights);
        Assert.Equal(WeightsOf(rows.WithGroups(Groups)), WeightsOf(rows.WithGroups([.. Enumerable.Range(0, Rows).Select(row => row / 10)]).WithGroups(new int[Rows]).WithGroups(Groups)));

        static float[] WeightsOf(Dataset data) => [.. Enumerable.Range(0, Rows).Select(data.Weight)];
    }

    [Fact]
    public void A_batch_has_about_the_rows_that_were_asked_for()
    {
        var groups = Groups.Distinct().Count();
        using var source = RowSubset.All(Data).OpenBatches(new BatchLayout(1, 32));
        Assert.Equal(Math.Ceiling(groups / Math.Round(32.0 / Rows * groups)), source.BatchCount);
    }

    [Fact]
    public void Without_shuffling_groups_come_in_the_order_of_their_first_rows()
    {
        using var source = RowSubset.All(Data).OpenBatches(new BatchLayout(1, Rows));
        source.Begin(1);
        Assert.True(source.TryTakeNext());
        Assert.Equal(Groups.Distinct().SelectMany(group => Enumerable.Range(0, Rows).Where(row => Groups[row] == group)), RowsOf(source.Batch));
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    public void Rows_are_split_off_in_whole_groups(float share)
    {
        var (kept, splitOff) = RowSubset.Split(Data, share, seed: 1);
        int[] GroupsOf(RowSubset rows) => [.. rows.Rows.ToArray().Select(row => Groups[row]).Distinct()];
        Assert.Empty(GroupsOf(kept).Intersect(GroupsOf(splitOff)));
        Assert.Equal((int)Math.Ceiling(share * Groups.Distinct().Count() - 0.5), GroupsOf(splitOff).Length);
        Assert.Equal(Rows, kept.Count + splitOff.Count);
    }

    [Fact]
    public void Folds_are_whole_groups()
    {
        var folds = HeldOutFolds.Of(Data, members: 4, folds: 8, seed: 1);
        var byGroup = Enumerable.Range(0, Rows).GroupBy(row => Groups[row], row => folds.HeldOutBy[row]).ToArray();
        Assert.All(byGroup, group => Assert.Single(group.Distinct()));
        Assert.All(folds.Members, member => Assert.InRange(member.Rows.ToArray().Select(row => Groups[row]).Distinct().Count(), byGroup.Length / 8, byGroup.Length / 8 + 1));
    }

    [Fact]
    public void Each_group_counts_as_its_mean_row()
    {
        float[] weights = [1, 3, 5, 0.5f];
        var data = Dataset.FromTargets(1, 1, new float[4], new float[4], weights).WithGroups([1, 1, 2, 1]);
        Assert.Equal([1.5f / 3, 1.5f / 3, 5, 1.5f / 3], Enumerable.Range(0, 4).Select(data.Weight));
    }

    [Fact]
    public void Groups_that_do_not_fit_are_refused()
    {
        Assert.Equal("There are 3 numbers of groups for 4 rows. (Parameter 'groups')", Assert.Throws<ArgumentException>(() => Dataset.FromTargets(1, 1, new float[4], new float[4]).WithGroups([1, 2, 3])).Message);
        Assert.Equal(
            "The targets are classes; rows in groups have numbers for targets.",
            Assert.Throws<InvalidOperationException>(() => Dataset.FromClasses(1, 2, new float[2], new int[2]).WithGroups([1, 2])).Message);
        var trainer = new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), new TrainingOptions { Loss = new ListNetLoss() });
        Assert.StartsWith(
            "The rows are in no groups, and the loss ListNet loss compares the rows of a group: say by Dataset.WithGroups which belong together.",
            Assert.Throws<ArgumentException>(() => trainer.Train(Dataset.FromTargets(1, 1, new float[4], new float[4]))).Message, StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentException>(() => new NetworkTrainer(Network.Create(1, [new DenseLayer(2)], seed: 1), new TrainingOptions { Loss = new ListNetLoss() }));
        Assert.StartsWith("The loss ListNet loss orders rows by one output; the network has 2.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(TrainingOptions.Augmentation),
            () => new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), new TrainingOptions { Loss = new ListNetLoss(), Augmentation = new TableAugmentation(mixup: 0.2f) }));
    }

    /// <summary>The rows of a batch, which the targets number.</summary>
    private static int[] RowsOf(MiniBatch batch) => [.. batch.Targets.Values.ToArray().Select(target => (int)target)];
}
