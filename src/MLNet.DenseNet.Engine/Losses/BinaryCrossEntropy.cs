using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The cross-entropy of the sigmoid of each logit z by itself, in nats: the mean over rows and outputs of
/// - t ln sigmoid(z) - (1 - t) ln(1 - sigmoid(z)), for targets t from 0 to 1. Stable for any finite logit.
/// </summary>
public sealed class BinaryCrossEntropy : Loss
{
    /// <summary>"binary cross-entropy".</summary>
    public override string ToString() => "binary cross-entropy";

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
            var log = ElementaryFunctions.Log1P(ElementaryFunctions.Exp(new Scalar(-MathF.Abs(z)))).Value;
            sum += (z > 0 ? z : 0) - (double)z * target[j] + log;
            gradient[j] = factor * (ElementaryFunctions.Sigmoid(new Scalar(z)).Value - target[j]);
        }

        return sum / prediction.Length;
    }
}
