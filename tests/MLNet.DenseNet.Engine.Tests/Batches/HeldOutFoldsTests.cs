namespace MLNet.DenseNet.Engine.Tests.Batches;

public class HeldOutFoldsTests
{
    private const int Rows = 83;
    private const int Inputs = 3;

    [Fact]
    public void Every_member_leaves_out_another_eighth_of_each_class()
    {
        var data = Classes();
        var folds = HeldOutFolds.Of(data, members: 4, folds: 8, seed: 1);
        Assert.Equal(4, folds.Members.Count);
        Assert.All(folds.Members, fold => Assert.InRange(fold.Count, Rows / 8, Rows / 8 + 1));
        foreach (var @class in (int[])[0, 1, 2])
        {
            var size = Enumerable.Range(0, Rows).Count(row => data.Class(row) == @class);
            Assert.All(folds.Members, fold => Assert.InRange(fold.Rows.ToArray().Count(row => data.Class(row) == @class), size / 8, size / 8 + 1));
        }

        Assert.Equal(folds.All.Rows.ToArray(), folds.Members.SelectMany(fold => fold.Rows.ToArray()).Order());
        Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal(folds.HeldOutBy[row], folds.Members.ToList().FindIndex(fold => fold.Rows.Contains(row))));
        Assert.Equal(folds.HeldOutBy, HeldOutFolds.Of(data, 4, 8, seed: 1).HeldOutBy);
        Assert.NotEqual(folds.HeldOutBy, HeldOutFolds.Of(data, 4, 8, seed: 2).HeldOutBy);
    }

    /// <summary>A member that never met a class would hold it to be impossible.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void The_only_row_of_a_class_is_left_out_by_nobody_and_of_two_each_member_keeps_one(int members)
    {
        // Class 0 has 40 rows, class 1 one, class 2 two, all others one.
        int[] classes = [.. new int[40], 1, 2, 2, .. Enumerable.Range(3, 7)];
        for (var seed = 0; seed < 20; seed++)
        {
            var data = Dataset.FromClasses(1, 10, new float[classes.Length], classes);
            var folds = HeldOutFolds.Of(data, members, folds: 8, seed);
            for (var member = 0; member < members; member++)
            {
                var learned = HeldOutFolds.LearnedBy(folds, RowSubset.All(data), member);
                Assert.Equal(10, learned.Select(row => classes[row]).Distinct().Count());
            }
        }

        var single = Dataset.FromClasses(1, 60, new float[60], Enumerable.Range(0, 60).ToArray());
        Assert.Equal(0, HeldOutFolds.Of(single, members, folds: 8, seed: 1).All.Count);
    }

    /// <summary>Numbers have no classes; a member that left out all rows would learn nothing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Numbers_that_are_one_group_are_left_out_by_nobody(int members)
    {
        var data = Dataset.FromTargets(1, 1, new float[60], new float[60]);
        Assert.Equal(0, HeldOutFolds.Of(data.WithHeldOutTogether(RowGroups.Of<int>(new int[60])), members, folds: 8, seed: 1).All.Count);
        Assert.Equal(30, HeldOutFolds.Of(data.WithHeldOutTogether(RowGroups.Of<int>([.. Enumerable.Range(0, 60).Select(row => row % 2)])), members: 1, folds: 8, seed: 1).All.Count);
    }

    /// <summary>A member would learn from the few others.</summary>
    [Fact]
    public void A_group_of_most_rows_is_left_out_by_nobody()
    {
        int[] groupOf = [.. new int[60], .. Enumerable.Range(1, 10), .. Enumerable.Range(1, 10)];
        var data = Dataset.FromTargets(1, 1, new float[80], new float[80]).WithHeldOutTogether(RowGroups.Of<int>(groupOf));
        for (var seed = 0; seed < 10; seed++)
        {
            Assert.DoesNotContain(HeldOutFolds.Of(data, members: 8, folds: 8, seed).All.Rows.ToArray(), row => row < 60);
            var (kept, splitOff) = RowSubset.Split(data, 0.8f, seed);
            Assert.Equal((60, true), (kept.Rows.ToArray().Count(row => row < 60), splitOff.Count > 0));
        }
    }

    /// <summary>Groups of one to nine rows, of which each has most of its rows of one class.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Groups_are_left_out_as_wholes_and_no_class_with_all_its_rows(int members)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            int[] groupOf = [.. Enumerable.Range(0, 30).SelectMany(group => Enumerable.Repeat(group, 1 + group % 9))];
            random.Shuffle(groupOf);
            // Classes 2 and 3 are in one group each, and in no group most.
            int[] classes = [.. groupOf.Select((group, row) => group is 8 or 17 && row == Array.IndexOf(groupOf, group) ? group == 8 ? 2 : 3 : group % 2)];
            var data = Dataset.FromClasses(1, 4, new float[groupOf.Length], classes).WithHeldOutTogether(RowGroups.Of<int>(groupOf));
            var folds = HeldOutFolds.Of(data, members, folds: 8, seed);
            Assert.All(Enumerable.Range(0, 30), group => Assert.Single(folds.HeldOutBy.Where((_, row) => groupOf[row] == group).Distinct()));
            for (var member = 0; member < members; member++)
                Assert.Equal(4, HeldOutFolds.LearnedBy(folds, RowSubset.All(data), member).Select(row => classes[row]).Distinct().Count());
            Assert.InRange(folds.All.Rows.ToArray().Select(row => groupOf[row]).Distinct().Count(), 30 * members / 8 - 2, 30 * members / 8 + 2);

            var (kept, splitOff) = RowSubset.Split(data, 0.5f, seed);
            Assert.Empty(kept.Rows.ToArray().Select(row => groupOf[row]).Intersect(splitOff.Rows.ToArray().Select(row => groupOf[row])));
            Assert.Equal(4, kept.Rows.ToArray().Select(row => classes[row]).Distinct().Count());
            Assert.InRange(splitOff.Rows.ToArray().Select(row => groupOf[row]).Distinct().Count(), 13, 15);
        }
    }

    /// <summary>Each member is as if trained alone on the rows that it keeps, in the batches of the ensemble.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_a_member_leaves_out_does_not_reach_its_weights(int threads)
    {
        var (features, targets) = (Samples.Numbers(Rows * Inputs, seed: 1), Samples.Numbers(Rows, seed: 2));
        var folds = HeldOutFolds.Of(Dataset.FromTargets(Inputs, 1, features, targets), members: 3, folds: 4, seed: 1);
        var expected = Train(targets);
        for (var member = 0; member < 3; member++)
        {
            var other = targets.ToArray();
            foreach (var row in folds.Members[member].Rows)
                other[row] += 5;
            var changed = Train(other);
            Assert.Equal(WeightsOf(member, expected), WeightsOf(member, changed));
            Assert.NotEqual(WeightsOf((member + 1) % 3, expected), WeightsOf((member + 1) % 3, changed));
        }

        Network Train(float[] labels)
        {
            var data = Dataset.FromTargets(Inputs, 1, features, labels);
            var network = NewNetwork(1);
            new NetworkTrainer(network, Options(threads)).Train(RowSubset.All(data), HeldOutFolds.Of(data, members: 3, folds: 4, seed: 1));
            return network;
        }
    }

    [Fact]
    public void Validation_is_of_the_members_on_what_they_left_out()
    {
        var data = Classes();
        var folds = HeldOutFolds.Of(data, members: 3, folds: 4, seed: 1);
        var network = NewNetwork(3);
        var history = new NetworkTrainer(network, Options(threads: 1)).Train(RowSubset.All(data), folds);
        double loss = 0, correct = 0;
        for (var member = 0; member < 3; member++)
        {
            foreach (var row in folds.Members[member].Rows)
            {
                var outputs = network.Members[member].Predict(data.FeaturesOf(row));
                loss -= Math.Log(outputs[data.Class(row)]);
                correct += Array.IndexOf(outputs, outputs.Max()) == data.Class(row) ? 1 : 0;
            }
        }

        Assert.Equal(folds.All.Count, history.Settings.ValidationRows);
        Assert.Equal(loss / folds.All.Count, history[^1].ValidationLoss!.Value, 1e-5);
        Assert.Equal(correct / folds.All.Count, history[^1].ValidationAccuracy!.Value, 1e-9);
    }

    /// <summary>For members beyond the number of rows there is nothing to leave out: they learn from all rows and are not measured.</summary>
    [Fact]
    public void More_members_than_rows()
    {
        var data = Dataset.FromTargets(Inputs, 1, Samples.Numbers(2 * Inputs, seed: 1), Samples.Numbers(2, seed: 2));
        var folds = HeldOutFolds.Of(data, members: 3, folds: 8, seed: 1);
        Assert.Equal([1, 1, 0], folds.Members.Select(fold => fold.Count));
        var history = new NetworkTrainer(NewNetwork(1), Options(threads: 1)).Train(RowSubset.All(data), folds);
        Assert.Equal((2, 3), (history.Settings.ValidationRows, history.Count));
        Assert.All(history, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
    }

    private static Dataset Classes() =>
        Dataset.FromClasses(Inputs, 3, Samples.Numbers(Rows * Inputs, seed: 1), Enumerable.Range(0, Rows).Select(row => row % 7 == 0 ? 2 : row % 2).ToArray());

    private static Network NewNetwork(int outputs) =>
        Network.Create(Inputs, [new EnsembleLayer(3, [new DenseLayer(5, Activation.Tanh), new DenseLayer(outputs, outputs > 1 ? Activation.Softmax : Activation.Identity)])], seed: 4);

    private static TrainingOptions Options(int threads) =>
        new() { Seed = 5, NumberOfEpochs = 3, BatchSize = 8, LearningRate = 0.01f, NumberOfThreads = threads };

    private static int[] WeightsOf(int member, Network network) => Samples.ParameterBits(network.Members[member]);
}
