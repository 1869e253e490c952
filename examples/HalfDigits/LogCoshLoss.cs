using MLNet.DenseNet;

namespace HalfDigits;

/// <summary>The mean over outputs of log(cosh(prediction - target)): near e²/2 for small errors e, near |e| for large ones, and smooth between.</summary>
internal sealed class LogCoshLoss : CustomLoss
{
    /// <inheritdoc/>
    public override string ToString() => "log-cosh";

    /// <inheritdoc/>
    protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < prediction.Length; i++)
        {
            var error = prediction[i] - target[i];
            sum += Math.Log(Math.Cosh(error));
            gradient[i] = MathF.Tanh(error) / prediction.Length;
        }

        return sum / prediction.Length;
    }
}
