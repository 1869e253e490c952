using System.Runtime.CompilerServices;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows and outputs of |prediction - target|, with the gradient sign(prediction - target) / n, which is 0 where they are equal, as in PyTorch's
/// L1Loss. It makes the network predict the median, which outliers do not move.
/// </summary>
public sealed class MeanAbsoluteError : Loss
{
    /// <summary>"mean absolute error".</summary>
    public override string ToString() => "mean absolute error";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Evaluate(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, float scale, Span<float> gradient)
    {
        var factor = scale / prediction.Length;
        double sum = 0;
        for (var j = 0; j < prediction.Length; j++)
        {
            var error = prediction[j] - target[j];
            sum += MathF.Abs(error);
            gradient[j] = error > 0 ? factor : error < 0 ? -factor : 0;
        }

        return sum / prediction.Length;
    }
}
