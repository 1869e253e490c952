using MLNet.DenseNet.Engine.Tests.Persistence;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public class StandardizationLayerTests
{
    public static TheoryData<string> Optimizers => [.. Samples.Optimizers.Keys];

    [Theory]
    [InlineData(0)]
    [InlineData(1e-4f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Limits_outside_their_range_are_refused(float number) =>
        Assert.Throws<ArgumentOutOfRangeException>("limit", () => new StandardizationLayer(number));

    [Fact]
    public void Text_names_the_limit()
    {
        Assert.Equal("Standardization, limit 2.5", new StandardizationLayer(2.5f).ToString());
        Assert.Equal("Standardization, limit 3: 3 -> 3, 0 parameters", Network.Create(3, [new StandardizationLayer()], seed: 1).Layers[0].ToString());
    }

    [Fact]
    public void Output_is_shifted_scaled_and_smoothly_clipped()
    {
        var network = Standardizing(limit: 3, means: [1, -2, 0], scales: [2, 0.5f, 1]);
        float[] expected = [2.4f, 0, -2.4f, 0, 0, 3, -3, 3, -3];
        foreach (var (value, actual) in expected.Zip(network.Predict([3, -2, -4, 1, -2, float.PositiveInfinity, float.NegativeInfinity, 3e38f, -1e9f])))
            Assert.Equal(value, actual, 1e-6f);
    }

    [Fact]
    public void What_is_not_a_number_stays_so() => Assert.True(float.IsNaN(Standardizing(limit: 3, means: [1], scales: [2]).Predict([float.NaN])[0]));

    /// <summary>Of dense and sparse rows, saved and loaded.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(21)]
    public void A_missing_value_counts_as_the_mean_where_asked_for(int inputs)
    {
        float[] means = [.. Enumerable.Range(0, inputs).Select(i => i % 2 == 0 ? 0 : 0.5f)], scales = Samples.Numbers(inputs, seed: 2);
        foreach (var takesMissing in (bool[])[true, false])
        {
            var network = Network.Create(inputs, [new StandardizationLayer(2, takesMissing), new DenseLayer(3)], seed: 1);
            network.SetParameter(network.Parameters[0], means);
            network.SetParameter(network.Parameters[1], scales);
            var rows = Samples.Numbers(2 * inputs, seed: 3);
            var filled = rows.ToArray();
            for (var i = 0; i < rows.Length; i += 5)
                (rows[i], filled[i]) = (float.NaN, means[i % inputs]);
            foreach (var either in new[] { network, SavedNetworks.Load(SavedNetworks.Save(network)) })
            {
                var predicted = either.Predict(rows);
                if (takesMissing)
                    Assert.Equal(either.Predict(filled), predicted);
                else
                    Assert.All(predicted[..3], value => Assert.Equal(float.NaN, value));
                Assert.Equal(predicted, either.Predict(SparseSamples.Store(rows, inputs)));
                Assert.Equal(takesMissing, Assert.IsType<StandardizationLayer>(either.Layers[0].Layer).TakesMissingForMean);
            }
        }
    }

    [Fact]
    public void At_first_it_only_clips_smoothly() => Assert.Equal([0, 0.1f / MathF.Sqrt(1 + 0.01f / 9), 3], Network.Create(3, [new StandardizationLayer()], seed: 1).Predict([0, 0.1f, 1e30f]));

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(100)]
    public void Every_width_agrees_with_float64(int inputs)
    {
        const int Rows = 7;
        var (means, scales, rows) = (Samples.Numbers(inputs, seed: 1), Samples.Numbers(inputs, seed: 2), Samples.Numbers(Rows * inputs, seed: 3));
        var expected = rows.Select((x, i) => Expected(x, means[i % inputs], scales[i % inputs], 0.5));
        foreach (var (actual, value) in Standardizing(0.5f, means, scales).Predict(rows).Zip(expected))
            Assert.Equal(value, actual, 2e-7);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        const int Rows = 300, Inputs = 501;
        var network = Standardizing(1, Samples.Numbers(Inputs, seed: 1), Samples.Numbers(Inputs, seed: 2));
        var rows = Samples.Numbers(Rows * Inputs, seed: 3);
        using var workspace = network.CreateWorkspace(Rows, threads: 3);
        Assert.Equal(Samples.Bits(network.Predict(rows)), Samples.Bits(network.Forward(rows, workspace)));
    }

    /// <summary>Two rows of two positions of two channels: the first channel has the values 1 to 4, the second is always 7.</summary>
    [Fact]
    public void All_positions_of_a_channel_have_the_same_statistics()
    {
        var data = Dataset.FromTargets(4, 1, new float[] { 1, 7, 2, 7, 4, 7, 3, 7 }, new float[2]);
        foreach (var shape in (Shape[])[new(2, 2), new(1, 2, 2)])
        {
            var network = Standardized(shape);
            Assert.Equal([2.5f, 7, 2.5f, 7], network.Parameters[0].ToArray());
            var scale = (float)(1 / Math.Sqrt(1.25));
            Assert.Equal([scale, 1, scale, 1], network.Parameters[1].ToArray());
        }

        // Without positions, each is a channel of its own.
        Assert.Equal([2.5f, 7, 2.5f, 7], Standardized(4).Parameters[0].ToArray());
        Assert.Equal([(float)(1 / 1.5), 1, 2, 1], Standardized(4).Parameters[1].ToArray());

        Network Standardized(Shape shape)
        {
            var trainer = new NetworkTrainer(Network.Create(shape, [new StandardizationLayer(), new DenseLayer(1)], seed: 1), new TrainingOptions());
            trainer.Standardize(data);
            return trainer.Network;
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Training_leaves_the_statistics_alone_and_learns_from_what_comes_out(string optimizer)
    {
        var raw = SmallTraining.Features;
        float[] means = [100, -5, 0.25f], scales = [0.01f, 3, 1];
        var standardized = Standardizing(limit: 3, means, scales).Predict(raw);
        var options = SmallTraining.Options();
        options.Optimizer = Samples.Optimizers[optimizer];
        options.WeightDecay = 0.01f;
        options.RestoreBestWeights = true;

        var with = Network.Create(3, [new StandardizationLayer(), new DenseLayer(6, Activation.Tanh), new DenseLayer(2)], seed: 1);
        with.SetParameter(with.Parameters[0], means);
        with.SetParameter(with.Parameters[1], scales);
        var without = Network.Create(3, [new DenseLayer(6, Activation.Tanh), new DenseLayer(2)], seed: 1);
        foreach (var (source, destination) in without.Parameters.Zip(with.Parameters.Skip(2)))
            with.SetParameter(destination, source.ToArray());
        new NetworkTrainer(with, options).Train(Dataset.FromTargets(3, 2, raw, SmallTraining.Targets));
        new NetworkTrainer(without, options).Train(Dataset.FromTargets(3, 2, standardized, SmallTraining.Targets));

        Assert.Equal(Samples.Bits(means), Samples.Bits(with.Parameters[0].ToArray()));
        Assert.Equal(Samples.Bits(scales), Samples.Bits(with.Parameters[1].ToArray()));
        Assert.Equal(without.Parameters.SelectMany(p => Samples.Bits(p.ToArray())), with.Parameters.Skip(2).SelectMany(p => Samples.Bits(p.ToArray())));
    }

    [Fact]
    public void Its_parameters_count_as_untrained_and_have_no_gradient()
    {
        var network = Network.Create(3, [new StandardizationLayer(), new DenseLayer(2)], seed: 1);
        Assert.Equal(8, network.ParameterCount);
        Assert.Equal([false, false, true, true], network.Parameters.Select(p => p.IsTrained));
        var trainer = new NetworkTrainer(network, new TrainingOptions());
        trainer.ComputeGradient([1, 2, 3], [0, 0]);
        Assert.Equal([0, 0, 0], trainer.Gradient(network.Parameters[1]));
    }

    [Fact]
    public void A_saved_network_keeps_the_statistics_to_the_bit()
    {
        var network = Standardizing(limit: 4, Samples.Numbers(33, seed: 1), Samples.Numbers(33, seed: 2));
        var loaded = SavedNetworks.Load(SavedNetworks.Save(network));
        Assert.Equal(network.ToString(), loaded.ToString());
        Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(loaded));
    }

    private static double Expected(double x, double mean, double scale, double limit)
    {
        var z = (x - mean) * scale;
        return z / Math.Sqrt(1 + z / limit * (z / limit));
    }

    private static Network Standardizing(float limit, float[] means, float[] scales)
    {
        var network = Network.Create(means.Length, [new StandardizationLayer(limit)], seed: 1);
        network.SetParameter(network.Parameters[0], means);
        network.SetParameter(network.Parameters[1], scales);
        return network;
    }
}
