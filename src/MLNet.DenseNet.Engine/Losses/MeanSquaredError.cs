using System.Runtime.CompilerServices;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows and outputs of (prediction - target)², with the gradient 2 (prediction - target) / n, as in PyTorch and Keras.
/// </summary>
public sealed class MeanSquaredError : Loss
{
    /// <summary>"mean squared error".</summary>
    public override string ToString() => "mean squared error";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Evaluate(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, float scale, Span<float> gradient)
    {
        var factor = 2 * scale / prediction.Length;
        double sum = 0;
        for (var j = 0; j < prediction.Length; j++)
        {
            var error = prediction[j] - target[j];
            sum += (double)error * error;
            gradient[j] = factor * error;
        }

        return sum / prediction.Length;
    }
}
