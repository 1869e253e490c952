using System.Runtime.CompilerServices;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows and outputs of max(0, 1 - y z) for scores z, where y is 1 for a target of 1 and -1 for a target of 0: each output tells its class from the
/// rest. It is 0 for rows on the right side of the margin, so that only the others are learned from.
/// </summary>
/// <remarks>
/// Cortes and Vapnik, "Support-vector networks" (1995). The scores are the sums that a sigmoid output layer would turn into probabilities; trained with this
/// loss, these tell the order but are no probabilities: ML.NET's calibrators turn scores into some.
/// </remarks>
public sealed class HingeLoss : Loss
{
    /// <summary>"hinge loss".</summary>
    public override string ToString() => "hinge loss";

    internal override Activation Link => Activation.Sigmoid;

    internal override (float Lowest, float Highest)? TargetRange => (0, 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Evaluate(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, float scale, Span<float> gradient)
    {
        var factor = scale / prediction.Length;
        double sum = 0;
        for (var j = 0; j < prediction.Length; j++)
        {
            var sign = 2 * target[j] - 1;
            var missing = 1 - (double)sign * prediction[j];
            sum += missing > 0 ? missing : 0;
            gradient[j] = missing > 0 ? -factor * sign : 0;
        }

        return sum / prediction.Length;
    }
}
