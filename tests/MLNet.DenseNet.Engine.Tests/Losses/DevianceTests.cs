using MLNet.DenseNet.Engine.Tests.Gradients;

namespace MLNet.DenseNet.Engine.Tests.Losses;

/// <summary>Losses of logarithms: values by hand, at the ends of float32, where target and prediction are nearly the same, and with exposures.</summary>
public class DevianceTests
{
    // Logarithm and exponential count for four each, a sum of two terms and what is between them for the rest.
    private const int Roundings = 20;

    private static readonly float[] Predictions = [0, 0.5f, -0.5f, 1, -2, 7, -20, 60, -60, 88, -95, 120, -1000, 1e30f, -1e30f, float.MaxValue, float.MinValue];
    private static readonly float[] Targets = [0, 1, 2, 0.3f, 40, 1e-20f, 1e-38f, 1e6f, 1e20f, float.MaxValue];

    public static TheoryData<string> Deviances => [.. Samples.Losses.Where(sample => sample.Value is PoissonLoss or GammaLoss or TweedieLoss).Select(sample => sample.Key)];

    // Each number is scikit-learn's metric, halved.
    [Fact]
    public void Values_are_those_of_the_formulas()
    {
        // e - 1 - ln e = e - 2 for a target of 1 and z = 1; e^z for a target of 0.
        Check(new PoissonLoss(), 1, 1, Math.E - 2, Math.E - 1);
        Check(new PoissonLoss(), 1, 0, Math.E, Math.E);
        Check(new PoissonLoss(), 0, 3, 1 - 3 + 3 * Math.Log(3), 1 - 3);
        // y/μ - 1 - ln(y/μ).
        Check(new GammaLoss(), 0, 3, 3 - 1 - Math.Log(3), 1 - 3);
        Check(new GammaLoss(), MathF.Log(4), 1, 0.25 - 1 + Math.Log(4), 0.75);
        // With p = 1.5: 2 sqrt(μ) + 2 y / sqrt(μ) - 4 sqrt(y).
        Check(new TweedieLoss(), MathF.Log(4), 9, 4 + 9 - 12, 2 - 4.5);
        Check(new TweedieLoss(), MathF.Log(4), 0, 4, 2);
        // μ^(2-p) / (2-p) for a target of 0, here 2^9 and 2^10.
        Check(new TweedieLoss(2 - 1f / 512), 0, 0, 512, 1);
        Check(new TweedieLoss(2 - 1f / 1024), 0, 0, 1024, 1);
    }

    [Theory]
    [MemberData(nameof(Deviances))]
    public void Values_and_gradients_are_right_and_finite_for_any_finite_numbers(string name)
    {
        var loss = Samples.Losses[name];
        var power = loss switch { PoissonLoss => 1, GammaLoss => 2, _ => (double)((TweedieLoss)loss).VariancePower };
        foreach (var z in Predictions)
        {
            foreach (var y in Targets.Where(y => y > 0 || loss is not GammaLoss))
            {
                var gradient = new float[1];
                var actual = loss.Evaluate([z], [y], scale: 1, gradient);
                Assert.True(actual >= 0 && float.IsFinite((float)actual) && float.IsFinite(gradient[0]), $"{name}, {z}, {y}: {actual}, {gradient[0]}");

                // The rounding of both logarithms moves each exponential by as many units as the logarithms are large.
                var (log, roundings) = (y == 0 ? 0 : Math.Log(y), Roundings + 2 * (int)Math.Min(200, Math.Abs(z) + (y == 0 ? 0 : Math.Abs(Math.Log(y)))));
                var (ofMean, ofTarget) = (Math.Exp((2 - power) * z), y == 0 ? 0 : Math.Exp(log + (1 - power) * z));
                var largest = Math.Min(float.MaxValue, ofMean + ofTarget);
                Tolerance.Check(Limited(Limited(ofMean) - Limited(ofTarget)), gradient[0], roundings, largest);
                var expected = Limited(Deviance(power, z, y, log));
                var magnitude = Math.Min(float.MaxValue, expected * 10);
                Tolerance.Check(expected, actual, roundings, Math.Max(magnitude, 1e-37));
            }
        }
    }

    /// <summary>Counts with a mean of a million differ from it by a thousandth: d²/2 is left of two numbers that are the same to six digits.</summary>
    [Theory]
    [MemberData(nameof(Deviances))]
    public void Small_deviances_of_large_targets_keep_their_precision(string name)
    {
        foreach (var factor in (double[])[1.001, 0.999, 1.00003])
        {
            var (z, y) = (MathF.Log(1e6f), (float)(1e6 * factor));
            var loss = Samples.Losses[name];
            var expected = ReferenceFunctions.Lose(loss, [z], isLink: false, [y]);
            // z itself is known to 5e-7 only, which is what d may be off by.
            Assert.Equal(1, loss.Evaluate([z], [y], 1, new float[1]) / expected, 4e-6 / Math.Abs(factor - 1));
        }
    }

    [Theory]
    [MemberData(nameof(Deviances))]
    public void A_perfect_prediction_loses_nothing(string name)
    {
        var gradient = new float[1];
        Assert.Equal(0, Samples.Losses[name].Evaluate([0], [1], 1, gradient));
        Assert.Equal(0, gradient[0]);
    }

    [Fact]
    public void What_is_no_number_stays_visible() =>
        Assert.All(Deviances, row => Assert.True(double.IsNaN(Samples.Losses[row.Data].Evaluate([float.NaN], [1], 1, new float[1]))));

    /// <summary>The gradients of targets divided by the exposure, rows weighted, and of an offset written out in float64.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1.1f)]
    [InlineData(1.5f)]
    [InlineData(1.9f)]
    [InlineData(2)]
    public void An_exposure_is_an_offset_of_its_logarithm(float power)
    {
        const int Rows = 20, Inputs = 3;
        Loss loss = power == 1 ? new PoissonLoss() : power == 2 ? new GammaLoss() : new TweedieLoss(power);
        var random = new Random(5);
        float[] features = Samples.Numbers(Rows * Inputs, seed: 1);
        float[] exposures = [.. Enumerable.Range(0, Rows).Select(_ => 0.1f + 5 * random.NextSingle())];
        float[] counts = [.. Enumerable.Range(0, Rows).Select(_ => (float)random.Next(power == 2 ? 1 : 0, 6))];
        float[] weights = [.. exposures.Select(e => (float)Math.Pow(e, 2 - power))];

        var network = Network.Create(Inputs, [new DenseLayer(1, Activation.Exponential)], seed: 3);
        network.SetParameter(network.Parameters[1], [0.3f]);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = loss });
        var actual = trainer.ComputeGradient(features, [.. counts.Zip(exposures, (y, e) => y / e)], weights) * weights.Sum(w => (double)w);

        var w = network.Parameters[0].ToArray();
        var (expected, gradient) = (0.0, new double[Inputs + 1]);
        for (var row = 0; row < Rows; row++)
        {
            var z = 0.3 + Enumerable.Range(0, Inputs).Sum(i => (double)w[i] * features[row * Inputs + i]) + Math.Log(exposures[row]);
            expected += Deviance(power, z, counts[row], counts[row] == 0 ? 0 : Math.Log(counts[row]));
            // dD/dz = (μ - y) μ^(1 - p) of the exponential family, by the chain rule for μ = e^z.
            var slope = (Math.Exp(z) - counts[row]) * Math.Exp((1 - power) * z);
            for (var i = 0; i < Inputs; i++)
                gradient[i] += slope * features[row * Inputs + i];
            gradient[Inputs] += slope;
        }

        Assert.Equal(1, actual / expected, 1e-5);
        float[] found = [.. trainer.Gradient(network.Parameters[0]), .. trainer.Gradient(network.Parameters[1])];
        for (var i = 0; i <= Inputs; i++)
            Assert.Equal(gradient[i], found[i] * weights.Sum(x => (double)x), 1e-5 * gradient.Max(Math.Abs));
    }

    [Theory]
    [InlineData("half Poisson deviance", -1, "needs targets of at least 0")]
    [InlineData("half Tweedie deviance, variance power 1.5", -0.5f, "needs targets of at least 0")]
    [InlineData("half gamma deviance", 0, "needs targets above 0")]
    public void Targets_out_of_range_are_named_with_their_row(string name, float wrong, string expected)
    {
        var network = Network.Create(1, [new DenseLayer(1, Activation.Exponential)], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = Samples.Losses[name], NumberOfEpochs = 1 });
        var error = Assert.Throws<ArgumentException>(() => trainer.Train(Dataset.FromTargets(1, 1, new float[4], new[] { 1, 2, wrong, 3 })));
        Assert.StartsWith(FormattableString.Invariant($"Row 2, of the usable ones counted from 0, has the target {wrong}; the loss {name} {expected}."), error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => trainer.Train(Dataset.FromTargets(1, 1, new float[] { 1 }, new float[] { 1 }), Dataset.FromTargets(1, 1, new float[] { 1 }, new[] { wrong })));
    }

    [Fact]
    public void Classes_are_no_amounts_above_0()
    {
        var network = Network.Create(1, [new DenseLayer(1, Activation.Exponential)], seed: 1);
        var error = Assert.Throws<ArgumentException>(() => new NetworkTrainer(network, new TrainingOptions { Loss = new GammaLoss() }).Train(Dataset.FromClasses(1, 2, new float[2], new[] { 0, 1 })));
        Assert.StartsWith("The rows have classes, targets of 0 and 1; the loss half gamma deviance needs targets above 0.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>R-squared is that of the means, whatever the network is trained on.</summary>
    [Fact]
    public void R_squared_is_that_of_the_means()
    {
        float[] features = Samples.Numbers(60, seed: 1), targets = [.. features.Select(x => MathF.Round(5 * MathF.Exp(x)))];
        var network = Network.Create(1, [new DenseLayer(1, Activation.Exponential)], seed: 1);
        var data = Dataset.FromTargets(1, 1, features, targets);
        var history = new NetworkTrainer(network, new TrainingOptions { Loss = new PoissonLoss(), NumberOfEpochs = 30, LearningRate = 0.05f, Seed = 1 }).Train(data, data);
        var mean = targets.Average();
        var errors = network.Predict(features).Zip(targets, (p, t) => (double)(p - t) * (p - t)).Sum();
        Assert.Equal(1 - errors / targets.Sum(t => (double)(t - mean) * (t - mean)), history[^1].ValidationRSquared!.Value, 1e-5);
        Assert.InRange(history[^1].ValidationRSquared!.Value, 0.9, 1);
    }

    private static void Check(Loss loss, float z, float target, double expected, double slope)
    {
        var gradient = new float[1];
        Assert.Equal(expected, loss.Evaluate([z], [target], 1, gradient), 3e-6);
        Assert.Equal(slope, gradient[0], 3e-6);
    }

    /// <summary>Half the deviance as a sum of terms that are 0 or more, for the ends of float32, where the formula's terms cancel.</summary>
    private static double Deviance(double power, double z, double y, double log)
    {
        var (a, b) = (2 - power, power - 1);
        if (y == 0)
            return Math.Exp(a * z) / a;
        var d = z - log;
        // y^a (e^(a d) - 1) / a - y^a (1 - e^(-b d)) / b, with the limits ± d for a or b of 0, is the integral of y^a (e^(a s) - e^(-b s)) from 0 to d.
        if (Math.Abs(d) < 1)
        {
            var sum = 0.0;
            const int Steps = 2000;
            for (var step = 0; step < Steps; step++)
                sum += (Math.Exp(a * d * (step + 0.5) / Steps) - Math.Exp(-b * d * (step + 0.5) / Steps)) * d / Steps;
            return Math.Exp(a * log) * sum;
        }

        var rising = a == 0 ? d : (Math.Exp(a * z) - Math.Exp(a * log)) / a / Math.Exp(a * log);
        var falling = b == 0 ? -d : (Math.Exp(log - b * z) - Math.Exp(a * log)) / b / Math.Exp(a * log);
        var value = Math.Exp(a * log) * (rising + falling);
        return double.IsNaN(value) ? double.PositiveInfinity : value;
    }

    private static double Limited(double value) => Math.Clamp(value, float.MinValue, float.MaxValue);
}
