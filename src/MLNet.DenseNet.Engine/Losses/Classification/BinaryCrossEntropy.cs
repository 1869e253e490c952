using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The cross-entropy of the sigmoid of each logit z by itself, in nats: the mean over rows and outputs of
/// - t ln sigmoid(z) - (1 - t) ln(1 - sigmoid(z)), for targets t from 0 to 1. Stable for any finite logit.
/// </summary>
public sealed class BinaryCrossEntropy : Loss
{
    private readonly LabelSmoothing _smoothing;

    /// <summary>Without label smoothing by default.</summary>
    /// <param name="labelSmoothing">How far targets are drawn to a half, in [0, 1); 0, not at all, by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
    public BinaryCrossEntropy(float labelSmoothing = 0) => _smoothing = new LabelSmoothing(labelSmoothing);

    /// <summary>How far targets are drawn to a half.</summary>
    public float LabelSmoothing => _smoothing.Share;

    /// <summary>"binary cross-entropy", with the label smoothing where there is any.</summary>
    public override string ToString() => "binary cross-entropy" + _smoothing;

    internal override Activation Link => Activation.Sigmoid;

    internal override TargetRange? TargetRange => Engine.TargetRange.Probabilities;

    internal override void Evaluate(in LossPass pass) => ElementLoss.Evaluate(new Rule(_smoothing), in pass);

    private readonly struct Rule(LabelSmoothing smoothing) : IElementLoss
    {
        private readonly LabelSmoothing _smoothing = smoothing;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>
        {
            // max(z, 0) - z t + ln(1 + e^-|z|), in which nothing overflows.
            var zero = TV.Broadcast(0f);
            var t = _smoothing.Smooth(target, classes: 2);
            var log = ElementaryFunctions.Log1P(ElementaryFunctions.Exp(zero - TV.Abs(prediction)));
            var loss = TV.Max(prediction, zero) - prediction * t + log;
            return (loss, ElementaryFunctions.Sigmoid(prediction) - t);
        }
    }
}
