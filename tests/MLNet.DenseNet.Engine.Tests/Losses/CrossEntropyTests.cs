namespace MLNet.DenseNet.Engine.Tests.Losses;

public class CrossEntropyTests
{
    private const float Huge = 3.4e38f;

    // Exponential and logarithm count for four and six, the operations around them for the rest.
    private const int Roundings = 16;

    private static readonly float[] Magnitudes = [0, 1e-30f, 1, 20, 80, 1000, 1e30f, Huge];
    private static readonly float[] Logits = [.. Magnitudes, .. Magnitudes.Select(z => -z)];

    [Fact]
    public void Softmax_cross_entropy_is_right_for_any_finite_logits()
    {
        foreach (var a in Logits)
        {
            foreach (var b in Logits)
            {
                foreach (var c in (float[])[0, -Huge, 1e30f])
                    CheckSoftmax([a, b, c]);
            }
        }
    }

    [Fact]
    public void Binary_cross_entropy_is_right_for_any_finite_logit()
    {
        foreach (var z in Logits)
        {
            foreach (var target in (float[])[0, 0.25f, 1])
            {
                var gradient = new float[1];
                var loss = new BinaryCrossEntropy().Evaluate([z], [target], scale: 0.5f, gradient);
                var expected = Math.Max(z, 0) - (double)z * target + Log1P(Math.Exp(-Math.Abs((double)z)));
                Tolerance.Check(expected, loss, Roundings);
                Tolerance.Check(0.5 * (1 / (1 + Math.Exp(-(double)z)) - target), gradient[0], Roundings, magnitude: 0.5);
            }
        }
    }

    // ln(1 + e^-20), ln(1 + e^-60), ln(1 + e^-80): far below the rounding of 1 in either precision of floating point.
    [Theory]
    [InlineData(20, 2.061153620314381e-9)]
    [InlineData(60, 8.75651076269652e-27)]
    [InlineData(80, 1.8048513878454153e-35)]
    public void Tiny_losses_keep_their_precision(float logit, double expected)
    {
        Tolerance.Check(expected, new SoftmaxCrossEntropy().Evaluate([logit, 0], [1, 0], 1, new float[2]), Roundings);
        Tolerance.Check(expected, new BinaryCrossEntropy().Evaluate([logit], [1], 1, new float[1]), Roundings);
        Tolerance.Check(expected, new BinaryCrossEntropy().Evaluate([-logit], [0], 1, new float[1]), Roundings);
    }

    [Fact]
    public void Targets_of_softmax_cross_entropy_need_not_sum_to_one()
    {
        var gradient = new float[3];
        var loss = new SoftmaxCrossEntropy().Evaluate([0, 0, 0], [0.5f, 1.5f, 0], scale: 3, gradient);
        Tolerance.Check(2 * Math.Log(3), loss, Roundings);
        Assert.Equal([0.5, -2.5, 2], gradient.Select(g => Math.Round(g, 5)));
    }

    /// <summary>Logits of positions would become one distribution over all of them.</summary>
    [Fact]
    public void A_distribution_for_each_position_is_refused()
    {
        var steps = Network.Create(new Shape(5, 4), [new ConvolutionLayer(3, 1)], seed: 1);
        Assert.Contains("each position of 5 x 3", Assert.Throws<ArgumentException>("network", () => new NetworkTrainer(steps, new TrainingOptions { Loss = new SoftmaxCrossEntropy() })).Message, StringComparison.Ordinal);
        Assert.NotNull(new NetworkTrainer(Network.Create(new Shape(1, 4), [new ConvolutionLayer(3, 1)], seed: 1), new TrainingOptions { Loss = new SoftmaxCrossEntropy() }));
    }

    [Fact]
    public void Activations_of_another_kind_of_probability_are_refused()
    {
        CheckRefused(new SoftmaxCrossEntropy(), Activation.Sigmoid);
        CheckRefused(new BinaryCrossEntropy(), Activation.Softmax);
        CheckRefused(new BinaryCrossEntropy(), Activation.Exponential);
        CheckRefused(new PoissonLoss(), Activation.Sigmoid);
        // What these put out is no probability, nor a mean.
        CheckRefused(new SoftmaxCrossEntropy(), Activation.ReLU);
        CheckRefused(new BinaryCrossEntropy(), Activation.Tanh);
        CheckRefused(new PoissonLoss(), Activation.ReLU);
    }

    [Theory]
    [InlineData("sigmoid", -0.1f)]
    [InlineData("sigmoid", 1.5f)]
    [InlineData("softmax", 3f)]
    public void Targets_that_are_no_probabilities_are_refused(string activation, float target)
    {
        var network = Network.Create(1, [new DenseLayer(2, Samples.Activations[activation])], seed: 1);
        var data = Dataset.FromTargets(1, 2, new float[] { 1 }, new[] { 0, target });
        var error = Assert.Throws<ArgumentException>(() => new NetworkTrainer(network, new TrainingOptions()).Train(data));
        Assert.Contains("needs targets from 0 to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Softmax_of_a_single_output_is_refused() =>
        Assert.Throws<ArgumentException>(() => new NetworkTrainer(Network.Create(2, [new DenseLayer(1, Activation.Softmax)], seed: 1), new TrainingOptions()));

    [Theory]
    [InlineData("softmax", 1.0986123)]
    [InlineData("sigmoid", 0.6931472)]
    [InlineData("tanh", 1 / 3.0)]
    [InlineData("identity", 1 / 3.0)]
    public void Default_loss_fits_the_output_activation(string activation, double lossOfZeros)
    {
        var network = Network.Create(2, [new DenseLayer(3, Samples.Activations[activation])], seed: 1);
        Tolerance.Check(lossOfZeros, new NetworkTrainer(network, new TrainingOptions()).ComputeGradient([0, 0], [1, 0, 0]), Roundings);
    }

    private static void CheckRefused(Loss loss, Activation activation)
    {
        var network = Network.Create(2, [new DenseLayer(3, activation)], seed: 1);
        var exception = Assert.Throws<ArgumentException>(() => new NetworkTrainer(network, new TrainingOptions { Loss = loss }));
        Assert.Contains(activation.Name, exception.Message, StringComparison.Ordinal);
        Assert.Contains(loss.ToString()!, exception.Message, StringComparison.Ordinal);
    }

    private static void CheckSoftmax(float[] z)
    {
        var largest = Array.IndexOf(z, z.Max());
        var others = z.Where((_, k) => k != largest).Sum(x => Math.Exp((double)x - z[largest]));
        for (var target = 0; target < z.Length; target++)
        {
            var gradient = new float[z.Length];
            var loss = new SoftmaxCrossEntropy().Evaluate(z, [.. z.Select((_, k) => k == target ? 1f : 0)], scale: 0.5f, gradient);
            Tolerance.Check(Math.Min((double)z[largest] - z[target] + Log1P(others), float.MaxValue), loss, Roundings);
            for (var k = 0; k < z.Length; k++)
                Tolerance.Check(0.5 * (Math.Exp((double)z[k] - z[largest]) / (1 + others) - (k == target ? 1 : 0)), gradient[k], Roundings, magnitude: 0.5);
        }
    }

    private static double Log1P(double x) => x < 1e-5 ? x - x * x / 2 : Math.Log(1 + x);
}
