using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>
/// A kind of layer that only tests have, and that asks for all that the contract of layers offers: y = gain * (x - mean), channel by channel, with the mean of the batch in training and a running
/// one at prediction. The gain of a channel is the mean of a trained kernel of rank 4, (1 x 2 x 3 x channels).
/// </summary>
internal sealed class CenteringLayer : Layer
{
    public const float Momentum = 0.75f;

    private const int Kernel = 0;
    private const int RunningMean = 1;
    private const int Taps = 6;

    /// <summary>The lengths of cache and scratch memory in each pass, for tests to see.</summary>
    public List<(bool IsTraining, int Rows, int Cache, int Scratch)> Seen { get; } = [];

    internal override Shape OutputShape(Shape input) => input;

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input) =>
    [
        new("kernel", new Shape(1, 2, 3, Channels(input)), IsDecayed: true),
        new("running mean", Channels(input), IsDecayed: false, ParameterRole.RunningStatistic),
    ];

    internal override void Initialize(NetworkLayer layer, RandomBits random)
    {
        var kernel = new float[layer.Parameter(Kernel).Shape.Size];
        random.FillUniform(kernel, 1);
        layer.Parameter(Kernel).Set(kernel);
    }

    internal override LayerMemory Cache(Shape input) => new(PerRow: 0, PerBatch: Channels(input));

    internal override LayerMemory Scratch(Shape input) => new(PerRow: 1, PerBatch: 2 * Channels(input));

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => throw new NotSupportedException("It stands in tests alone.");

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(this, layer);

    internal override void Write(BinaryWriter writer) => throw new NotSupportedException("Not a kind that is saved.");

    private static int Channels(Shape input) => input.Dimensions[^1];

    private sealed class Passes(CenteringLayer kind, NetworkLayer layer) : LayerPasses
    {
        private readonly int _channels = Channels(layer.InputShape);
        private readonly Parameter _kernel = layer.Parameter(Kernel);
        private readonly Parameter _running = layer.Parameter(RunningMean);

        public override void Forward(in ForwardPass pass)
        {
            lock (kind.Seen)
                kind.Seen.Add((pass.Training is not null, pass.Rows, pass.Cache.Length, pass.Scratch.Length));
            var x = new float[pass.Output.Length];
            pass.Input.CopyTo(x);
            var means = pass.Training is null ? _running.Elements : pass.Cache;
            if (pass.Training is not null)
            {
                Means(x, means);
                for (var c = 0; c < _channels; c++)
                    _running.Elements[c] = Momentum * _running.Elements[c] + (1 - Momentum) * means[c];
            }

            var gains = Gains(pass.Scratch);
            for (var i = 0; i < x.Length; i++)
                pass.Output[i] = gains[i % _channels] * (x[i] - means[i % _channels]);
        }

        public override void Backward(in BackwardPass pass)
        {
            var x = new float[pass.OutputGradient.Length];
            pass.Input.CopyTo(x);
            var gains = Gains(pass.Scratch);
            var meanGradients = pass.Scratch.Slice(_channels, _channels);
            Means(pass.OutputGradient, meanGradients);
            var kernel = new float[_kernel.Shape.Size];
            for (var i = 0; i < x.Length; i++)
            {
                var c = i % _channels;
                for (var tap = 0; tap < Taps; tap++)
                    kernel[tap * _channels + c] += pass.OutputGradient[i] * (x[i] - pass.Cache[c]) / Taps;
                if (!pass.InputGradient.IsEmpty)
                    pass.InputGradient[i] = gains[c] * (pass.OutputGradient[i] - meanGradients[c]);
            }

            PanelLayout.FromRowMajor(kernel, pass.Gradients.Fill(_kernel), _channels);
        }

        private Span<float> Gains(Span<float> scratch)
        {
            var gains = scratch[.._channels];
            gains.Clear();
            var kernel = _kernel.ToArray();
            for (var i = 0; i < kernel.Length; i++)
                gains[i % _channels] += kernel[i] / Taps;
            return gains;
        }

        private void Means(ReadOnlySpan<float> values, Span<float> means)
        {
            means.Clear();
            for (var i = 0; i < values.Length; i++)
                means[i % _channels] += values[i] / (values.Length / _channels);
        }
    }
}
