namespace MLNet.DenseNet.Engine.Tests.Training;

public class BatchTests
{
    // In batches of 4 and of 10, each batch has the mean weight of all rows. Epochs divide by that of all rows, a single step by that of its batch, so both agree here.
    private static readonly float[] Weights = [1, 2, 0, 1, 0.5f, 1.5f, 0, 2, 0.25f, 1.75f];

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(10, true)]
    public void Epochs_take_the_rows_in_batches_the_last_one_with_what_is_left(int batchSize, bool weighted)
    {
        var options = SmallTraining.Options();
        options.Shuffle = false;
        options.BatchSize = batchSize;

        var network = SmallTraining.NewNetwork();
        var trainer = new NetworkTrainer(network, options);
        var losses = new List<double>();
        for (var epoch = 0; epoch < options.NumberOfEpochs; epoch++)
            losses.Add(StepThrough(trainer, batchSize, weighted));

        var trained = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(trained, options).Train(
            Dataset.FromTargets(SmallTraining.Inputs, SmallTraining.Outputs, SmallTraining.Features, SmallTraining.Targets, weighted ? Weights : default));
        Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(trained));
        Assert.All(losses.Zip(history), p => Assert.Equal(p.First, p.Second.Loss, 1e-12));
    }

    [Theory]
    [InlineData(SmallTraining.Rows)]
    [InlineData(SmallTraining.Rows + 1)]
    public void Batches_as_large_as_the_data_are_full_batches(int batchSize)
    {
        var options = SmallTraining.Options();
        options.BatchSize = TrainingOptions.FullBatch;
        var full = SmallTraining.Train(options);
        options.BatchSize = batchSize;
        Assert.Equal(full, SmallTraining.Train(options));
    }

    [Fact]
    public void Weight_of_two_counts_as_the_row_twice_and_of_zero_as_no_row()
    {
        float[] features = [1, 2, 3, 4, 5, 6], targets = [1, -1, 0.5f];
        var weighted = Trained(Dataset.FromTargets(2, 1, features, targets, new float[] { 1, 2, 0 }));
        var repeated = Trained(Dataset.FromTargets(2, 1, new float[] { 1, 2, 3, 4, 3, 4 }, new float[] { 1, -1, -1 }));
        for (var i = 0; i < weighted.Values.Length; i++)
            Tolerance.Check(repeated.Values[i], weighted.Values[i], roundings: 10, magnitude: 1);
        Tolerance.Check(repeated.Loss, weighted.Loss, roundings: 10);

        var unweighted = Trained(Dataset.FromTargets(2, 1, features, targets));
        Assert.True(Math.Abs(unweighted.Values[0] - weighted.Values[0]) > 1e-3);
    }

    [Fact]
    public void Scale_of_the_weights_does_not_matter()
    {
        // A power of two, so that not even rounding differs.
        var scaled = Dataset.FromTargets(
            SmallTraining.Inputs, SmallTraining.Outputs, SmallTraining.Features, SmallTraining.Targets, SmallTraining.Weights.Select(w => 1024 * w).ToArray());
        Assert.Equal(SmallTraining.Train(SmallTraining.Options(), SmallTraining.Data(weighted: true)), SmallTraining.Train(SmallTraining.Options(), scaled));
    }

    [Theory]
    [InlineData(1e35f)]
    [InlineData(1e20f)]
    [InlineData(1e-20f)]
    [InlineData(1e-35f)]
    public void Nor_does_a_scale_at_the_ends_of_float32(float scale)
    {
        float[] features = [1, 2, 3, 4, 5, 6], targets = [1, -1, 0.5f], weights = [1, 2, 4];
        var expected = Trained(Dataset.FromTargets(2, 1, features, targets, weights));
        var scaled = Trained(Dataset.FromTargets(2, 1, features, targets, weights.Select(w => scale * w).ToArray()));
        for (var i = 0; i < expected.Values.Length; i++)
            Tolerance.Check(expected.Values[i], scaled.Values[i], roundings: 50, magnitude: 1);
    }

    [Fact]
    public void Batch_in_which_no_row_weighs_anything_has_no_loss_and_no_gradient()
    {
        var network = SmallTraining.NewNetwork();
        var trainer = new NetworkTrainer(network, SmallTraining.Options());
        Assert.Equal(0, trainer.ComputeGradient([1, 2, 3], [4, 5], [0]));
        Assert.All(network.Parameters, p => Assert.All(trainer.Gradient(p).ToArray(), g => Assert.Equal(0, g)));
    }

    [Fact]
    public void Row_that_weighs_nothing_does_no_harm_even_where_its_loss_overflows()
    {
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [float.MaxValue]);
        var trainer = new NetworkTrainer(network, new TrainingOptions());
        Assert.Equal(4, trainer.ComputeGradient([float.MaxValue, 0], [0, 2], [0, 1]));
        Assert.Equal([-4f], trainer.Gradient(network.Parameters[1]).ToArray());
    }

    /// <summary>One epoch by hand.</summary>
    /// <returns>The weighted mean of the rows' losses.</returns>
    private static double StepThrough(NetworkTrainer trainer, int batchSize, bool weighted)
    {
        double loss = 0, total = 0;
        for (var start = 0; start < SmallTraining.Rows; start += batchSize)
        {
            var end = Math.Min(start + batchSize, SmallTraining.Rows);
            var weights = weighted ? Weights[start..end] : [];
            var weight = weighted ? weights.Sum() : end - start;
            loss += weight * trainer.ComputeGradient(
                SmallTraining.Features.AsSpan()[(start * SmallTraining.Inputs)..(end * SmallTraining.Inputs)],
                SmallTraining.Targets.AsSpan()[(start * SmallTraining.Outputs)..(end * SmallTraining.Outputs)], weights);
            total += weight;
            trainer.Step();
        }

        return loss / total;
    }

    private static (float[] Values, double Loss) Trained(Dataset data)
    {
        var network = Network.Create(2, [new DenseLayer(3, Activation.Tanh), new DenseLayer(1)], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions
        {
            Optimizer = new StochasticGradientDescent(0.5f),
            LearningRate = 0.05f,
            BatchSize = TrainingOptions.FullBatch,
            NumberOfEpochs = 10,
            Seed = 1,
        }).Train(data);
        return ([.. network.Parameters.SelectMany(p => p.ToArray())], history[^1].Loss);
    }
}
