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
    /// <param name="activation">What every sum goes through; null for <see cref="Activation.Identity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public DenseLayer(int units, Activation? activation = null)
    {
        if (units < 1)
            throw new ArgumentOutOfRangeException(nameof(units), units, "A dense layer needs at least 1 unit.");
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
        if (weights > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(input), $"A dense layer of {Units:N0} units on {input.Size:N0} inputs has {weights:N0} weights; at most {Array.MaxLength:N0} are possible.");
        return [new("weights", new Shape(input.Size, Units), IsDecayed: true), new("bias", Units, IsDecayed: false)];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random) =>
        random.FillUniform(layer.Parameters[Weights].MutableValues, Activation.InitialWeightLimit(layer.InputShape.Size, Units));

    internal override int CachePerRow(Shape input) => Activation.DerivativeNeedsSums ? Units : 0;

    internal override void Forward(in ForwardPass pass)
    {
        var sums = Activation.DerivativeNeedsSums ? pass.Cache : pass.Output;
        MatrixProduct.Multiply(
            pass.Input, pass.Layer.Parameters[Weights].Values, pass.Layer.Parameters[Bias].Values, sums, pass.Rows, pass.Layer.InputShape.Size, Units, pass.Crew, pass.InputCopies);
        Activation.Forward(sums, pass.Output, Units);
    }

    internal override void Backward(in BackwardPass pass)
    {
        var weights = pass.Layer.Parameters[Weights];
        var inputs = pass.Layer.InputShape.Size;
        var gradient = pass.OutputGradient;
        Activation.Backward(Activation.DerivativeNeedsSums ? pass.Cache : pass.Output, gradient, Units);
        MatrixProduct.MultiplyTransposedLeft(pass.Input, gradient, weights.In(pass.Gradients), inputs, pass.Rows, Units, pass.Crew, pass.InputCopies);
        MatrixProduct.SumRows(gradient, pass.Layer.Parameters[Bias].In(pass.Gradients), pass.Rows);
        if (!pass.InputGradient.IsEmpty)
            MatrixProduct.MultiplyTransposedRight(gradient, weights.Values, pass.InputGradient, pass.Rows, Units, inputs, pass.Crew);
    }
}
