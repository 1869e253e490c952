using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

public class BatchNormalizationTests
{
    private const float Epsilon = 0.01f;

    public static TheoryData<int[]> Inputs => [(int[])[7], (int[])[1], (int[])[33], (int[])[3, 4, 1], (int[])[4, 3, 3], (int[])[2, 2, 33], (int[])[5, 17], (int[])[2, 2, 2, 5]];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Training_normalizes_by_the_statistics_of_the_batch(int[] shape) =>
        new LayerCheck(new BatchNormalizationLayer(epsilon: Epsilon), new Shape(shape), (x, _, parameters) => Normalize(x, parameters, Statistics(x, shape[^1])))
        {
            MixesRows = true,
            Prepare = SetRunning,
        }.Run();

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Prediction_normalizes_by_the_running_statistics(int[] shape) =>
        new LayerCheck(new BatchNormalizationLayer(epsilon: Epsilon), new Shape(shape), (x, _, parameters) => Normalize(x, parameters, Running(parameters)))
        {
            Prepare = SetRunning,
            IsTraining = false,
        }.Run();

    /// <summary>A last row that is left over: its variance would be 0, and its output the shift, whatever it is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1, 33)]
    [InlineData(1, 1, 3)]
    public void A_batch_of_one_value_a_channel_is_normalized_by_the_running_statistics_and_leaves_them(params int[] shape)
    {
        new LayerCheck(new BatchNormalizationLayer(epsilon: Epsilon), new Shape(shape), (x, _, parameters) => Normalize(x, parameters, Running(parameters)))
        {
            Prepare = SetRunning,
            Rows = 1,
        }.Run();
        var network = Network.Create(new Shape(shape), [new BatchNormalizationLayer()], seed: 1);
        SetRunning(network);
        var before = Samples.ParameterBits(network);
        network.Forward(Samples.Numbers(shape[^1], seed: 2), network.CreateWorkspace(1), new TrainingStep(1, 0));
        Assert.Equal(before, Samples.ParameterBits(network));
    }

    [Fact]
    public void A_last_batch_of_one_row_does_not_end_a_training()
    {
        var network = Network.Create(3, [new DenseLayer(8), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU), new DenseLayer(1)], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions { Seed = 2, BatchSize = 4, NumberOfEpochs = 5 }).Train(Dataset.FromTargets(3, 1, Samples.Numbers(9 * 3, seed: 3), Samples.Numbers(9, seed: 4)));
        Assert.All(history, epoch => Assert.True(double.IsFinite(epoch.Loss)));
        Assert.All(network.Predict(Samples.Numbers(9, seed: 5)), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>As many positions as several pieces have, against the formulas in float64; on any number of threads, and wherever rows lie, to the same bits.</summary>
    [Theory]
    [InlineData(40, 16, 12, 8)]
    [InlineData(3, 30, 30, 3)]
    [InlineData(300, 33)]
    [InlineData(40, 2000)]
    public void Many_positions_agree_with_the_formulas(int rows, params int[] shape)
    {
        var (size, channels) = (new Shape(shape).Size, shape[^1]);
        var (x, dy) = (Samples.Numbers(rows * size, seed: 1), Samples.Numbers(rows * size, seed: 2));
        // Means of all magnitudes, such as those of features before they are standardized.
        for (var i = 0; i < x.Length; i++)
            x[i] += i % channels % 5 * 20;
        var alone = Pass(shape, rows, x, dy, threads: 1, scattered: false);
        var n = x.Length / channels;
        for (var c = 0; c < Math.Min(channels, 40); c++)
        {
            double[] values = [.. Every(x, channels, c)], gradients = [.. Every(dy, channels, c)];
            var mean = values.Average();
            var variance = values.Sum(value => (value - mean) * (value - mean)) / n;
            var (scale, shift) = (alone.Scale[c], alone.Shift[c]);
            double[] normalized = [.. values.Select(value => (value - mean) / Math.Sqrt(variance + Epsilon))];
            var (dshift, dscale) = (gradients.Sum(), gradients.Zip(normalized, (g, z) => g * z).Sum());
            Tolerance.Check(dshift, alone.ShiftGradient[c], roundings: 100, magnitude: Math.Sqrt(n));
            Tolerance.Check(dscale, alone.ScaleGradient[c], roundings: 1000, magnitude: Math.Sqrt(n));
            for (var i = 0; i < n; i += 7)
            {
                Tolerance.Check(normalized[i] * scale + shift, alone.Output[i * channels + c], roundings: 1000, magnitude: 3);
                var dx = scale / Math.Sqrt(variance + Epsilon) * (gradients[i] - dshift / n - normalized[i] * dscale / n);
                Tolerance.Check(dx, alone.InputGradient[i * channels + c], roundings: 1000, magnitude: 3);
            }

            Tolerance.Check(0.1 * mean, alone.Running[c], roundings: 20, magnitude: 80);
            Tolerance.Check(0.9 + 0.1 * variance * n / (n - 1), alone.Running[channels + c], roundings: 20);
        }

        foreach (var other in (Passed[])[Pass(shape, rows, x, dy, threads: 2, scattered: false), Pass(shape, rows, x, dy, threads: 7, scattered: false), Pass(shape, rows, x, dy, threads: 3, scattered: true)])
            Assert.All(alone.All.Zip(other.All), pair => Assert.Equal(Samples.Bits(pair.First), Samples.Bits(pair.Second)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5f)]
    [InlineData(0.99f)]
    public void Running_statistics_are_those_of_a_run_in_float64(float momentum)
    {
        const int Channels = 5, Steps = 12;
        var network = Network.Create(new Shape(3, Channels), [new BatchNormalizationLayer(momentum)], seed: 1);
        var (means, variances) = (new double[Channels], Enumerable.Repeat(1.0, Channels).ToArray());
        var workspace = network.CreateWorkspace(10);
        for (var step = 0; step < Steps; step++)
        {
            // Batches of several sizes around means that move.
            var rows = step % 9 + 1;
            float[] x = [.. Samples.Numbers(rows * 3 * Channels, seed: step).Select((value, i) => (value + step) * (i % Channels + 1))];
            network.Forward(x, workspace, new TrainingStep(1, step));
            for (var c = 0; c < Channels; c++)
            {
                double[] values = [.. Every(x, Channels, c)];
                var mean = values.Average();
                means[c] = momentum * means[c] + (1 - momentum) * mean;
                variances[c] = momentum * variances[c] + (1 - momentum) * values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
            }
        }

        Assert.All(means.Zip(network.Parameters[2].ToArray()), pair => Tolerance.Check(pair.First, pair.Second, roundings: 4 * Steps));
        Assert.All(variances.Zip(network.Parameters[3].ToArray()), pair => Tolerance.Check(pair.First, pair.Second, roundings: 20 * Steps));
        var before = Samples.ParameterBits(network);
        network.Predict(Samples.Numbers(3 * Channels, seed: 1));
        Assert.Equal(before, Samples.ParameterBits(network));
    }

    /// <summary>A mean that is a million times the deviation: in float32 a sum of squares minus a squared sum would be noise.</summary>
    [Fact]
    public void A_mean_far_from_zero_loses_no_variance()
    {
        float[] x = [.. Enumerable.Range(0, 2000).Select(i => 4096 + i % 4 * (1f / 256))];
        var network = Network.Create(1, [new BatchNormalizationLayer(momentum: 0, epsilon: 1e-12f)], seed: 1);
        var y = network.Forward(x, network.CreateWorkspace(2000), new TrainingStep(1, 0)).ToArray();
        for (var i = 0; i < y.Length; i++)
            Assert.Equal((i % 4 - 1.5) / Math.Sqrt(1.25), y[i], 1e-3);
        Assert.Equal(1.25 / 65536 * 2000 / 1999, network.Parameters[3].ToArray()[0], 1e-8);
    }

    [Fact]
    public void A_channel_that_is_constant_becomes_its_shift()
    {
        var network = Network.Create(new Shape(5, 2), [new BatchNormalizationLayer()], seed: 1);
        network.SetParameter(network.Parameters[1], [3, -4]);
        var y = network.Forward([.. Enumerable.Repeat(0.1f, 60)], network.CreateWorkspace(6), new TrainingStep(1, 0)).ToArray();
        Assert.All(y.Chunk(2), pair => Assert.Equal([3, -4], pair.Select(value => Math.Round(value, 4))));
    }

    [Fact]
    public void Parameters_are_a_scale_and_a_shift_that_are_learned_and_running_statistics_that_are_not()
    {
        var parameters = Network.Create(new Shape(4, 4, 3), [new BatchNormalizationLayer()], seed: 1).Parameters;
        Assert.Equal(
            [("scale", 1f, true), ("shift", 0f, true), ("running mean", 0f, false), ("running variance", 1f, false)],
            parameters.Select(p => (p.Name, p.ToArray().Distinct().Single(), p.IsTrained)));
        Assert.All(parameters, p => Assert.Equal((new Shape(3), false), (p.Shape, p.IsDecayed)));
    }

    [Fact]
    public void A_running_variance_below_zero_which_only_a_damaged_file_has_gives_numbers()
    {
        var network = Network.Create(2, [new BatchNormalizationLayer()], seed: 1);
        network.SetParameter(network.Parameters[3], [-1, float.MinValue]);
        Assert.All(network.Predict([1, 2]), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>The square of each value is beyond float32, or the sum of their squares, and the variance is not.</summary>
    [Theory]
    [InlineData(1.5e19f, 40)]
    [InlineData(3e18f, 3000)]
    public void Huge_values_are_normalized_too(float size, int rows)
    {
        float[] x = [.. Samples.Numbers(2 * rows, seed: 1).Select((value, i) => i % 2 == 0 ? value * size : value)];
        var network = Network.Create(2, [new BatchNormalizationLayer(momentum: 0)], seed: 1);
        var y = network.Forward(x, network.CreateWorkspace(rows), new TrainingStep(1, 0)).ToArray();
        double[] values = [.. Every(x, 2, 0)];
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        for (var row = 0; row < rows; row++)
            Assert.Equal((values[row] - mean) / deviation, y[2 * row], 1e-4);
        var running = deviation * Math.Sqrt(rows / (rows - 1.0));
        var predicted = network.Predict(x);
        for (var row = 0; row < rows; row++)
            Assert.Equal((values[row] - mean) / running, predicted[2 * row], 1e-4);
    }

    /// <summary>A running variance is a float32.</summary>
    [Fact]
    public void A_variance_beyond_float32_ends_a_training()
    {
        var data = Dataset.FromTargets(1, 1, new[] { 1e20f, 2e20f, 4e20f, -1e20f }, new[] { 1f, 2, 3, 4 });
        var network = Network.Create(1, [new BatchNormalizationLayer(), new DenseLayer(1)], seed: 1);
        Assert.Throws<TrainingDivergedException>(() => new NetworkTrainer(network, new TrainingOptions { Seed = 1, NumberOfEpochs = 2 }).Train(data));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Values_that_are_no_numbers_are_seen_in_the_output(float value)
    {
        var network = Network.Create(2, [new BatchNormalizationLayer()], seed: 1);
        var y = network.Forward([value, 1, 2, 3], network.CreateWorkspace(2), new TrainingStep(1, 0)).ToArray();
        Assert.Equal([true, false, true, false], y.Select(float.IsNaN));
    }

    [Fact]
    public void Options_are_told_and_limited()
    {
        var layer = new BatchNormalizationLayer(0.75f, 0.001f);
        Assert.Equal((0.75f, 0.001f), (layer.Momentum, layer.Epsilon));
        Assert.Equal(["Batch normalization", "Batch normalization, momentum 0.75, epsilon 0.001"], ((Layer[])[new BatchNormalizationLayer(), layer]).Select(kind => kind.ToString()));
        foreach (var momentum in (float[])[-0.1f, 1, float.NaN])
            Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new BatchNormalizationLayer(momentum));
        foreach (var epsilon in (float[])[0, -1, 2, float.NaN])
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new BatchNormalizationLayer(epsilon: epsilon));
    }

    private static void SetRunning(Network network)
    {
        var channels = network.Parameters[2].Shape.Size;
        network.SetParameter(network.Parameters[2], Samples.Numbers(channels, seed: 8));
        network.SetParameter(network.Parameters[3], [.. Samples.Numbers(channels, seed: 9).Select(value => value + 1.1f)]);
    }

    private static double[] Normalize(double[] x, double[][] parameters, (double[] Means, double[] Variances) by) =>
        [.. x.Select((value, i) => (value - by.Means[i % by.Means.Length]) / Math.Sqrt(by.Variances[i % by.Means.Length] + Epsilon) * parameters[0][i % by.Means.Length] + parameters[1][i % by.Means.Length])];

    private static (double[] Means, double[] Variances) Running(double[][] parameters) => (parameters[2], parameters[3]);

    private static (double[] Means, double[] Variances) Statistics(double[] x, int channels)
    {
        double[] means = [.. Enumerable.Range(0, channels).Select(c => x.Where((_, i) => i % channels == c).Average())];
        return (means, [.. means.Select((mean, c) => x.Where((_, i) => i % channels == c).Average(value => (value - mean) * (value - mean)))]);
    }

    private static IEnumerable<double> Every(float[] values, int channels, int channel)
    {
        for (var i = channel; i < values.Length; i += channels)
            yield return values[i];
    }

    private static unsafe Passed Pass(int[] shape, int rows, float[] x, float[] dy, int threads, bool scattered)
    {
        var network = Network.Create(new Shape(shape), [new BatchNormalizationLayer(epsilon: Epsilon)], seed: 1);
        foreach (var parameter in network.TrainedParameters)
            network.SetParameter(parameter, Samples.Numbers(parameter.Shape.Size, seed: parameter.Name.Length));
        using var team = threads == 1 ? null : new ThreadTeam(threads, adapts: false);
        var (size, workspace, gradients, dx) = (x.Length / rows, network.CreateWorkspace(rows), new Engine.Gradients(network.TrainedLength), new float[x.Length]);
        // Backwards, one value apart.
        var (elements, offsets) = (new float[rows * (size + 1)], new nint[rows]);
        for (var row = 0; row < rows; row++)
        {
            offsets[row] = (rows - 1 - row) * (nint)(size + 1);
            x.AsSpan(row * size, size).CopyTo(elements.AsSpan((int)offsets[row]));
        }

        fixed (float* contiguous = x, apart = elements)
        fixed (nint* starts = offsets)
        {
            InputRows inputs = scattered ? new MatrixRows(apart, starts, rows, size) : new MatrixRows(contiguous, rows, size);
            var output = NetworkPass.Run(network, in inputs, workspace, new TrainingStep(1, 0), team).ToArray();
            gradients.Begin();
            SinglePass.Backward(network.Passes[0], in inputs, output, workspace.Cache(0), workspace.Scratch, dy.ToArray(), dx, gradients, new TrainingStep(1, 0), team);
            var parameters = network.Parameters;
            return new Passed(
                output, dx, parameters[0].ToArray(), parameters[1].ToArray(), gradients.ToArray(parameters[0]), gradients.ToArray(parameters[1]), [.. parameters[2].ToArray(), .. parameters[3].ToArray()]);
        }
    }

    private sealed record Passed(float[] Output, float[] InputGradient, float[] Scale, float[] Shift, float[] ScaleGradient, float[] ShiftGradient, float[] Running)
    {
        public float[][] All => [Output, InputGradient, ScaleGradient, ShiftGradient, Running];
    }
}
