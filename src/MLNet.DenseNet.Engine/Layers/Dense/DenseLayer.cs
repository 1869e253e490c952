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
        if (weights > AlignedBuffer.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(input), FormattableString.Invariant($"A dense layer of {Units:N0} units on {input.Size:N0} inputs has {weights:N0} weights; at most {AlignedBuffer.MaxLength:N0} are possible."));
        }

        return [new("weights", new Shape(input.Size, Units), IsDecayed: true), new("bias", Units, IsDecayed: false)];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random)
    {
        // Row by row: a whole copy of the weights of a wide table would be the most memory that a training takes.
        var row = new float[Units];
        for (var input = 0; input < layer.InputShape.Size; input++)
        {
            random.FillUniform(row, Activation.InitialWeightLimit(layer.InputShape.Size, Units), first: (ulong)input * (ulong)Units);
            layer.Parameter(Weights).SetRow(input, row);
        }
    }

    /// <summary>Makes the weighted sums of a layer other ones: sum * factor + shift, output by output.</summary>
    /// <param name="layer">A dense layer in its network.</param>
    /// <param name="factors">(units).</param>
    /// <param name="shifts">(units).</param>
    internal static void TransformOutputs(NetworkLayer layer, double[] factors, double[] shifts)
    {
        var (weights, bias) = (layer.Parameter(Weights).ToArray(), layer.Parameter(Bias).ToArray());
        for (var i = 0; i < weights.Length; i++)
            weights[i] = FiniteValues.Nearest(weights[i] * factors[i % factors.Length]);
        for (var j = 0; j < bias.Length; j++)
            bias[j] = FiniteValues.Nearest(bias[j] * factors[j] + shifts[j]);
        layer.Parameter(Weights).Set(weights);
        layer.Parameter(Bias).Set(bias);
    }

    /// <summary>How large the weights of an output are together: the unit of its values where inputs are about 1.</summary>
    internal static double OutputScale(NetworkLayer layer, int output)
    {
        var sum = 0.0;
        var weights = layer.Parameter(Weights).ToArray();
        for (var i = output; i < weights.Length; i += layer.OutputShape.Size)
            sum += (double)weights[i] * weights[i];
        return Math.Sqrt(sum);
    }

    internal override LayerMemory Cache(Shape input) => new(Activation.DerivativeNeedsSums ? Units : 0);

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(this, layer);

    private sealed class Passes(DenseLayer dense, NetworkLayer layer) : LayerPasses
    {
        private readonly Activation _activation = dense.Activation;
        private readonly int _inputs = layer.InputShape.Size;
        private readonly int _units = dense.Units;
        private readonly Parameter _weights = layer.Parameter(Weights);
        private readonly Parameter _bias = layer.Parameter(Bias);

        public override bool TakesSparse => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override unsafe void Forward(in ForwardPass pass)
        {
            // No cache: no way back.
            var sums = _activation.DerivativeNeedsSums && !pass.Cache.IsEmpty ? pass.Cache : pass.Output;
            fixed (float* z = sums, outputs = pass.Output)
            {
                var activating = new Activating(_activation, outputs, _units, pass.Saturates);
                ReadOnlySpan<float> weights = _weights.Elements, bias = _bias.Elements;
                if (pass.IsSparse)
                    SparseDenseProduct.Multiply(pass.SparseInput, weights, bias, sums, _units, activating, pass.Team);
                else
                    MatrixProduct.Multiply(pass.Input, weights, bias, sums, _units, activating, pass.Team);
                if (_activation.NeedsWholeRows)
                    _activation.Forward(z, outputs, _units, MatrixPart.Whole(pass.Rows, _units));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override unsafe void Backward(in BackwardPass pass)
        {
            fixed (float* kept = _activation.DerivativeNeedsSums ? pass.Cache : pass.Output, gradient = pass.OutputGradient, sums = _bias.In(pass.Gradients.Values))
            {
                if (_activation.NeedsWholeRows)
                    _activation.Backward(kept, gradient, _units, MatrixPart.Whole(pass.Rows, _units));
                var differentiating = new Differentiating(_activation, kept, sums, _units);
                if (pass.IsSparse)
                {
                    MatrixProduct.ForColumns(gradient, pass.Rows, _units, differentiating, pass.Team, pass.SparseInput.Count * _units);
                    var touched = pass.Gradients.BeginSparse(_weights, pass.SparseInput);
                    SparseDenseProduct.MultiplyTransposedLeft(touched, pass.OutputGradient, _weights.In(pass.Gradients.Values), _inputs, _units, pass.Team);
                    return;
                }

                var target = pass.Gradients.TargetOf(_weights, pass.FusedUpdate);
                if (target.Update is null || pass.InputGradient.IsEmpty)
                {
                    MatrixProduct.MultiplyTransposedLeft(pass.Input, pass.OutputGradient, _weights.In(pass.Gradients.Values), _units, differentiating, pass.Team, target);
                    PropagateGradient(in pass, gradient);
                    return;
                }

                // The fused update changes the weights, so what else needs them comes first.
                MatrixProduct.ForColumns(gradient, pass.Rows, _units, differentiating, pass.Team, (long)pass.Rows * _weights.Shape.Size);
                PropagateGradient(in pass, gradient);
                MatrixProduct.MultiplyTransposedLeft(pass.Input, pass.OutputGradient, _weights.In(pass.Gradients.Values), _units, default(MatrixProduct.Nothing), pass.Team, target);
            }
        }

        private unsafe void PropagateGradient(in BackwardPass pass, float* gradient)
        {
            if (!pass.InputGradient.IsEmpty)
                MatrixProduct.MultiplyTransposedRight(new MatrixRows(gradient, pass.Rows, _units), _weights.Elements, pass.InputGradient, _inputs, pass.Team);
        }
    }

    /// <summary>From sums to outputs.</summary>
    private readonly unsafe struct Activating(Activation activation, float* outputs, int units, bool saturates) : IPartWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(float* sums, MatrixPart part)
        {
            if (saturates)
                Saturation.Run(sums, units, part);
            if (!activation.NeedsWholeRows)
                activation.Forward(sums, outputs, units, part);
        }
    }

    /// <summary>From the gradient of the outputs to those of the sums and of the bias.</summary>
    private readonly unsafe struct Differentiating(Activation activation, float* kept, float* biasGradient, int units) : IPartWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(float* gradient, MatrixPart part)
        {
            if (!activation.NeedsWholeRows)
                activation.Backward(kept, gradient, units, part);
            ColumnSums.Run(gradient, biasGradient, units, part);
        }
    }
}
