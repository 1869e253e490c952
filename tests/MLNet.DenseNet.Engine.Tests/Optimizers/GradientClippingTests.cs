using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Optimizers;

public class GradientClippingTests
{
    /// <summary>Lengths around those of vectors and of the chunks that are summed apart.</summary>
    public static TheoryData<int> Lengths => [1, 15, 16, 17, 100, 16_383, 16_384, 16_385, 50_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_large_norm_is_scaled_down_to_the_limit(int length)
    {
        var values = Samples.Numbers(length, seed: length);
        var norm = Math.Sqrt(values.Sum(x => (double)x * x));
        var limit = (float)(norm / 4);
        var clipped = Clip(values, limit, null, threads: 1);
        for (var i = 0; i < length; i++)
            Assert.Equal(values[i] * (limit / (norm + 1e-6)), clipped[i], 1e-7);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_number_of_threads_changes_no_bit(int length)
    {
        var values = Samples.Numbers(length, seed: length);
        var alone = Samples.Bits(Clip(values, 0.3f, 0.9f, threads: 1));
        foreach (var threads in (int[])[2, 3, 8])
            Assert.Equal(alone, Samples.Bits(Clip(values, 0.3f, 0.9f, threads)));
    }

    [Fact]
    public void A_norm_below_the_limit_changes_nothing()
    {
        float[] values = [3, -4, 0.1f];
        Assert.Equal(values, Clip(values, 5.1f, null, threads: 1));
        Assert.Equal(values, Clip(values, null, null, threads: 1));
    }

    [Fact]
    public void Values_are_limited_before_the_norm()
    {
        Assert.Equal([2, -2, 0.5f, -2, 2], Clip([3, -4, 0.5f, float.NegativeInfinity, 2], null, 2, threads: 1));
        Assert.All(Clip([1e20f, -1e20f], 1, 1, threads: 1), x => Assert.Equal(Math.Sqrt(0.5), Math.Abs(x), 1e-6));
    }

    [Fact]
    public void A_norm_beyond_float32_is_no_obstacle() =>
        Assert.All(Clip([2e38f, -2e38f, 2e38f, 2e38f], 1, null, threads: 1), x => Assert.Equal(0.5, Math.Abs(x), 1e-6));

    /// <summary>As the network's whole gradient, not each parameter's.</summary>
    [Fact]
    public void A_step_moves_all_parameters_together_by_no_more_than_rate_times_limit()
    {
        var network = SmallNetwork();
        var before = network.Parameters.SelectMany(p => p.ToArray()).ToArray();
        var trainer = new NetworkTrainer(network, new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 0.5f, GradientNormLimit = 0.2f });
        trainer.ComputeGradient([1, 2, 3], [10, -10]);
        var gradient = network.Parameters.SelectMany(p => trainer.Gradient(p)).ToArray();
        trainer.Step();

        var norm = Math.Sqrt(gradient.Sum(g => (double)g * g));
        Assert.True(norm > 1);
        var moves = network.Parameters.SelectMany(p => p.ToArray()).Zip(before, (after, b) => b - after).ToArray();
        for (var i = 0; i < moves.Length; i++)
            Assert.Equal(0.5 * 0.2 / norm * gradient[i], moves[i], 1e-6);
    }

    private static Network SmallNetwork() => Network.Create(3, [new DenseLayer(4, Activation.Tanh), new DenseLayer(2)], seed: 3);

    private static float[] Clip(float[] values, float? norm, float? value, int threads)
    {
        var block = new AlignedBuffer(values.Length);
        values.CopyTo(block.Span);
        using var team = new ThreadTeam(threads);
        new GradientClipping(norm, value, values.Length).Apply(block, [new Segment(0, values.Length)], team);
        return block.Span.ToArray();
    }
}
