using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The cross-entropy of the softmax of the logits z, in nats: the mean over rows of - sum over j of t_j ln softmax(z)_j. The targets t
/// are a probability for each class, 1 for the right one and 0 for the others as a rule. Stable for any finite logit.
/// </summary>
public sealed class SoftmaxCrossEntropy : Loss
{
    private readonly LabelSmoothing _smoothing;

    /// <summary>Without label smoothing by default.</summary>
    /// <param name="labelSmoothing">How far targets are drawn to the same probability for each class, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
    public SoftmaxCrossEntropy(float labelSmoothing = 0) => _smoothing = new LabelSmoothing(labelSmoothing);

    /// <summary>How far targets are drawn to the same probability for each class.</summary>
    public float LabelSmoothing => _smoothing.Share;

    /// <summary>"softmax cross-entropy", with the label smoothing where there is any.</summary>
    public override string ToString() => "softmax cross-entropy" + _smoothing;

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
            var t = _smoothing.Smooth(target[j], target.Length);
            if (t != 0)
            {
                // Two logits can lie further apart than float32 reaches.
                loss += t * ((double)largest - prediction[j] + logOthers);
                mass += t;
            }
        }

        for (var j = 0; j < gradient.Length; j++)
            gradient[j] = scale * (mass * gradient[j] - _smoothing.Smooth(target[j], target.Length));
        return loss;
    }
}
