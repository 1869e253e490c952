using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The cross-entropy of the softmax of the logits z, in nats: the mean over rows of - sum over j of t_j ln softmax(z)_j. The targets t
/// are a probability for each class, 1 for the right one and 0 for the others as a rule. Stable for any finite logit.
/// </summary>
public sealed class SoftmaxCrossEntropy : Loss
{
    /// <summary>"softmax cross-entropy".</summary>
    public override string ToString() => "softmax cross-entropy";

    internal override Activation Link => Activation.Softmax;

    internal override (float Lowest, float Highest)? TargetRange => (0, 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Evaluate(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, float scale, Span<float> gradient)
    {
        var (largest, others) = SoftmaxFunction.Apply(prediction, gradient);
        double logOthers = ElementaryFunctions.Log1P(new Scalar(others)).Value;
        var mass = 0f;
        double loss = 0;
        for (var j = 0; j < target.Length; j++)
        {
            if (target[j] != 0)
            {
                // Two logits can lie further apart than float32 reaches.
                loss += target[j] * ((double)largest - prediction[j] + logOthers);
                mass += target[j];
            }
        }

        for (var j = 0; j < gradient.Length; j++)
            gradient[j] = scale * (mass * gradient[j] - target[j]);
        return loss;
    }
}
