using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// The simple recurrent layer of Elman: h = activation(x W + h' U + b), where x is a step of a sequence, (steps x channels), and h' the state of the step before, at first 0.
/// Parameters: "weights" (channels x units), "recurrent weights" (units x units) and "bias" (units).
/// </summary>
/// <remarks>
/// Elman, "Finding structure in time" (1990). Over many steps its gradients vanish or grow; <see cref="LstmLayer"/> and <see cref="GruLayer"/> are made to keep them.
/// </remarks>
public sealed class RecurrentLayer : SequenceLayer
{
    /// <summary>A layer of <paramref name="units"/> units.</summary>
    /// <param name="units">The values of the state, at least 1.</param>
    /// <param name="activation">What every sum goes through; null, the default, for <see cref="Activation.Tanh"/>. Softmax and the exponential, which are for outputs, are none.</param>
    /// <param name="returnSequences">Whether the output is the state after each step; no by default: it is that after the last one.</param>
    /// <param name="dropoutRate">The probability of dropping an input while training, in [0, 1); 0 by default. It is drawn for each row and channel, for all steps alike.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="activation"/> is softmax or the exponential.</exception>
    public RecurrentLayer(int units, Activation? activation = null, bool returnSequences = false, float dropoutRate = 0)
        : base(units, returnSequences, dropoutRate, new SimpleCell(activation ?? Activation.Tanh))
    {
        if (activation is { IsForOutputs: true })
            throw new ArgumentException($"The activation of a recurrent layer goes from step to step and must be one for hidden layers; {activation} is for the output.", nameof(activation));
        Activation = activation ?? Activation.Tanh;
    }

    /// <summary>What every sum goes through.</summary>
    public Activation Activation { get; }

    /// <summary>Such as "Recurrent 64 tanh, all steps, dropout 0.2".</summary>
    public override string ToString() => $"Recurrent {Units} {Activation}{OptionsText}";

    internal static Layer Read(BinaryReader reader)
    {
        var (units, returnSequences, dropoutRate) = ReadOptions(reader);
        return new RecurrentLayer(units, ActivationKinds.Read(reader), returnSequences, dropoutRate);
    }

    /// <summary>int32 units, bool all steps, float32 dropout rate, byte activation (ActivationKinds), float32 slope where it is leaky ReLU.</summary>
    internal override void Write(BinaryWriter writer)
    {
        WriteOptions(writer);
        ActivationKinds.Write(Activation, writer);
    }
}
