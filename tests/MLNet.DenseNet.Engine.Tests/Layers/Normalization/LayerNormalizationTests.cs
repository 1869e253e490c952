namespace MLNet.DenseNet.Engine.Tests.Layers;

public class LayerNormalizationTests
{
    private const float Epsilon = 0.01f;

    public static TheoryData<int[]> Inputs => [(int[])[7], (int[])[1], (int[])[2], (int[])[33], (int[])[50], (int[])[3, 4, 1], (int[])[4, 3, 3], (int[])[2, 2, 33], (int[])[5, 17], (int[])[2, 2, 2, 5]];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Each_position_is_normalized_by_itself(int[] shape)
    {
        foreach (var isTraining in (bool[])[true, false])
            new LayerCheck(new LayerNormalizationLayer(Epsilon), new Shape(shape), (x, _, parameters) => [.. x.Chunk(shape[^1]).SelectMany(values => Normalize(values, parameters))]) { IsTraining = isTraining }.Run();
    }

    /// <summary>As many positions as several pieces have.</summary>
    [Fact]
    public void Sums_of_many_positions_agree_with_the_formula()
    {
        const int Channels = 3, Rows = 700;
        var network = Network.Create(Channels, [new LayerNormalizationLayer(Epsilon)], seed: 1);
        network.SetParameter(network.Parameters[0], [0.5f, -2, 1]);
        var (x, t) = (Samples.Numbers(Rows * Channels, seed: 1), Samples.Numbers(Rows * Channels, seed: 2));
        var gradients = new List<float[]>();
        foreach (var threads in (int[])[1, 3])
        {
            var trainer = new NetworkTrainer(network, new TrainingOptions { NumberOfThreads = threads, AdaptsThreads = false });
            trainer.ComputeGradient(x, t);
            gradients.Add([.. trainer.Gradient(network.Parameters[0]), .. trainer.Gradient(network.Parameters[1])]);
        }

        Assert.Equal(Samples.Bits(gradients[0]), Samples.Bits(gradients[1]));
        var (expected, y) = (new double[2 * Channels], network.Predict(x));
        for (var i = 0; i < x.Length; i++)
        {
            double[] values = [.. x.Skip(i / Channels * Channels).Take(Channels).Select(value => (double)value)];
            var dy = 2.0 * (y[i] - t[i]) / x.Length;
            expected[i % Channels] += dy * Normalize(values, [[1, 1, 1], [0, 0, 0]])[i % Channels];
            expected[Channels + i % Channels] += dy;
        }

        Assert.All(expected.Zip(gradients[0]), pair => Tolerance.Check(pair.First, pair.Second, roundings: 100, magnitude: 1));
    }

    [Fact]
    public void It_may_come_first_and_is_the_same_in_training_and_at_prediction()
    {
        var features = Samples.Numbers(20 * 12, seed: 3);
        var first = new LayerNormalizationLayer();
        Layer[] rest = [new DenseLayer(3)];
        var (within, before) = (Network.Create(new Shape(4, 3), [first, .. rest], seed: 1), Network.Create(new Shape(4, 3), rest, seed: 1));
        before.SetParameter(before.Parameters[0], within.Parameters[2].ToArray());
        Train(within, features);
        Train(before, Network.Create(new Shape(4, 3), [first], seed: 1).Predict(features));
        // The scale is learned in one of them only, from the second step on.
        Assert.Equal(before.Parameters[0].ToArray(), within.Parameters[2].ToArray());
        Assert.NotEqual([1, 1, 1], within.Parameters[0].ToArray());

        static void Train(Network network, float[] features)
        {
            var trainer = new NetworkTrainer(network, new TrainingOptions { Seed = 5, LearningRate = 0.01f });
            trainer.ComputeGradient(features, Samples.Numbers(20 * 3, seed: 4));
            trainer.Step();
        }
    }

    [Fact]
    public void A_mean_far_from_zero_loses_no_variance()
    {
        float[] x = [.. Enumerable.Range(0, 64).Select(i => 4096 + i % 4 * (1f / 256))];
        var y = Network.Create(64, [new LayerNormalizationLayer(1e-12f)], seed: 1).Predict(x);
        for (var i = 0; i < x.Length; i++)
            Assert.Equal((i % 4 - 1.5) / Math.Sqrt(1.25), y[i], 1e-3);
    }

    [Fact]
    public void Finite_rows_have_finite_predictions_and_others_are_seen()
    {
        var network = Network.Create(4, [new LayerNormalizationLayer()], seed: 1);
        Assert.All(network.Predict([float.MaxValue, float.MaxValue, float.MinValue, 1, float.MaxValue, float.MaxValue, float.MaxValue, float.MaxValue]), value => Assert.True(float.IsFinite(value)));
        Assert.All(network.Predict([float.NaN, 1, 2, 3]), value => Assert.True(float.IsNaN(value)));
        Assert.All(network.Predict([float.PositiveInfinity, 1, 2, 3]), value => Assert.True(float.IsNaN(value)));
    }

    /// <summary>Values whose squares, or whose sum, are beyond float32.</summary>
    [Theory]
    [InlineData(1e20f, 2e20f, 4e20f)]
    [InlineData(3e38f, 3.1e38f, 3.3e38f)]
    [InlineData(-3e38f, 1f, 3e38f)]
    public void Huge_values_are_normalized_too(params float[] values)
    {
        var network = Network.Create(3, [new LayerNormalizationLayer(Epsilon)], seed: 1);
        network.SetParameter(network.Parameters[0], [0.5f, -2, 1]);
        network.SetParameter(network.Parameters[1], [1, 0, -1]);
        var expected = Normalize([.. values.Select(value => (double)value)], [[0.5, -2, 1], [1, 0, -1]]);
        foreach (var y in (float[][])[network.Predict([1, 2, 3, .. values])[3..], network.Forward(values, network.CreateWorkspace(1), new TrainingStep(1, 0)).ToArray()])
            Assert.All(expected.Zip(y), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Options_are_told_and_limited()
    {
        Assert.Equal(["Layer normalization", "Layer normalization, epsilon 0.001"], ((Layer[])[new LayerNormalizationLayer(), new LayerNormalizationLayer(0.001f)]).Select(kind => kind.ToString()));
        foreach (var epsilon in (float[])[0, -1, 2, float.NaN])
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new LayerNormalizationLayer(epsilon));
        var parameters = Network.Create(new Shape(4, 3), [new LayerNormalizationLayer()], seed: 1).Parameters;
        Assert.Equal([("scale", 1f, true, false), ("shift", 0f, true, false)], parameters.Select(p => (p.Name, p.ToArray().Distinct().Single(), p.IsTrained, p.IsDecayed)));
    }

    private static double[] Normalize(double[] values, double[][] parameters)
    {
        var mean = values.Average();
        var variance = values.Average(value => (value - mean) * (value - mean));
        return [.. values.Select((value, c) => (value - mean) / Math.Sqrt(variance + Epsilon) * parameters[0][c] + parameters[1][c])];
    }
}
