namespace MLNet.DenseNet.Engine.Tests.Losses;

public class ListNetLossTests
{
    private const int Inputs = 3;

    // Rows of a group are no neighbours, one group has a single row and one the same relevance throughout.
    private static readonly int[] Groups = [7, 2, 7, -1, 2, 7, 2, 9, 9, 7, 9];
    private static readonly float[] Relevances = [0, 3, 1, 2, 0, 4, 1, 2, 2, 0, 2];
    private static readonly float[] Weights = [1, 2, 3, 0.5f, 2, 1, 5, 0, 0, 1, 0];

    [Fact]
    public void The_loss_is_the_divergence_of_two_softmaxes_by_hand()
    {
        // p = (1, 3) / 4 and q = (3, 1) / 4: 1/4 ln(1/3) + 3/4 ln 3 = ln(3) / 2, and the gradient is q - p.
        var gradient = Gradient([MathF.Log(3), 0], [0, MathF.Log2(3)], out var loss);
        Assert.Equal(Math.Log(3) / 2, loss, 1e-6);
        Assert.Equal(0.5, gradient[0], 1e-6);
        Assert.Equal(-0.5, gradient[1], 1e-6);
    }

    [Fact]
    public void Scores_that_differ_as_relevances_do_have_no_loss()
    {
        var gradient = Gradient([2, 2 + 2 * MathF.Log(2), 2 + MathF.Log(2), 2 + 4 * MathF.Log(2)], [0, 2, 1, 4], out var loss);
        Assert.Equal(0, loss, 1e-6);
        Assert.All(gradient, slope => Assert.Equal(0, slope, 1e-6));
    }

    [Theory]
    [InlineData(new[] { 1f }, new[] { 3f })]
    [InlineData(new[] { 3e38f, -3e38f, 0 }, new[] { 0f, 4, 1 })]
    [InlineData(new[] { 1f, 2 }, new[] { -3e38f, 3e38f })]
    [InlineData(new[] { 3e38f, -3e38f }, new[] { -3e38f, 3e38f })]
    public void Extreme_values_give_finite_losses_and_gradients(float[] scores, float[] relevances)
    {
        var gradient = Gradient(scores, relevances, out var loss);
        Assert.True(double.IsFinite(loss) && loss >= 0);
        Assert.All(gradient, slope => Assert.InRange(slope, -1, 1));
        Assert.Equal(0, gradient.Sum(), 1e-6);
    }

    [Fact]
    public unsafe void A_score_that_is_no_number_is_not_hidden()
    {
        float* scores = stackalloc float[] { 1, float.NaN, 2 }, relevances = stackalloc float[] { 0, 1, 2 }, shares = stackalloc float[] { 1, 1, 1 }, gradient = stackalloc float[3], losses = stackalloc float[3];
        new ListNetLoss().Evaluate(new LossPass(outputs: 1, rows: 3, stride: 3, scores, relevances, shares, gradient, losses));
        Assert.All(new Span<float>(losses, 3).ToArray(), loss => Assert.True(float.IsNaN(loss)));
    }

    /// <summary>Against differences of a float64 loss whose groups are taken apart row by row.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_all_groups_is_that_of_their_mean_loss(bool isWeighted)
    {
        var features = Samples.Numbers(Groups.Length * Inputs, seed: 5);
        var network = Network.Create(Inputs, [new DenseLayer(1)], seed: 4);
        float[] weights = [.. network.Parameters[0].ToArray()];
        var data = Dataset.FromTargets(Inputs, 1, features, Relevances, isWeighted ? Weights : default).WithGroups(Groups);
        const float Rate = 0.01f;
        var options = new TrainingOptions { Loss = new ListNetLoss(), Optimizer = new StochasticGradientDescent(), LearningRate = Rate, BatchSize = TrainingOptions.FullBatch, NumberOfEpochs = 1, Seed = 1 };
        var history = new NetworkTrainer(network, options).Train(data);
        Assert.Equal(Mean([.. weights.Select(w => (double)w)], features, isWeighted), history[0].Loss, 1e-6);

        var step = network.Parameters[0].ToArray().Zip(weights, (after, before) => (before - after) / Rate).ToArray();
        for (var i = 0; i < Inputs; i++)
        {
            double At(double distance) => Mean([.. weights.Select((w, j) => w + (i == j ? distance : 0))], features, isWeighted);
            Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, step[i], 2e-5);
        }
    }

    /// <summary>The mean loss over groups, each by the mean weight of its rows, from the definition.</summary>
    private static double Mean(double[] weights, float[] features, bool isWeighted)
    {
        var (sum, total) = (0.0, 0.0);
        foreach (var group in Groups.Distinct())
        {
            var rows = Enumerable.Range(0, Groups.Length).Where(row => Groups[row] == group).ToArray();
            var scores = rows.Select(row => weights.Select((w, i) => w * features[row * Inputs + i]).Sum()).ToArray();
            var (q, p) = (Softmax(scores), Softmax([.. rows.Select(row => Relevances[row] * Math.Log(2))]));
            var weight = isWeighted ? rows.Average(row => Weights[row]) : 1;
            sum += weight * p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();
            total += weight;
        }

        return sum / total;
    }

    private static double[] Softmax(double[] z) => [.. z.Select(x => Math.Exp(x) / z.Sum(Math.Exp))];

    /// <summary>Of one group whose scores are the features themselves; the derivatives by the scores are read off the weight of a one-hot input.</summary>
    private static float[] Gradient(float[] scores, float[] relevances, out double loss)
    {
        var rows = scores.Length;
        var network = Network.Create(rows, [new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], scores);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = new ListNetLoss() });
        float[] oneHot = [.. Enumerable.Range(0, rows * rows).Select(i => i / rows == i % rows ? 1f : 0)];
        loss = trainer.ComputeGradient(oneHot, relevances);
        return trainer.Gradient(network.Parameters[0]);
    }
}
