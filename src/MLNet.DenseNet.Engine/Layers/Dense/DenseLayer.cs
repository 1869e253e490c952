using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// A fully connected layer: every unit is the weighted sum of all inputs plus its bias, then the activation,
/// y = activation(x W + b). Parameters: "weights" (inputs x units) and "bias" (units).
/// </summary>
public sealed class DenseLayer : Layer
{
    private const int Weights = 0;
    private const int Bias = 1;

    /// <summary>A layer of <paramref name="units"/> units.</summary>
    /// <param name="units">The number of outputs, at least 1.</param>
    /// <param name="activation">What every sum goes through; null, the default, for <see cref="Activation.Identity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public DenseLayer(int units, Activation? activation = null)
    {
        if (units < 1)
            throw new ArgumentOutOfRangeException(nameof(units), FormattableString.Invariant($"A dense layer needs at least 1 unit; {units} was given."));
        Units = units;
        Activation = activation ?? Activation.Identity;
    }

    /// <summary>The number of outputs.</summary>
    public int Units { get; }

    /// <summary>What every weighted sum goes through.</summary>
    public Activation Activation { get; }

    /// <summary>Such as "Dense 64 ReLU".</summary>
    public override string ToString() => $"Dense {Units} {Activation}";

    internal override Activation? OutputActivation => Activation;

    internal static Layer Read(BinaryReader reader) => new DenseLayer(reader.ReadInt32(), ActivationKinds.Read(reader));

    /// <summary>int32 units, byte activation (ActivationKinds), float32 slope where it is leaky ReLU.</summary>
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Units);
        ActivationKinds.Write(Activation, writer);
    }

    internal override Layer WithoutActivation() => new DenseLayer(Units);

    internal override Shape OutputShape(Shape input) => Units;

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var weights = (long)input.Size * Units;
        ParameterSpecification.CheckCount(input, weights, FormattableString.Invariant($"A dense layer of {Units:N0} units on {input.Size:N0} inputs has {weights:N0} weights"));
        return [new("weights", new Shape(input.Size, Units), IsDecayed: true, IsLinearMap: true), new("bias", Units, IsDecayed: false)];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random) => layer.Parameter(Weights).FillUniform(random, Activation.InitialWeightLimit(layer.InputShape.Size, Units));

    /// <summary>Sets weights and bias.</summary>
    /// <param name="layer">A dense layer in its network.</param>
    /// <param name="weights">(inputs x units), row-major.</param>
    /// <param name="bias">(units).</param>
    internal static void Set(NetworkLayer layer, float[] weights, float[] bias)
    {
        layer.Parameter(Weights).Set(weights);
        layer.Parameter(Bias).Set(bias);
    }

    internal override LayerMemory Cache(Shape input) => new(Activation.DerivativeNeedsSums ? Units : 0);

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var (graph, weights) = (input.Graph, layer.Parameter(Weights));
        var sums = graph.Node("Gemm", [input.Plain, graph.Constant("weights", weights.ToArray(), weights.Rows, Units), graph.Constant("bias", layer.Parameter(Bias).ToArray())]);
        return Activation.ToOnnx(OnnxRows.Of(graph, Units, sums));
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(this, layer);

    private sealed unsafe class Passes(DenseLayer dense, NetworkLayer layer) : LayerPasses
    {
        private readonly Activation _activation = dense.Activation;
        private readonly int _units = dense.Units;
        private readonly WeightedSums _sums = new(layer.Parameter(Weights), layer.Parameter(Bias));

        public override bool TakesSparse => true;

        /// <summary>y = f(x W + b).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            // At prediction nothing is kept for a backward pass: sums become outputs in place.
            var sums = _activation.DerivativeNeedsSums && !pass.Cache.IsEmpty ? pass.Cache : pass.Output;
            fixed (float* z = sums, y = pass.Output)
            {
                _sums.Forward(in pass.Inputs, sums, new Activating(_activation, z, y, _units, pass.Saturates), pass.Team);
                if (_activation.NeedsWholeRows)
                    _activation.Forward(z, y, _units, MatrixPart.Whole(pass.Rows, _units));
            }
        }

        /// <summary>dz = dy f'(z), in place of dy; dW = xᵀ dz; db = Σ dz; dx = dz Wᵀ.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            fixed (float* kept = _activation.DerivativeNeedsSums ? pass.Cache : pass.Output, dz = pass.OutputGradient)
            {
                if (_activation.NeedsWholeRows)
                    _activation.Backward(kept, dz, _units, MatrixPart.Whole(pass.Rows, _units));
                _sums.Backward(in pass.Inputs, pass.OutputGradient, pass.InputGradient, pass.Gradients, pass.FusedUpdate, new Differentiating(_activation, kept, dz, _units), pass.Team, pass.UnreadGradient);
            }
        }
    }

    /// <summary>Turns sums into outputs.</summary>
    private readonly unsafe struct Activating(Activation activation, float* sums, float* outputs, int units, bool saturates) : IPartWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(MatrixPart part)
        {
            if (saturates)
                Saturation.Run(sums, units, part);
            if (!activation.NeedsWholeRows)
                activation.Forward(sums, outputs, units, part);
        }
    }

    /// <summary>Turns the gradient of the outputs into that of the sums, in place.</summary>
    private readonly unsafe struct Differentiating(Activation activation, float* kept, float* gradient, int units) : IPartWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(MatrixPart part)
        {
            if (!activation.NeedsWholeRows)
                activation.Backward(kept, gradient, units, part);
        }
    }
}
