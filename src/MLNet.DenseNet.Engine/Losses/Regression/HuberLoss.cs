using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows and outputs of e²/2 for errors e = prediction - target of magnitude up to delta, and delta (|e| - delta/2) beyond: squared for small
/// errors, so that they end up small, and absolute for outliers, so that these do not dominate.
/// </summary>
/// <remarks>
/// The delta is in the targets' own units, the same for every output, whether or not a regression standardizes its targets. With a delta far above the targets' standard deviation the loss is a squared error,
/// far below it an absolute one. Huber, "Robust estimation of a location parameter" (1964), as PyTorch's HuberLoss.
/// </remarks>
public sealed class HuberLoss : Loss
{
    /// <summary>With the given bound between small and large errors.</summary>
    /// <param name="delta">Up to which magnitude errors count squared, in the units of the targets, finite and above 0; 1 by default, as in PyTorch and Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is outside its range.</exception>
    public HuberLoss(float delta = 1)
    {
        if (delta is not (> 0 and < float.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(delta), FormattableString.Invariant($"delta must be finite and above 0; {delta} was given."));
        Delta = delta;
    }

    /// <summary>Up to which magnitude errors count squared.</summary>
    public float Delta { get; }

    /// <summary>Such as "Huber loss, delta 1".</summary>
    public override string ToString() => FormattableString.Invariant($"Huber loss, delta {Delta}");

    internal override double GradientScale(double error) => Math.Min(error, Delta);

    internal override unsafe void Evaluate(in LossPass pass) => ElementLoss.Evaluate(new Rule(Delta, pass.TargetScales), in pass);

    /// <summary>The loss of standardized targets is divided by the smaller of 1 and the standardized delta, so that the gradient of a large error is about 1 whatever the delta.</summary>
    private readonly unsafe struct Rule(float delta, double* scales) : IElementLoss
    {
        // So small that every error is beyond it.
        private const double Least = 1e-30;

        private readonly float _delta = delta;
        private readonly double* _scales = scales;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>
        {
            var delta = _scales == null ? _delta : (float)Math.Clamp(_delta / _scales[output], Least, float.MaxValue);
            var unit = _scales == null ? 1 : Math.Min(1, delta);
            var error = prediction - target;
            var magnitude = TV.Abs(error);
            var limited = TV.Min(TV.Broadcast(delta), magnitude);
            var derivative = limited / TV.Broadcast(unit);
            // Both formulas in one: where |e| is at most delta, it is |e| (|e| - |e|/2) = e²/2.
            var loss = derivative * (magnitude - TV.Broadcast(0.5f) * limited);
            return (loss, TV.Select(TV.LessThan(error, TV.Broadcast(0f)), TV.Broadcast(0f) - derivative, derivative));
        }
    }
}
