using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// A residual connection around layers: y = f(x) + x, where f are the layers one after the other. Where they make another shape of x, x is projected to it, y = f(x) + x P: at each position of an
/// image or a sequence as a convolution of size 1 without a bias does it, with the stride that makes as many positions; to plain units as a dense layer without a bias does.
/// Parameters: "projection" (channels x output channels), where there is one, then those of the layers, named "1.weights" and so on after their positions, from 1.
/// </summary>
/// <remarks>
/// He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2016): what deep networks need, since gradients reach the first layers by the sums. An activation after the sum is an
/// <see cref="ActivationLayer"/> behind this layer. The projection begins with the values of Glorot and Bengio (2010), and weight decay applies to it.
/// </remarks>
public sealed class ResidualLayer : Layer
{
    private const int ProjectionWeights = 0;

    /// <summary>A residual connection around <paramref name="layers"/>.</summary>
    /// <param name="layers">At least one; of any kind but <see cref="EnsembleLayer"/>. They may be residual layers themselves, up to eight deep.</param>
    /// <exception cref="ArgumentException">There is no layer, there are more than 10,000, they lie too deep in one another, or one is an ensemble.</exception>
    public ResidualLayer(IReadOnlyList<Layer> layers) : base(layers)
    {
    }

    /// <summary>The layers that it leads around.</summary>
    public IReadOnlyList<Layer> Layers => InnerLayers;

    /// <summary>Such as "Residual [Dense 64 ReLU, Dense 64 identity]".</summary>
    public override string ToString() => $"Residual [{string.Join(", ", Layers)}]";

    internal static Layer Read(LayerReader reader) => new ResidualLayer(reader.ReadInnerLayers());

    /// <summary>int32 number of layers, then each: byte kind, then what that writes.</summary>
    internal override void Write(BinaryWriter writer) => LayerKinds.WriteInner(InnerLayers, writer);

    internal override Shape OutputShape(Shape input)
    {
        var output = LayerChain.Shapes(InnerLayers, input)[^1];
        Projection.Of(input, output);
        return output;
    }

    internal override IReadOnlyList<Shape> InnerInputs(Shape input) => LayerChain.Shapes(InnerLayers, input)[..^1];

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        if (Projection.Of(input, LayerChain.Shapes(InnerLayers, input)[^1]) is not { } projection)
            return [];
        var weights = (long)projection.Channels * projection.OutputChannels;
        ParameterSpecification.CheckCount(input, weights, FormattableString.Invariant($"A projection of {projection.Channels:N0} values to {projection.OutputChannels:N0} has {weights:N0} weights"));
        return [new("projection", new Shape(projection.Channels, projection.OutputChannels), IsDecayed: true)];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random)
    {
        if (Projection.Of(layer.InputShape, layer.OutputShape) is { } projection)
            layer.Parameter(ProjectionWeights).FillUniform(random, WeightInitialization.GlorotLimit(projection.Channels, projection.OutputChannels));
    }

    internal override LayerMemory Cache(Shape input) => LayerChain.Cache(InnerLayers, LayerChain.Shapes(InnerLayers, input));

    internal override LayerMemory Scratch(Shape input)
    {
        var shapes = LayerChain.Shapes(InnerLayers, input);
        return Shortcut.ScratchFor(Projection.Of(input, shapes[^1]), shapes[^1].Size) + LayerChain.Scratch(InnerLayers, shapes);
    }

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var made = input;
        foreach (var inner in layer.Inner)
            made = inner.Layer.ToOnnx(made, inner);
        var shortcut = Projection.Of(layer.InputShape, layer.OutputShape) is { } projection ? projection.ToOnnx(input, layer.Parameter(ProjectionWeights), layer.OutputShape) : input;
        return made.Combine("Add", shortcut);
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(layer, Projection.Of(layer.InputShape, layer.OutputShape));

    private sealed class Passes(NetworkLayer layer, Projection? projection) : LayerPasses
    {
        private readonly ChainPasses _layers = new(layer.Inner);
        private readonly Shortcut _shortcut = new(projection, projection is null ? null : layer.Parameter(ProjectionWeights), layer.OutputShape.Size);

        /// <summary>y = f(x) + x, or y = f(x) + x P.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            var length = (int)_shortcut.Scratch.For(pass.Rows);
            var own = pass.Scratch[..length];
            var scratch = pass.Scratch[length..];
            Span<float> f;
            if (pass.Training is { } training)
            {
                f = _layers.Train(in pass.Inputs, pass.Cache, scratch, training, pass.Team);
            }
            else
            {
                // Nobody needs f(x) afterwards, so it becomes y in place.
                f = projection is null ? pass.Output : own[..pass.Output.Length];
                _layers.Predict(in pass.Inputs, f, scratch, pass.Team, pass.Saturates);
            }

            _shortcut.Forward(f, pass.Input, pass.Output, own, pass.Saturates, pass.Team);
        }

        /// <summary>dx = f'(x) dy + dy, or dx = f'(x) dy + dy Pᵀ; dP = xᵀ dy.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            // First the shortcut, since f may overwrite dy.
            var gradient = _shortcut.Backward(in pass);
            scoped var ofLayers = new BackwardPass(pass.Scratch[(int)_shortcut.Scratch.For(pass.Rows)..], pass.Gradients, pass.Training, pass.Team, pass.FusedUpdate);
            ofLayers.TurnTo(in pass.Inputs, pass.Output, pass.Cache, pass.OutputGradient, pass.InputGradient);
            _layers.Backward(in ofLayers);
            if (!gradient.IsEmpty)
                _shortcut.AddGradient(gradient, pass.InputGradient, pass.Rows, pass.Team);
        }
    }
}
