using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Brings the values of each position, or of a plain row, to mean 0 and variance 1, then each channel to a scale and a shift that are learned: y = (x - mean) / sqrt(variance + epsilon) * scale + shift, with mean and variance over the
/// last dimension. Rows do not depend on each other, so it is the same in training and at prediction. Parameters (channels each): "scale" and "shift", at first 1 and 0.
/// </summary>
/// <remarks>Ba, Kiros and Hinton, "Layer normalization" (2016). The variance is the mean of (x - mean)².</remarks>
public sealed class LayerNormalizationLayer : Layer
{
    private const float UsualEpsilon = 1e-5f;

    private const int Scale = 0;
    private const int Shift = 1;

    /// <summary>A layer that normalizes each position by itself.</summary>
    /// <param name="epsilon">What is added to variances, so that none is 0, in [1e-12, 1]; 1e-5 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is outside its range.</exception>
    public LayerNormalizationLayer(float epsilon = UsualEpsilon)
    {
        if (epsilon is not (>= 1e-12f and <= 1))
            throw new ArgumentOutOfRangeException(nameof(epsilon), FormattableString.Invariant($"The epsilon of a layer normalization must be in [1e-12, 1]; {epsilon} was given."));
        Epsilon = epsilon;
    }

    /// <summary>What is added to variances.</summary>
    public float Epsilon { get; }

    /// <summary>"Layer normalization", and the epsilon where it is not the usual one.</summary>
    public override string ToString() => "Layer normalization" + (Epsilon == UsualEpsilon ? "" : FormattableString.Invariant($", epsilon {Epsilon}"));

    internal static Layer Read(BinaryReader reader) => new LayerNormalizationLayer(reader.ReadSingle());

    /// <summary>float32 epsilon.</summary>
    internal override void Write(BinaryWriter writer) => writer.Write(Epsilon);

    internal override Shape OutputShape(Shape input) => input;

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input) =>
        [new("scale", input.Dimensions[^1], IsDecayed: false), new("shift", input.Dimensions[^1], IsDecayed: false)];

    internal override void Initialize(NetworkLayer layer, RandomBits random) => layer.Parameter(Scale).Elements.Fill(1);

    /// <summary>Of each position its mean and 1 / sqrt(variance + epsilon).</summary>
    internal override LayerMemory Cache(Shape input) => new((int)Math.Min(int.MaxValue, 2L * (input.Size / input.Dimensions[^1])));

    internal override LayerMemory Scratch(Shape input) => ChannelCoefficients.Scratch(input);

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var (graph, axes) = (input.Graph, new[] { (long)input.Rank });
        return input.MapChannelsLast(Normalized).WithChannels("Mul", "scale", layer.Parameter(Scale).ToArray()).WithChannels("Add", "shift", layer.Parameter(Shift).ToArray());

        string Normalized(string x)
        {
            var centered = graph.Node("Sub", [x, Mean(x)]);
            return graph.Node("Div", [centered, graph.Node("Sqrt", [graph.Node("Add", [Mean(graph.Node("Mul", [centered, centered])), graph.Number(Epsilon)])])]);
        }

        string Mean(string values) => graph.Node("ReduceMean", [values], ("axes", axes), ("keepdims", 1L));
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(Epsilon, layer);

    private sealed unsafe class Passes(float epsilon, NetworkLayer layer) : LayerPasses
    {
        private readonly int _size = layer.InputShape.Size;
        private readonly int _channels = layer.InputShape.Dimensions[^1];
        private readonly Parameter _scale = layer.Parameter(Scale);
        private readonly Parameter _shift = layer.Parameter(Shift);

        /// <summary>y = xhat * scale + shift, with xhat = (x - mean) / sqrt(variance + epsilon).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            Lengths.Check(pass.Output.Length, (long)pass.Rows * _size);
            fixed (float* statistics = pass.Cache, y = pass.Output)
            {
                new PositionNormalization(new PositionRows(pass.Input, _channels), epsilon, _scale.Pointer, _shift.Pointer, y, statistics, pass.Saturates).Run(pass.Team);
            }
        }

        /// <summary>dshift = Σ dy; dscale = Σ dy xhat; with g = dy scale, dx = (g - mean of g - xhat * mean of g xhat) / sqrt(variance + epsilon), the means over the channels of a position.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            Lengths.Check(pass.OutputGradient.Length, (long)pass.Rows * _size);
            Lengths.Check(pass.InputGradient.Length, pass.InputGradient.IsEmpty ? 0 : pass.OutputGradient.Length);
            fixed (float* statistics = pass.Cache, scratch = pass.Scratch, dy = pass.OutputGradient, dx = pass.InputGradient)
            fixed (float* dscale = pass.Gradients.Fill(_scale), dshift = pass.Gradients.Fill(_shift))
            {
                var work = new PositionNormalizationGradient(new PositionRows(pass.Input, _channels), _scale.Pointer, statistics, dy, dx, scratch);
                work.Run(pass.Team);
                for (var c = 0; c < _channels; c++)
                {
                    var (gradient, product) = work[c];
                    (dshift[c], dscale[c]) = ((float)gradient, (float)product);
                }
            }
        }
    }
}
