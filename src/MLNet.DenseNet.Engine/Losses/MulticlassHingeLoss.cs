using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows of max(0, 1 + z_r - z_y) for scores z, where y is the right class (the largest target) and r the best of the others: the right class must
/// win by a margin of 1.
/// </summary>
/// <remarks>
/// Crammer and Singer, "On the algorithmic implementation of multiclass kernel-based vector machines" (2001). The scores are the sums that a softmax output
/// layer would turn into probabilities; trained with this loss, these tell the order but are no probabilities.
/// </remarks>
public sealed class MulticlassHingeLoss : Loss
{
    /// <summary>"multiclass hinge loss".</summary>
    public override string ToString() => "multiclass hinge loss";

    internal override Activation Link => Activation.Softmax;

    internal override (float Lowest, float Highest)? TargetRange => (0, 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Evaluate(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, float scale, Span<float> gradient)
    {
        var right = SoftmaxFunction.IndexOfLargest(target);
        var rival = right == 0 ? 1 : 0;
        for (var j = 0; j < prediction.Length; j++)
        {
            if (j != right && prediction[j] > prediction[rival])
                rival = j;
        }

        gradient.Clear();
        var missing = 1 + (double)prediction[rival] - prediction[right];
        if (!(missing > 0))
            return 0;
        gradient[rival] = scale;
        gradient[right] = -scale;
        return missing;
    }
}
