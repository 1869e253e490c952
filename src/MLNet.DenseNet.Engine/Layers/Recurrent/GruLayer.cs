using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Gated recurrent units: z = sigmoid(x W + b + h' U + b'), and r likewise; n = tanh(x W + b + r * (h' U + b')); h = z * h' + (1 - z) * n. Each sum has columns of W and U of its own. Here x is a step of a
/// sequence, (steps x channels), and h' the state of the step before, at first 0. Parameters, with the gates in the order z, r, n, as in Keras: "weights" (channels x 3 units),
/// "recurrent weights" (units x 3 units), "bias" and "recurrent bias" (3 units each).
/// </summary>
/// <remarks>
/// Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation" (2014). The reset gate r acts after the product, as in cuDNN, PyTorch and Keras' default (reset_after).
/// </remarks>
public sealed class GruLayer : SequenceLayer
{
    /// <summary>A layer of <paramref name="units"/> units.</summary>
    /// <param name="units">The values of the state, at least 1.</param>
    /// <param name="returnSequences">Whether the output is the state after each step; no by default: it is that after the last one.</param>
    /// <param name="dropoutRate">The probability of dropping an input while training, in [0, 1); 0 by default. It is drawn for each row and channel, for all steps alike.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public GruLayer(int units, bool returnSequences = false, float dropoutRate = 0) : base(units, returnSequences, dropoutRate, new GruCell())
    {
    }

    /// <summary>Such as "GRU 64, all steps, dropout 0.2".</summary>
    public override string ToString() => $"GRU {Units}{OptionsText}";

    internal static Layer Read(BinaryReader reader)
    {
        var (units, returnSequences, dropoutRate) = ReadOptions(reader);
        return new GruLayer(units, returnSequences, dropoutRate);
    }

    /// <summary>int32 units, bool all steps, float32 dropout rate.</summary>
    internal override void Write(BinaryWriter writer) => WriteOptions(writer);
}
