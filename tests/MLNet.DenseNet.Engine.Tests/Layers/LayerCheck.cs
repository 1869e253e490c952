using System.Globalization;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>
/// One layer alone, forwards and backwards, against a naive reference in float64 whose gradients are central differences. The loss is the sum of the outputs, each times a random number, so that
/// all gradients are known whatever the layer. The same bits are asked for on any number of threads, and every check is shown to see an error of one in a hundred.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="input">The shape before it.</param>
/// <param name="reference">What it computes.</param>
internal sealed class LayerCheck(Layer layer, Shape input, LayerCheck.Reference reference)
{
    private const int Seed = 17;
    private const double DifferenceStep = 1e-6;
    private const double CancelledMagnitude = 0.01;

    // All, but where float64 is emulated and differences take minutes: tests/arm64/test.sh sets it.
    private static readonly int MostDifferences = int.Parse(Environment.GetEnvironmentVariable("MOST_DIFFERENCES") ?? "1000000", CultureInfo.InvariantCulture);

    /// <summary>A layer's outputs, (rows x outputs).</summary>
    /// <param name="x">(rows x inputs).</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="parameters">The layer's parameters in their order, row-major.</param>
    public delegate double[] Reference(double[] x, int rows, double[][] parameters);

    /// <summary>Rows of a batch.</summary>
    public int Rows { get; init; } = 5;

    /// <summary>Whether the passes are those of a training step. Otherwise there is no backward pass to check.</summary>
    public bool IsTraining { get; init; } = true;

    /// <summary>(rows x inputs); by default random numbers in [-1, 1).</summary>
    public float[]? Features { get; init; }

    /// <summary>Whether the input has a gradient: not where it holds whole numbers.</summary>
    public bool HasInputGradient { get; init; } = true;

    /// <summary>Whether the outputs of a row rest on other rows too. Else a difference is taken in all rows at once.</summary>
    public bool MixesRows { get; init; }

    /// <summary>How many roundings a result may be off by.</summary>
    public int Roundings { get; init; } = 300;

    /// <summary>Gives the parameters other values than random ones.</summary>
    public Action<Network>? Prepare { get; init; }

    /// <summary>Checks both passes on one thread and on several.</summary>
    public void Run()
    {
        var network = NewNetwork();
        var x = Features ?? Samples.Numbers(Rows * input.Size, seed: 3);
        var parameters = network.Parameters.Select(parameter => Array.ConvertAll(parameter.ToArray(), value => (double)value)).ToArray();
        var weights = Samples.Numbers(Rows * network.OutputShape.Size, seed: 4);
        var alone = Compute(x, weights, threads: 1);
        CheckValues("Output", reference(Array.ConvertAll(x, value => (double)value), Rows, parameters), alone.Output);
        if (IsTraining)
            CheckGradients(network, x, weights, parameters, alone);
        foreach (var threads in (int[])[2, 3, 7])
        {
            var shared = Compute(x, weights, threads);
            Assert.Equal(Samples.Bits(alone.Output), Samples.Bits(shared.Output));
            Assert.Equal(Samples.Bits(alone.InputGradient), Samples.Bits(shared.InputGradient));
            Assert.All(alone.Gradients.Zip(shared.Gradients), pair => Assert.Equal(Samples.Bits(pair.First), Samples.Bits(pair.Second)));
        }
    }

    private void CheckGradients(Network network, float[] x, float[] weights, double[][] parameters, Computed alone)
    {
        var inputs = Array.ConvertAll(x, value => (double)value);
        var trained = network.Parameters.ToList().FindAll(parameter => parameter.IsTrained);
        foreach (var (parameter, gradient) in trained.Zip(alone.Gradients))
            CheckGradient($"Gradient of '{parameter.Name}'", parameters[network.Parameters.ToList().IndexOf(parameter)], 1, gradient);
        if (HasInputGradient)
            CheckGradient("Input gradient", inputs, MixesRows ? 1 : Rows, alone.InputGradient);

        void CheckGradient(string what, double[] values, int parts, float[] gradient)
        {
            Assert.Equal(values.Length, gradient.Length);
            var differences = Differences(values, parts, Objectives);
            CheckValues(what, [.. differences.Values], [.. differences.Keys.Select(i => gradient[i])]);
        }

        // Of equal parts of the batch.
        double[] Objectives(int parts)
        {
            var y = reference(inputs, Rows, parameters);
            var sums = new double[parts];
            for (var i = 0; i < y.Length; i++)
                sums[i / (y.Length / parts)] += weights[i] * y[i];
            return sums;
        }
    }

    /// <summary>Changes one value in each of some equal parts, to which as many objectives belong.</summary>
    private static Dictionary<int, double> Differences(double[] values, int parts, Func<int, double[]> objectives)
    {
        var (before, differences) = (values.ToArray(), new Dictionary<int, double>());
        var stride = values.Length / parts;
        var count = Math.Min(stride, MostDifferences);
        for (var n = 0; n < count; n++)
        {
            // All, or from the first to the last.
            var i = (int)((long)n * (stride - 1) / Math.Max(1, count - 1));
            Move(DifferenceStep);
            var above = objectives(parts);
            Move(-DifferenceStep);
            var below = objectives(parts);
            Move(0);
            for (var part = 0; part < parts; part++)
                differences[part * stride + i] = (above[part] - below[part]) / (2 * DifferenceStep);

            void Move(double step)
            {
                for (var k = i; k < values.Length; k += stride)
                    values[k] = before[k] + step;
            }
        }

        return differences;
    }

    /// <summary>Checks values, then that an error in the largest of them would have been seen.</summary>
    private void CheckValues(string what, double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var wrong = FirstWrong(expected, actual);
        Assert.True(wrong < 0, wrong < 0 ? "" : $"{what}, value {wrong} of {actual.Length}: {actual[wrong]:R} instead of {expected[wrong]:R}");
        var largest = Array.IndexOf(expected, expected.MaxBy(Math.Abs));
        if (expected[largest] == 0)
            return;
        var planted = actual.ToArray();
        planted[largest] *= 1.01f;
        Assert.Equal(largest, FirstWrong(expected, planted));
    }

    private int FirstWrong(double[] expected, float[] actual)
    {
        var magnitude = expected.Max(Math.Abs) + CancelledMagnitude;
        for (var i = 0; i < expected.Length; i++)
        {
            if (!Tolerance.Agree(expected[i], actual[i], Roundings, magnitude))
                return i;
        }

        return -1;
    }

    private Network NewNetwork()
    {
        var network = Network.Create(input, [layer], seed: 5);
        foreach (var parameter in network.Parameters.Where(parameter => parameter.IsTrained))
            network.SetParameter(parameter, Samples.Numbers(parameter.Shape.Size, seed: parameter.Shape.Size + parameter.Name.Length));
        Prepare?.Invoke(network);
        return network;
    }

    /// <summary>Memory that the layer has to fill holds no numbers before.</summary>
    private Computed Compute(float[] x, float[] weights, int threads)
    {
        var network = NewNetwork();
        using var team = threads == 1 ? null : new ThreadTeam(threads, adapts: false);
        var workspace = network.CreateWorkspace(Rows + 1);
        workspace.Rows = Rows;
        workspace.Cache(0).Fill(float.NaN);
        workspace.Scratch.Fill(float.NaN);
        workspace.MutableOutput(0).Fill(float.NaN);
        TrainingStep? step = IsTraining ? new TrainingStep(Seed, 0) : null;
        unsafe
        {
            fixed (float* elements = x)
            {
                var rows = new MatrixRows(elements, Rows, input.Size);
                InputRows inputs = rows;
                NetworkPass.Run(network, in inputs, workspace, step, team);
                var output = workspace.Output(0).ToArray();
                if (step is not { } training)
                    return new Computed(output, [], []);
                var gradients = new Engine.Gradients(network.TrainedLength);
                gradients.Values.Span.Fill(float.NaN);
                var dx = new float[HasInputGradient ? x.Length : 0];
                var computed = new Computed(output, dx, Backward(network, rows, workspace, weights, dx, gradients, training, team));
                // A second time, without the gradient of the input: that changes no other one.
                Assert.Equal(computed.Gradients, Backward(network, rows, workspace, weights, [], gradients, training, team));
                return computed;
            }
        }
    }

    private static List<float[]> Backward(Network network, MatrixRows rows, Workspace workspace, float[] weights, float[] dx, Engine.Gradients gradients, TrainingStep step, ThreadTeam? team)
    {
        Array.Fill(dx, float.NaN);
        workspace.Scratch.Fill(float.NaN);
        gradients.Begin();
        InputRows inputs = rows;
        SinglePass.Backward(network.Passes[0], in inputs, workspace.Output(0), workspace.Cache(0), workspace.Scratch, weights.ToArray(), dx, gradients, step, team);
        var trained = network.Parameters.Where(parameter => parameter.IsTrained).ToList();
        Assert.Equal(trained.ToHashSet(), gradients.Computed.ToArray().Select(computed => computed.Parameter).ToHashSet());
        return trained.ConvertAll(gradients.ToArray);
    }

    /// <param name="Output">(rows x outputs).</param>
    /// <param name="InputGradient">(rows x inputs).</param>
    /// <param name="Gradients">Of each trained parameter.</param>
    private sealed record Computed(float[] Output, float[] InputGradient, List<float[]> Gradients);
}
