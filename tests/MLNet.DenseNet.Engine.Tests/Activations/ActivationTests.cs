using MLNet.DenseNet.Engine.Tests.Gradients;

namespace MLNet.DenseNet.Engine.Tests.Activations;

public class ActivationTests
{
    private static readonly string[] Rectifiers = ["ReLU", "leaky ReLU", "GELU", "SiLU"];

    public static TheoryData<string> Names => [.. Samples.Activations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Initial_weights_fill_the_limits_of_the_papers_evenly(string name)
    {
        const int Inputs = 200, Units = 100;
        // Glorot and Bengio: variance 2 / (inputs + units). He et al.: 2 / ((1 + slope²) inputs). A uniform variable's variance is limit² / 3.
        var slope = name == "leaky ReLU" ? 0.2 : 0;
        var variance = Rectifiers.Contains(name) ? 2 / ((1 + slope * slope) * Inputs) : 2.0 / (Inputs + Units);
        var limit = (float)Math.Sqrt(3 * variance);

        var network = NewNetwork(Inputs, Units, name, seed: 1);
        var weights = network.Parameters[0].ToArray();
        Assert.All(weights, w => Assert.InRange(w, -limit * 1.000001f, limit * 1.000001f));
        Assert.InRange(weights.Max(), limit * 0.999f, limit * 1.000001f);
        Assert.InRange(weights.Min(), -limit * 1.000001f, -limit * 0.999f);
        // Five standard deviations of the means over as many uniform draws.
        Assert.Equal(0, weights.Average(), 5 * Math.Sqrt(variance / weights.Length));
        Assert.Equal(1, weights.Average(w => (double)w * w) / variance, 5 * Math.Sqrt(4 / 5.0 / weights.Length));
        Assert.All(network.Parameters[1].ToArray(), b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData("GELU")]
    [InlineData("SiLU")]
    public void Activations_that_vanish_below_do_so_at_minus_infinity_too(string name)
    {
        var activation = Samples.Activations[name];
        float[] sums = [float.NegativeInfinity, float.MinValue, -20, -1];
        var outputs = new float[4];
        activation.Forward(sums, outputs, units: 4);
        Assert.Equal([0, 0], outputs[..2]);
        Assert.True(Math.Abs(outputs[2]) < 1e-7 && outputs[3] < 0);

        float[] gradient = [1, 1, 1, 1];
        activation.Backward(sums, gradient, units: 4);
        Assert.Equal([0, 0], gradient[..2]);
        Assert.True(Math.Abs(gradient[2]) < 1e-6 && gradient[3] != 0);
    }

    /// <summary>The roundings count for the errors of the functions inside. GELU has an absolute error besides: that of the distribution function, times an argument of up to 6.</summary>
    [Theory]
    [InlineData("identity", 0)]
    [InlineData("sigmoid", 6)]
    [InlineData("tanh", 6)]
    [InlineData("ReLU", 0)]
    [InlineData("leaky ReLU", 2)]
    [InlineData("GELU", 6)]
    [InlineData("SiLU", 8)]
    [InlineData("exponential", 4)]
    public void Outputs_and_gradients_agree_with_float64_at_every_length(string name, int roundings)
    {
        var activation = Samples.Activations[name];
        var sums = Samples.Numbers(256, seed: 1).Select(z => 6 * z).ToArray();
        var factors = Samples.Numbers(256, seed: 2);
        var expected = sums.Select(z => ReferenceFunctions.Activate(activation, [z])[0]).ToArray();
        var slopes = sums.Select(z => ReferenceFunctions.Differentiate(activation, z)).ToArray();
        for (var length = 0; length <= sums.Length; length++)
        {
            var outputs = new float[length];
            var gradient = factors[..length];
            activation.Forward(sums.AsSpan(0, length), outputs, length);
            activation.Backward(activation.DerivativeNeedsSums ? sums.AsSpan(0, length) : outputs, gradient, length);
            for (var i = 0; i < length; i++)
            {
                var magnitude = Math.Max(Math.Max(1, Math.Abs(sums[i])), Math.Abs(expected[i]));
                Tolerance.Check(expected[i], outputs[i], roundings, magnitude);
                Tolerance.Check(slopes[i] * factors[i], gradient[i], roundings + 4, magnitude);
            }
        }
    }

    [Fact]
    public void Softmax_agrees_with_float64_at_every_length()
    {
        for (var length = 1; length <= 256; length++)
        {
            var sums = Samples.Numbers(length, seed: length).Select(z => 6 * z).ToArray();
            var factors = Samples.Numbers(length, seed: length + 1);
            var expected = ReferenceFunctions.Activate(Activation.Softmax, [.. sums.Select(z => (double)z)]);
            var mean = expected.Zip(factors, (y, g) => y * g).Sum();

            var outputs = new float[length];
            Activation.Softmax.Forward(sums, outputs, length);
            var gradient = factors.ToArray();
            Activation.Softmax.Backward(outputs, gradient, length);
            for (var j = 0; j < length; j++)
            {
                // Each exponential is off by two units in the last place and by the rounding of its argument; then come the sum of all and a quotient.
                var roundings = length + 16;
                Tolerance.Check(expected[j], outputs[j], roundings);
                Tolerance.Check(expected[j] * (factors[j] - mean), gradient[j], 3 * roundings, expected[j] * 2);
            }
        }
    }

    [Fact]
    public void Seed_determines_the_initial_weights()
    {
        Assert.Equal(Samples.ParameterBits(NewNetwork(4, 5, "ReLU", seed: -3)), Samples.ParameterBits(NewNetwork(4, 5, "ReLU", seed: -3)));
        Assert.NotEqual(Samples.ParameterBits(NewNetwork(4, 5, "ReLU", seed: -3)), Samples.ParameterBits(NewNetwork(4, 5, "ReLU", seed: 3)));
    }

    [Fact]
    public void Equal_layers_of_one_network_start_with_different_weights()
    {
        var network = Network.Create(6, [new DenseLayer(6), new DenseLayer(6)], seed: 1);
        Assert.NotEqual(network.Parameters[0].ToArray(), network.Parameters[2].ToArray());
    }

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void Slopes_outside_their_range_are_refused(float slope) =>
        Assert.Throws<ArgumentOutOfRangeException>("negativeSlope", () => Activation.LeakyReLU(slope));

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_and_gradients_are_finite_for_any_finite_sums(string name)
    {
        float[] sums = [0, -0f, 1e-38f, -1e-38f, 50, -50, 1e30f, -1e30f, float.MaxValue, float.MinValue];
        var outputs = new float[sums.Length];
        var gradient = Enumerable.Repeat(1f, sums.Length).ToArray();
        var activation = Samples.Activations[name];
        activation.Forward(sums, outputs, sums.Length);
        activation.Backward(activation.DerivativeNeedsSums ? sums : outputs, gradient, sums.Length);
        Assert.All(outputs, y => Assert.True(float.IsFinite(y)));
        Assert.All(gradient, g => Assert.True(float.IsFinite(g)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_no_number_stays_visible(string name)
    {
        float[] values = [1, float.NaN, 2];
        Samples.Activations[name].Forward(values, values, values.Length);
        Assert.True(float.IsNaN(values[1]));
    }

    private static Network NewNetwork(int inputs, int units, string activation, int seed) =>
        Network.Create(inputs, [new DenseLayer(units, Samples.Activations[activation])], seed);
}
