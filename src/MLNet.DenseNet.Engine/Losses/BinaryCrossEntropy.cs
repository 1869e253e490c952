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
    /// <param name="labelSmoothing">How far targets are drawn to a half, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
    public BinaryCrossEntropy(float labelSmoothing = 0) => _smoothing = new LabelSmoothing(labelSmoothing);

    /// <summary>How far targets are drawn to a half.</summary>
    public float LabelSmoothing => _smoothing.Share;

    /// <summary>"binary cross-entropy", with the label smoothing where there is any.</summary>
    public override string ToString() => "binary cross-entropy" + _smoothing;

    internal override Activation Link => Activation.Sigmoid;

    internal override (float Lowest, float Highest)? TargetRange => (0, 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Evaluate(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, float scale, Span<float> gradient)
    {
        var factor = scale / prediction.Length;
        double sum = 0;
        for (var j = 0; j < prediction.Length; j++)
        {
            // max(z, 0) - z t + ln(1 + e^-|z|), in which nothing overflows.
            var z = prediction[j];
            var t = _smoothing.Smooth(target[j], classes: 2);
            var log = ElementaryFunctions.Log1P(ElementaryFunctions.Exp(new Scalar(-MathF.Abs(z)))).Value;
            sum += (z > 0 ? z : 0) - (double)z * t + log;
            gradient[j] = factor * (ElementaryFunctions.Sigmoid(new Scalar(z)).Value - t);
        }

        return sum / prediction.Length;
    }
}
