namespace MLNet.DenseNet.Engine.Tests.Layers;

public class DropoutTests
{
    private const int Units = 1000;

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(1)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Rates_outside_their_range_are_refused(float share) =>
        Assert.Throws<ArgumentOutOfRangeException>("rate", () => new DropoutLayer(share));

    [Fact]
    public void Text_names_the_rate() => Assert.Equal("Dropout 0.25", new DropoutLayer(0.25f).ToString());

    [Fact]
    public void Prediction_is_that_of_the_network_without_dropout_to_the_bit()
    {
        var with = Network.Create(4, [new DropoutLayer(0.5f), new DenseLayer(8, Activation.Tanh), new DropoutLayer(0.9f), new DenseLayer(2)], seed: 1);
        var without = Network.Create(4, [new DenseLayer(8, Activation.Tanh), new DenseLayer(2)], seed: 2);
        Samples.CopyParameters(with, without);
        var rows = Samples.Numbers(4 * 25, seed: 3);
        Assert.Equal(Samples.Bits(without.Predict(rows)), Samples.Bits(with.Predict(rows)));
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Training_drops_the_share_and_keeps_the_expectation(float rate)
    {
        const int Draws = 200;
        var input = Samples.Numbers(Units, seed: 3);
        var outputs = Enumerable.Range(0, Draws).SelectMany(step => Masked(rate, input, seed: 4, step)).ToArray();

        // Five standard deviations of the mean of as many draws: a drop is a Bernoulli variable, a kept input grows by 1 / (1 - rate).
        var deviations = 5 / Math.Sqrt(Draws * Units);
        Assert.Equal(rate, outputs.Count(y => y == 0) / (double)outputs.Length, deviations * Math.Sqrt(rate * (1 - rate)));
        var factors = outputs.Select((y, i) => (double)y / input[i % Units]);
        Assert.Equal(1, factors.Average(), deviations * Math.Sqrt(rate / (1 - rate)));
        Assert.Equal(input.Where((_, i) => outputs[i] != 0).Select(x => x * (1 / (1 - MathF.Round(rate * 65536) / 65536))), outputs.Take(Units).Where(y => y != 0));
    }

    /// <summary>What stays is divided by the probability that it is drawn with, a whole number of 65536ths.</summary>
    [Theory]
    [InlineData(0.1f, 6554)]
    [InlineData(0.00002f, 1)]
    [InlineData(0.000001f, 0)]
    [InlineData(0.9998f, 65523)]
    [InlineData(0.999999f, 65535)]
    public void The_expectation_is_exact_whatever_the_rate(float rate, int dropped)
    {
        // Of so many draws one stays at the highest rate.
        var kept = Enumerable.Range(0, 6000).SelectMany(step => Masked(rate, [.. Enumerable.Repeat(1f, Units)], seed: 4, step)).First(y => y != 0);
        Assert.Equal(65536f / (65536 - dropped), kept);
    }

    [Fact]
    public void Masks_differ_between_steps_seeds_and_layers()
    {
        var ones = Enumerable.Repeat(1f, Units).ToArray();
        float[][] outputs =
        [
            Masked(0.5f, ones, seed: 4, step: 0), Masked(0.5f, ones, seed: 4, step: 1), Masked(0.5f, ones, seed: 5, step: 0),
            Masked(0.5f, ones, seed: 4, step: 0, before: new DenseLayer(Units)),
        ];
        for (var i = 0; i < outputs.Length; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.InRange(outputs[i].Zip(outputs[j]).Count(p => p.First == p.Second), Units * 4 / 10, Units * 6 / 10);
        }

        Assert.Equal(outputs[0], Masked(0.5f, ones, seed: 4, step: 0));
    }

    [Fact]
    public void Rows_of_a_batch_have_masks_of_their_own()
    {
        var output = Masked(0.5f, [.. Enumerable.Repeat(1f, 2 * Units)], seed: 4, step: 0);
        Assert.InRange(output[..Units].Zip(output[Units..]).Count(p => p.First == p.Second), Units * 4 / 10, Units * 6 / 10);
    }

    [Fact]
    public void Backward_pass_has_the_mask_of_the_forward_pass_at_every_step()
    {
        const int Seed = 7;
        var network = Network.Create(1, [new DenseLayer(Units), new DropoutLayer(0.5f)], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Seed = Seed, Optimizer = new StochasticGradientDescent() });
        for (var step = 0; step < 3; step++)
        {
            // A target that no output reaches, so that only the mask makes a gradient 0.
            trainer.ComputeGradient([1], [.. Enumerable.Repeat(100f, Units)]);
            var kept = network.Forward([1], network.CreateWorkspace(1), new TrainingStep(Seed, step)).ToArray().Select(y => y != 0);
            Assert.Equal(kept, trainer.Gradient(network.Parameters[1]).ToArray().Select(g => g != 0));
            trainer.Step();
        }
    }

    [Fact]
    public void Rate_zero_trains_as_no_dropout_to_the_bit()
    {
        var with = Network.Create(3, [new DenseLayer(8, Activation.Tanh), new DropoutLayer(0), new DenseLayer(1)], seed: 1);
        var without = Network.Create(3, [new DenseLayer(8, Activation.Tanh), new DenseLayer(1)], seed: 2);
        Samples.CopyParameters(with, without);
        var data = Dataset.FromTargets(3, 1, Samples.Numbers(3 * 20, seed: 3), Samples.Numbers(20, seed: 4));
        foreach (var network in (Network[])[with, without])
            new NetworkTrainer(network, new TrainingOptions { Seed = 5, NumberOfEpochs = 3, BatchSize = 8 }).Train(data);
        Assert.Equal(Samples.ParameterBits(without), Samples.ParameterBits(with));
    }

    /// <summary>What a dropout layer makes of rows while training; with a layer before it, that one passes its input on.</summary>
    private static float[] Masked(float rate, float[] rows, int seed, long step, DenseLayer? before = null)
    {
        var network = Network.Create(Units, before is null ? [new DropoutLayer(rate)] : [before, new DropoutLayer(rate)], seed: 1);
        if (before is not null)
            network.SetParameter(network.Parameters[0], [.. Enumerable.Range(0, Units * Units).Select(i => i / Units == i % Units ? 1f : 0f)]);
        return network.Forward(rows, network.CreateWorkspace(rows.Length / Units), new TrainingStep(seed, step)).ToArray();
    }
}
