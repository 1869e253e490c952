namespace MLNet.DenseNet.Engine.Tests.Training.Measuring;

/// <summary>NDCG@10 from its definition, with the mean over all orders of rows with the same score.</summary>
public class NdcgTests
{
    [Fact]
    public void Best_order_is_1_and_places_are_discounted()
    {
        Assert.Equal(1, Of([3, 2, 1], [4, 1, 0])!.Value, 12);
        // The gains 7, 1 and 0 in the places 2, 3 and 1.
        Assert.Equal((7 / Math.Log2(3) + 1 / Math.Log2(4)) / (7 + 1 / Math.Log2(3)), Of([2, 1, 3], [3, 1, 0])!.Value, 12);
        // Only ten places count: the best of twelve rows in the last of them.
        Assert.Equal(0, Of([.. Enumerable.Range(0, 12).Select(i => -(float)i)], [.. new float[11], 2])!.Value);
        Assert.Equal(1 / Math.Log2(11), Of([.. Enumerable.Range(0, 12).Select(i => -(float)i)], [.. new float[9], 2, 0, 0])!.Value, 12);
    }

    /// <summary>scikit-learn's ndcg_score([[7, 0, 1, 3, 0, 15]], [[2, 2, 5, 2, 1, 1]]), of the gains of these relevances.</summary>
    [Fact]
    public void Rows_of_the_same_score_share_their_places()
    {
        float[] scores = [2, 2, 5, 2, 1, 1], relevances = [3, 0, 1, 2, 0, 4];
        Assert.Equal(Orders(scores).Average(order => Gain([.. order.Select(row => relevances[row])])) / Gain([.. relevances.OrderDescending()]), Of(scores, relevances)!.Value, 12);
        // Whatever the order of the data: where a model knows nothing, it is that of a random order.
        Assert.Equal(Of([0, 0, 0, 0], [3, 2, 1, 0])!.Value, Of([0, 0, 0, 0], [0, 1, 2, 3])!.Value, 12);
    }

    [Fact]
    public void Random_groups_are_those_of_the_definition()
    {
        var random = new Random(3);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var rows = random.Next(1, 7);
            float[] scores = [.. Enumerable.Range(0, rows).Select(_ => random.Next(4) / 2f)], relevances = [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) - 0.5f * random.Next(2))];
            var best = Gain([.. relevances.OrderDescending()]);
            if (best == 0)
                Assert.Null(Of(scores, relevances));
            else
                Assert.Equal(Orders(scores).Average(order => Gain([.. order.Select(row => relevances[row])])) / best, Of(scores, relevances)!.Value, 10);
        }
    }

    /// <summary>Relevances need not be whole.</summary>
    [Fact]
    public void Gains_and_discounts_are_those_of_the_platform_to_the_last_digits()
    {
        for (var place = 1; place <= 10; place++)
        {
            float[] scores = [.. Enumerable.Range(0, 10).Select(row => -(float)row)];
            float[] relevances = [.. Enumerable.Range(1, 10).Select(row => row == place ? 1f : 0)];
            Assert.Equal(1 / Math.Log2(place + 1), Of(scores, relevances)!.Value, 14);
        }

        foreach (var relevance in (float[])[0.1f, 0.5f, 0.999f, 1.25f, 7.77f, 30.3f])
        {
            var gain = (Math.Pow(2, relevance) - 1) / (Math.Pow(2, 31) - 1);
            Assert.Equal((gain + 1 / Math.Log2(3)) / (1 + gain / Math.Log2(3)), Of([2, 1], [relevance, 31])!.Value, 13);
        }
    }

    [Fact]
    public void Large_relevances_do_not_overflow()
    {
        Assert.Equal(1, Of([2, 1], [5000, 4999])!.Value, 12);
        Assert.Equal((0.5 + 1 / Math.Log2(3)) / (1 + 0.5 / Math.Log2(3)), Of([1, 2], [5000, 4999])!.Value, 12);
        Assert.Equal(1 / Math.Log2(3), Of([1, 2], [1, -3e38f])!.Value, 12);
    }

    [Fact]
    public void Groups_count_by_their_weights_and_those_without_a_gain_not_at_all()
    {
        var metric = new NdcgMetric(largestGroup: 3);
        Assert.Null(metric.Value);
        // One group that is wrong, of weight 1, one right of 3, one without relevance, one that weighs nothing.
        metric.Add([1, 2, 2, 1, 1, 2, 1, 1, 2], new BatchTargets([1, 0, 1, 0, 0, 0, 0, 1, 0], [0.5f, 0.5f, 1, 2, 1, 1, 1, 0, 0]) { GroupStarts = [0, 2, 4, 7, 9] });
        Assert.Equal((1 / Math.Log2(3) + 3) / 4, metric.Value!.Value, 12);
        metric.Clear();
        Assert.Null(metric.Value);
    }

    [Fact]
    public void A_ranking_is_measured_in_each_epoch_and_stops_by_it()
    {
        var (training, validation) = (Made(seed: 1), Made(seed: 2));
        var network = Network.Create(2, [new DenseLayer(1)], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions
        {
            Loss = new ListNetLoss(),
            LearningRate = 0.05f,
            NumberOfEpochs = 30,
            EarlyStopping = new EarlyStopping(EarlyStoppingMetric.TaskMetric, patience: 3),
            Seed = 1,
        }).Train(training.Data, validation.Data);
        Assert.Equal(TrainingEnd.EarlyStopped, history.End);
        Assert.True(history[^1].Ndcg > 0.99 && history[0].Ndcg < history[^1].Ndcg, $"{history[0].Ndcg}, {history[^1].Ndcg}");
        Assert.All(history, epoch => Assert.Equal((null, null, "NDCG@10", epoch.Ndcg, epoch.ValidationNdcg), (epoch.Accuracy, epoch.RSquared, epoch.MetricName, epoch.Metric, epoch.ValidationMetric)));
        var scores = network.Predict(validation.Features).Chunk(4);
        var expected = scores.Zip(validation.Relevances.Chunk(4)).Average(group => Of(group.First, group.Second)!.Value);
        Assert.Equal(expected, history[history.RestoredEpoch!.Value - 1].ValidationNdcg!.Value, 10);
    }

    /// <summary>Rows share the weight of their group, so that it counts the same however many they are.</summary>
    [Fact]
    public void A_large_group_counts_as_much_as_a_small_one()
    {
        float[] features = [1, 0, 1, 2, 3, 4, 5, 6, 7, 8], relevances = [1, 0, 4, 0, 0, 0, 0, 0, 0, 0];
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [1]);
        var history = new NetworkTrainer(network, new TrainingOptions { Loss = new ListNetLoss(), LearningRate = 1e-30f, NumberOfEpochs = 1, Seed = 1 })
            .Train(Dataset.FromTargets(1, 1, features, relevances).WithGroups([0, 0, 1, 1, 1, 1, 1, 1, 1, 1]));
        Assert.Equal((1 + 1 / Math.Log2(9)) / 2, history[0].Ndcg!.Value, 10);
    }

    [Fact]
    public void Groups_are_measured_beside_groups_alone()
    {
        var (training, validation) = (Made(seed: 1).Data, Dataset.FromTargets(2, 1, new float[8], new float[4]));
        var trainer = new NetworkTrainer(Network.Create(2, [new DenseLayer(1)], seed: 1), new TrainingOptions { NumberOfEpochs = 1, Seed = 1 });
        Assert.Contains("in groups", Assert.Throws<ArgumentException>("validation", () => trainer.Train(training, validation)).Message, StringComparison.Ordinal);
    }

    private static (Dataset Data, float[] Features, float[] Relevances) Made(int seed)
    {
        var features = Samples.Numbers(2 * 120, seed);
        float[] relevances = [.. features.Chunk(2).Select(row => MathF.Round(2 + 1.4f * (row[0] - row[1] / 2)))];
        return (Dataset.FromTargets(2, 1, features, relevances).WithGroups([.. Enumerable.Range(0, 120).Select(row => row / 4)]), features, relevances);
    }

    private static double? Of(float[] scores, float[] relevances)
    {
        var metric = new NdcgMetric(scores.Length);
        metric.Add(scores, new BatchTargets(relevances, []) { GroupStarts = [0, scores.Length] });
        return metric.Value;
    }

    /// <summary>The discounted gain of relevances in their places.</summary>
    private static double Gain(float[] relevances) => relevances.Take(10).Select((relevance, i) => Math.Max(0, Math.Pow(2, relevance) - 1) / Math.Log2(i + 2)).Sum();

    /// <summary>All orders that the scores allow.</summary>
    private static IEnumerable<int[]> Orders(float[] scores)
    {
        return Permutations([.. Enumerable.Range(0, scores.Length)]).Where(order => order.Zip(order.Skip(1)).All(pair => scores[pair.First] >= scores[pair.Second]));

        static IEnumerable<int[]> Permutations(int[] rows) =>
            rows.Length == 0 ? [[]] : rows.SelectMany(row => Permutations([.. rows.Where(other => other != row)]).Select(rest => (int[])[row, .. rest]));
    }
}
