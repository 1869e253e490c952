namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>A weight of 2 is a row twice, whatever batch the row is in: what a network learns of rows that look the same is known.</summary>
public class WeightMeaningTests
{
    public static TheoryData<int> BatchSizes => [1, 32, TrainingOptions.FullBatch];

    /// <summary>Of rows that look the same, as many are of one class as of the other, and weigh 3 or 1: 3 / (3 + 1).</summary>
    [Theory]
    [MemberData(nameof(BatchSizes))]
    public void Example_weights_move_the_optimum_as_far_in_any_batch(int batchSize)
    {
        int[] classes = [.. Enumerable.Range(0, 400).Select(row => row % 2)];
        float[] weights = [.. classes.Select(c => c == 1 ? 3f : 1)];
        Assert.Equal(0.75, Learned(classes, weights, null, batchSize), 0.01);
        // What all weights have in common means nothing.
        Assert.Equal(0.75, Learned(classes, [.. weights.Select(weight => 1000 * weight)], null, batchSize), 0.01);
    }

    /// <summary>Balanced, both classes count the same: 1 / 2.</summary>
    [Theory]
    [MemberData(nameof(BatchSizes))]
    public void Class_weights_move_the_optimum_as_far_in_any_batch(int batchSize)
    {
        int[] classes = [.. Enumerable.Range(0, 2000).Select(row => row % 50 == 0 ? 1 : 0)];
        Assert.Equal(0.5, Learned(classes, null, ClassWeights.Balanced, batchSize), 0.02);
    }

    [Theory]
    [MemberData(nameof(BatchSizes))]
    public void Optimizers_that_measure_gradients_learn_the_same(int batchSize)
    {
        int[] classes = [.. Enumerable.Range(0, 400).Select(row => row % 2)];
        float[] weights = [.. classes.Select(c => c == 1 ? 3f : 1)];
        Assert.Equal(0.75, Learned(classes, weights, null, batchSize, new Adam()), 0.01);
    }

    [Fact]
    public void A_weight_is_as_many_rows_in_a_regression_too()
    {
        // The mean of 100 rows of 0 that weigh 1 and 100 of 1 that weigh 4.
        var (features, targets) = (Ones(200), Enumerable.Range(0, 200).Select(row => row % 2f).ToArray());
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        new NetworkTrainer(network, Options(batchSize: 1)).Train(Dataset.FromTargets(1, 1, features, targets, targets.Select(target => target == 1 ? 4f : 1).ToArray()));
        Assert.Equal(0.8, network.Predict([1f])[0], 0.01);
    }

    [Fact]
    public void Members_that_leave_rows_out_learn_what_theirs_weigh()
    {
        int[] classes = [.. Enumerable.Range(0, 800).Select(row => row % 2)];
        var data = Dataset.FromClasses(1, 2, Ones(classes.Length), classes, classes.Select(c => c == 1 ? 3f : 1).ToArray());
        var folds = HeldOutFolds.Of(data, members: 2, folds: 4, seed: 1);
        var network = Network.Create(1, [new EnsembleLayer(2, [new DenseLayer(1, Activation.Sigmoid)])], seed: 1);
        new NetworkTrainer(network, Options(batchSize: 1)).Train(RowSubset.All(data), folds);
        foreach (var member in network.Members.ToArray())
            Assert.Equal(0.75, member.Predict([1f])[0], 0.01);
    }

    [Fact]
    public void A_batch_is_divided_by_its_rows_times_the_mean_weight_of_all()
    {
        // One step of gradient descent on the second row alone: the gradient of its loss, 2 (0 - 1), times its weight 3 over the mean weight 2.
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        network.Parameters[0].Set([0]);
        var data = Dataset.FromTargets(1, 1, Ones(2), new float[] { 0, 1 }, new float[] { 1, 3 });
        var options = new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 0.125f, BatchSize = 1, NumberOfEpochs = 1, Shuffle = false, Seed = 1 };
        new NetworkTrainer(network, options).Train(data);
        Assert.Equal(0.125f * 2 * 3 / 2, network.Parameters[0].ToArray()[0]);
    }

    private static double Learned(int[] classes, float[]? weights, ClassWeights? classWeights, int batchSize, Optimizer? optimizer = null)
    {
        var network = Network.Create(1, [new DenseLayer(1, Activation.Sigmoid)], seed: 1);
        var options = Options(batchSize);
        options.ClassWeights = classWeights;
        if (optimizer is not null)
            (options.Optimizer, options.LearningRate, options.NumberOfEpochs) = (optimizer, batchSize == TrainingOptions.FullBatch ? 0.05f : 0.02f, 200);
        new NetworkTrainer(network, options).Train(Dataset.FromClasses(1, 2, Ones(classes.Length), classes, weights));
        return network.Predict([1f])[0];
    }

    private static float[] Ones(int rows) => [.. Enumerable.Repeat(1f, rows)];

    private static TrainingOptions Options(int batchSize) => new()
    {
        Optimizer = new StochasticGradientDescent(),
        LearningRate = batchSize == TrainingOptions.FullBatch ? 1 : batchSize == 1 ? 0.01f : 0.1f,
        LearningRateSchedule = new CosineSchedule(),
        BatchSize = batchSize,
        NumberOfEpochs = 100,
        Seed = 1,
    };
}
