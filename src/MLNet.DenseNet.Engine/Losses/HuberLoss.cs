using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

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

    internal override void Evaluate(in LossPass pass) => Elementwise.Run(new Kernel(pass, Delta), pass.VectorRows);

    private readonly unsafe struct Kernel(LossPass pass, float delta) : IElementKernel
    {
        private readonly LossPass _pass = pass;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int row) where TV : struct, ISimd<TV>
        {
            var zero = TV.Broadcast(0f);
            var share = TV.Broadcast(1f / _pass.Outputs);
            var factor = TV.Load(_pass.Scales + row) * share;
            var sum = zero;
            var index = row;
            for (var j = 0; j < _pass.Outputs; j++, index += _pass.Stride)
            {
                var error = TV.Load(_pass.Predictions + index) - TV.Load(_pass.Targets + index);
                var magnitude = TV.Abs(error);
                var limited = TV.Select(TV.LessThan(TV.Broadcast(delta), magnitude), TV.Broadcast(delta), magnitude);
                // Both formulas in one: for |e| up to delta, |e| (|e| - |e|/2).
                sum = TV.FusedMultiplyAdd(limited * (magnitude - TV.Broadcast(0.5f) * limited), share, sum);
                (factor * TV.Select(TV.LessThan(error, zero), zero - limited, limited)).Store(_pass.Gradient + index);
            }

            sum.Store(_pass.Losses + row);
        }
    }
}
