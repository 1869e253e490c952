namespace MLNet.DenseNet.Engine.Tests.Losses;

/// <summary>Values at the places where the formulas change, which differences cannot check; names; ranges.</summary>
public class LossTests
{
    [Fact]
    public void Mean_absolute_error_has_no_slope_where_it_is_zero() =>
        Check(new MeanAbsoluteError(), [1, 2, 5], [1, 4, 2], expected: (0 + 2 + 3) / 3.0, gradient: [0, -1 / 3f, 1 / 3f]);

    [Fact]
    public void Huber_loss_is_squared_up_to_delta_and_absolute_beyond() =>
        Check(new HuberLoss(2), [1, -2, 5], [0, 0, 0], expected: (0.5 + 2 + 2 * (5 - 1)) / 3, gradient: [1 / 3f, -2 / 3f, 2 / 3f]);

    [Fact]
    public void Quantile_loss_weighs_both_sides_and_has_no_slope_where_it_is_zero()
    {
        Check(new QuantileLoss(0.9f), [1, 2, 5], [1, 4, 2], expected: (0 + 0.9 * 2 + 0.1 * 3) / 3, gradient: [0, -0.9f / 3, 0.1f / 3]);
        Check(new QuantileLoss(0.25f), [1, 2, 5], [1, 4, 2], expected: (0 + 0.25 * 2 + 0.75 * 3) / 3, gradient: [0, -0.25f / 3, 0.75f / 3]);
    }

    [Fact]
    public void Quantile_loss_of_a_half_is_half_the_absolute_error() =>
        Check(new QuantileLoss(0.5f), [1, 2, 5], [1, 4, 2], expected: (0 + 2 + 3) / 6.0, gradient: [0, -1 / 6f, 1 / 6f]);

    [Fact]
    public void Several_quantiles_are_losses_of_an_output_each() =>
        Check(new MultiQuantileLoss(0.1f, 0.5f, 0.9f), [4, 3, 4], [3, 4, 4], expected: (0.9 * 1 + 0.5 * 1 + 0) / 3, gradient: [0.9f / 3, -0.5f / 3, 0]);

    [Fact]
    public void Several_quantiles_are_refused_where_they_do_not_ascend_or_fit_the_outputs()
    {
        foreach (var wrong in (float[][])[[], [0.5f, 0.5f], [0.5f, 0.1f]])
            Assert.Throws<ArgumentException>("quantiles", () => new MultiQuantileLoss(wrong));
        foreach (var wrong in (float[][])[[0], [0.5f, 1], [0.1f, float.NaN]])
            Assert.Throws<ArgumentOutOfRangeException>("quantiles", () => new MultiQuantileLoss(wrong));
        var error = Assert.Throws<ArgumentException>("network", () => new NetworkTrainer(Network.Create(1, [new DenseLayer(3)], seed: 1), new TrainingOptions { Loss = new MultiQuantileLoss(0.1f, 0.9f) }));
        Assert.StartsWith("The loss quantile loss, quantiles 0.1, 0.9 is made for 2 outputs; the network has 3.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hinge_loss_is_zero_from_the_margin_on() =>
        Check(new HingeLoss(), [1, 0.5f, -1, 0.5f], [1, 1, 0, 0], expected: (0 + 0.5 + 0 + 1.5) / 4, gradient: [0, -0.25f, 0, 0.25f]);

    [Theory]
    [InlineData(new[] { 3f, 1, 2 }, 0, 0, new[] { 0f, 0, 0 })]
    [InlineData(new[] { 2.5f, 1, 2 }, 0, 0.5, new[] { -1f, 0, 1 })]
    [InlineData(new[] { 3f, 1, 2 }, 1, 3, new[] { 1f, -1, 0 })]
    [InlineData(new[] { 3f, 3, 3 }, 2, 1, new[] { 1f, 0, -1 })]
    [InlineData(new[] { 3e38f, -3e38f, 0 }, 1, float.MaxValue, new[] { 1f, -1, 0 })]
    public void Multiclass_hinge_loss_asks_for_a_margin_over_the_best_rival(float[] scores, int right, double expected, float[] gradient) =>
        Check(new MulticlassHingeLoss(), scores, [.. scores.Select((_, j) => j == right ? 1f : 0)], expected, gradient);

    [Fact]
    public void Smoothing_draws_targets_to_the_same_probability()
    {
        float[] z = [1, -2, 0.5f], one = new float[3], two = new float[3];
        // 0.9 + 0.1/3 and 0.1/3; for each output by itself 0.95 and 0.05.
        var smooth = new SoftmaxCrossEntropy(0.1f).Evaluate(z, [0, 1, 0], 1, one);
        Assert.Equal(new SoftmaxCrossEntropy().Evaluate(z, [0.1f / 3, 0.9f + 0.1f / 3, 0.1f / 3], 1, two), smooth, 1e-6);
        Assert.All(one.Zip(two), p => Assert.Equal(p.First, p.Second, 1e-6));
        smooth = new BinaryCrossEntropy(0.1f).Evaluate(z, [0, 1, 0], 1, one);
        Assert.Equal(new BinaryCrossEntropy().Evaluate(z, [0.05f, 0.95f, 0.05f], 1, two), smooth, 1e-6);
        Assert.All(one.Zip(two), p => Assert.Equal(p.First, p.Second, 1e-6));
    }

    [Fact]
    public void Names_tell_the_constants()
    {
        Loss[] losses =
        [
            new MeanAbsoluteError(), new HuberLoss(), new HingeLoss(), new MulticlassHingeLoss(),
            new SoftmaxCrossEntropy(), new SoftmaxCrossEntropy(0.1f), new BinaryCrossEntropy(), new BinaryCrossEntropy(0.2f),
            new QuantileLoss(0.9f), new MultiQuantileLoss(0.05f, 0.9f), new PoissonLoss(), new GammaLoss(), new TweedieLoss(), new TweedieLoss(1.25f), new ListNetLoss(),
        ];
        Assert.Equal(
            [
                "mean absolute error", "Huber loss, delta 1", "hinge loss", "multiclass hinge loss",
                "softmax cross-entropy", "softmax cross-entropy, label smoothing 0.1", "binary cross-entropy", "binary cross-entropy, label smoothing 0.2",
                "quantile loss, quantile 0.9", "quantile loss, quantiles 0.05, 0.9", "half Poisson deviance", "half gamma deviance", "half Tweedie deviance, variance power 1.5", "half Tweedie deviance, variance power 1.25", "ListNet loss",
            ],
            losses.Select(l => l.ToString()!));
    }

    [Fact]
    public void Constants_outside_their_range_are_refused()
    {
        foreach (var wrong in (float[])[-0.1f, 1, float.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>("labelSmoothing", () => new SoftmaxCrossEntropy(wrong));
            Assert.Throws<ArgumentOutOfRangeException>("labelSmoothing", () => new BinaryCrossEntropy(wrong));
        }

        foreach (var wrong in (float[])[0, -1, float.NaN, float.PositiveInfinity])
            Assert.Throws<ArgumentOutOfRangeException>("delta", () => new HuberLoss(wrong));
        foreach (var wrong in (float[])[0, 1, -0.1f, 2, float.NaN])
            Assert.Throws<ArgumentOutOfRangeException>("quantile", () => new QuantileLoss(wrong));
        foreach (var wrong in (float[])[1, 2, 0, 3, float.NaN])
            Assert.Throws<ArgumentOutOfRangeException>("variancePower", () => new TweedieLoss(wrong));
    }

    [Theory]
    [InlineData("sigmoid", 1)]
    [InlineData("softmax", 2)]
    public void Hinge_losses_learn_to_tell_classes(string output, int outputs)
    {
        float[] x = [-3, -2, -1, 1, 2, 3];
        var network = Network.Create(1, [new DenseLayer(outputs, Samples.Activations[output])], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions
        {
            Loss = outputs == 1 ? new HingeLoss() : new MulticlassHingeLoss(),
            LearningRate = 0.05f,
            NumberOfEpochs = 200,
            Seed = 1,
        }).Train(Dataset.FromClasses(1, 2, x, new[] { 0, 0, 0, 1, 1, 1 }));
        Assert.Equal(1, history[^1].Accuracy);
        Assert.Equal(0, history[^1].Loss, 0.01);
    }

    private static void Check(Loss loss, float[] prediction, float[] target, double expected, float[] gradient)
    {
        var actual = new float[prediction.Length];
        Array.Fill(actual, float.NaN);
        Assert.Equal(expected, loss.Evaluate(prediction, target, scale: 2, actual), Math.Max(1, expected) * 1e-6);
        Assert.All(gradient.Zip(actual), p => Assert.Equal(2 * p.First, p.Second, 1e-6));
    }
}
