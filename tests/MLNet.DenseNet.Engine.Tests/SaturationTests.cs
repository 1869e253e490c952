using CsCheck;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>Finite rows have finite predictions, even where a sum on the way leaves the range of float32.</summary>
public class SaturationTests
{
    private const int Inputs = 5;
    private const int Rows = 9;

    public static TheoryData<string, string> Activations
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var hidden in Samples.Activations.Keys)
            {
                foreach (var output in (string[])["identity", "sigmoid", "softmax", "exponential"])
                    data.Add(hidden, output);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Predictions_of_finite_rows_are_finite(string hidden, string output)
    {
        Layer[] layers = [new DenseLayer(7, Samples.Activations[hidden]), new DropoutLayer(0.1f), new DenseLayer(6, Samples.Activations[hidden]), new DenseLayer(3, Samples.Activations[output])];
        foreach (var network in (Network[])[
            Network.Create(Inputs, layers, seed: 1), Network.Create(Inputs, [new StandardizationLayer(), .. layers], seed: 1),
            Network.Create(Inputs, [new EnsembleLayer(3, layers)], seed: 1), Network.Create(Inputs, [new StandardizationLayer(), new EnsembleLayer(3, layers)], seed: 1)])
        {
            Gen.Int[0, 1000].Sample(
                seed =>
                {
                    Spread(network, seed);
                    Check(network, Extreme(Inputs * Rows, seed + 1), sparseColumns: seed % 2 == 0);
                },
                iter: 30, threads: 1);
        }
    }

    public static TheoryData<string> Kinds => [.. Samples.Layers.Keys.Where(kind => !kind.StartsWith("Embedding", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Predictions_of_finite_rows_are_finite_after_every_kind_of_layer(string kind)
    {
        var (layer, input) = Samples.Layers[kind];
        var network = Network.Create(input, [layer, new DenseLayer(3)], seed: 1);
        for (var seed = 0; seed < 30; seed++)
        {
            Spread(network, seed);
            var features = Extreme(input.Size * 3, seed + 1);
            Assert.All(network.Predict(features), value => Assert.True(float.IsFinite(value), $"{network} predicts {value} with seed {seed}"));
        }
    }

    [Fact]
    public void A_sum_beyond_float32_comes_to_the_largest_number()
    {
        var network = Network.Create(2, [new DenseLayer(2)], seed: 1);
        network.SetParameter(network.Parameters[0], [1e30f, -1e30f, 1e30f, 1]);
        Assert.Equal([float.MaxValue, float.MinValue], network.Predict([1e30f, 1]));
        network = Network.Create(2, [new DenseLayer(2, Activation.Softmax)], seed: 1);
        network.SetParameter(network.Parameters[0], [1e30f, 1e30f, 0, 0]);
        Assert.Equal([0.5f, 0.5f], network.Predict([1e30f, 1]));
        // Up to the largest number, the sum decides.
        network.SetParameter(network.Parameters[0], [1e30f, 1e7f, 0, 0]);
        Assert.Equal([1, 0], network.Predict([1e30f, 1]));
    }

    [Fact]
    public void A_mean_of_members_at_both_ends_is_finite()
    {
        var network = Network.Create(1, [new EnsembleLayer(3, [new DenseLayer(2, Activation.Softmax)])], seed: 1);
        foreach (var (parameter, value) in network.Parameters.Where(p => p.IsDecayed).Zip((float[])[1e30f, -1e30f, 1e30f]))
            network.SetParameter(parameter, [value, -value]);
        Assert.Equal([1, 0], network.Predict([1e30f]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_feature_that_is_no_number_still_gives_none(float missing)
    {
        var network = Network.Create(2, [new DenseLayer(2, Activation.Softmax)], seed: 1);
        network.SetParameter(network.Parameters[0], [1e30f, 1e30f, 1, 1]);
        Assert.Equal([0.5f, 0.5f, float.NaN, float.NaN], network.Predict([1e30f, 1, missing, 1]));
    }

    private static void Check(Network network, float[] rows, bool sparseColumns)
    {
        var units = network.OutputShape.Size;
        var together = network.Predict(rows);
        Assert.All(together, x => Assert.True(float.IsFinite(x), $"{network} predicts {x}"));
        using var workspace = network.CreateWorkspace(Rows, threads: 2);
        Assert.Equal(Samples.Bits(together), Samples.Bits(network.Forward(rows, workspace)));
        Assert.Equal(Samples.Bits(together), Samples.Bits(workspace.Output(network.Layers.Count - 1)));
        for (var row = 0; row < Rows; row++)
            Assert.Equal(Samples.Bits(together.AsSpan(row * units, units)), Samples.Bits(network.Predict(rows.AsSpan(row * Inputs, Inputs))));
        if (sparseColumns)
            Assert.All(network.Predict(SparseSamples.Store(rows, Inputs)), x => Assert.True(float.IsFinite(x)));
    }

    /// <summary>Parameters of all magnitudes, in some layers large ones.</summary>
    private static void Spread(Network network, int seed)
    {
        foreach (var parameter in network.Parameters)
        {
            seed++;
            if (parameter.Name == "scale")
                network.SetParameter(parameter, [.. Extreme(parameter.Shape.Size, seed).Select(Math.Abs)]);
            else
                network.SetParameter(parameter, Extreme(parameter.Shape.Size, seed));
        }
    }

    private static float[] Extreme(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(8) switch
        {
            0 => float.MaxValue,
            1 => float.MinValue,
            2 => 0,
            _ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-10, 39))),
        })];
    }
}
