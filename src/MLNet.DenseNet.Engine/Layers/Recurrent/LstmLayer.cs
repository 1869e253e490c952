using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Long short-term memory: four sums x W + h' U + b for each unit, of which i, f and o go through the sigmoid and g through the hyperbolic tangent; then c = f * c' + i * g and h = o * tanh(c). Here x is a step of a
/// sequence, (steps x channels), and h' and c' are of the step before, at first 0. Parameters, with the gates in the order i, f, g, o, as in Keras: "weights" (channels x 4 units),
/// "recurrent weights" (units x 4 units) and "bias" (4 units).
/// </summary>
/// <remarks>
/// Hochreiter and Schmidhuber, "Long short-term memory" (1997); the forget gate f is that of Gers, Schmidhuber and Cummins, "Learning to forget" (2000), whose bias is at first 1.
/// </remarks>
public sealed class LstmLayer : SequenceLayer
{
    /// <summary>A layer of <paramref name="units"/> units.</summary>
    /// <param name="units">The values of the state, at least 1.</param>
    /// <param name="returnSequences">Whether the output is the state after each step; no by default: it is that after the last one.</param>
    /// <param name="dropoutRate">The probability of dropping an input while training, in [0, 1); 0 by default. It is drawn for each row and channel, for all steps alike.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public LstmLayer(int units, bool returnSequences = false, float dropoutRate = 0) : base(units, returnSequences, dropoutRate, new LstmCell())
    {
    }

    /// <summary>Such as "LSTM 64, all steps, dropout 0.2".</summary>
    public override string ToString() => $"LSTM {Units}{OptionsText}";

    internal static Layer Read(BinaryReader reader)
    {
        var (units, returnSequences, dropoutRate) = ReadOptions(reader);
        return new LstmLayer(units, returnSequences, dropoutRate);
    }

    /// <summary>int32 units, bool all steps, float32 dropout rate.</summary>
    internal override void Write(BinaryWriter writer) => WriteOptions(writer);
}
