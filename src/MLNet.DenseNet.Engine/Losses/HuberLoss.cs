using System.Runtime.CompilerServices;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows and outputs of e²/2 for errors e = prediction - target of magnitude up to delta, and delta (|e| - delta/2) beyond: squared for small
/// errors, so that they end up small, and absolute for outliers, so that these do not rule.
/// </summary>
/// <remarks>Huber, "Robust estimation of a location parameter" (1964), as PyTorch's HuberLoss.</remarks>
public sealed class HuberLoss : Loss
{
    /// <summary>With the given bound between small and large errors.</summary>
    /// <param name="delta">Up to which magnitude errors count squared, finite and above 0; 1 by default, as in PyTorch and Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is outside its range.</exception>
    public HuberLoss(float delta = 1)
    {
        if (delta is not (> 0 and < float.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "delta must be finite and above 0.");
        Delta = delta;
    }

    /// <summary>Up to which magnitude errors count squared.</summary>
    public float Delta { get; }

    /// <summary>Such as "Huber loss, delta 1".</summary>
    public override string ToString() => FormattableString.Invariant($"Huber loss, delta {Delta}");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Evaluate(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, float scale, Span<float> gradient)
    {
        var factor = scale / prediction.Length;
        double sum = 0;
        for (var j = 0; j < prediction.Length; j++)
        {
            var error = prediction[j] - target[j];
            var limited = MathF.Min(MathF.Abs(error), Delta);
            // Both formulas in one: for |e| up to delta, |e| (|e| - |e|/2).
            sum += limited * (MathF.Abs(error) - 0.5 * limited);
            gradient[j] = factor * (error < 0 ? -limited : limited);
        }

        return sum / prediction.Length;
    }
}
