using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The pinball loss, which makes the network predict a quantile: the mean over rows and outputs of max(q e, (q - 1) e) for e = target - prediction. Its gradient is -q / n where the prediction is too low, (1 - q) / n where it is too high, and
/// 0 where it is the target. So a share q of the targets is below the predictions of a network that has learned it.
/// </summary>
/// <remarks>
/// With q = 0.5 it is half the <see cref="MeanAbsoluteError"/>, and predicts the median. <see cref="MultiQuantileLoss"/> learns several quantiles at once. Koenker and Bassett, "Regression quantiles" (1978); as
/// scikit-learn's PinballLoss and mean_pinball_loss.
/// </remarks>
public sealed class QuantileLoss : Loss
{
    /// <summary>For the given quantile.</summary>
    /// <param name="quantile">The share of targets that are below what is predicted, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is outside its range.</exception>
    public QuantileLoss(float quantile)
    {
        Pinball.Check(quantile, nameof(quantile));
        Quantile = quantile;
    }

    /// <summary>The share of targets that are below what is predicted.</summary>
    public float Quantile { get; }

    /// <summary>Such as "quantile loss, quantile 0.9".</summary>
    public override string ToString() => FormattableString.Invariant($"quantile loss, quantile {Quantile}");

    internal override double GradientScale(double error) => 1;

    internal override void Evaluate(in LossPass pass) => ElementLoss.Evaluate(new Rule(Quantile), in pass);

    private readonly struct Rule(float quantile) : IElementLoss
    {
        private readonly float _quantile = quantile;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV> => Pinball.Of(prediction, target, _quantile);
    }
}
