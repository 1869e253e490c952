using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Half the Tweedie deviance, for amounts that are often exactly 0 and else skewed, such as claims and rainfall: sums of as many gamma-distributed amounts as a Poisson distribution says, whose variance grows like μ^p. It is the mean over
/// rows and outputs of y^(2-p) / ((1-p) (2-p)) - y μ^(1-p) / (1-p) + μ^(2-p) / (2-p), where y, at least 0, is the target, p in (1, 2) the variance power and μ = e^z the predicted mean, whose logarithm z the network learns. It is 0 where μ = y.
/// The gradient is (e^((2-p) z) - y e^((1-p) z)) / n.
/// </summary>
/// <remarks>
/// <para>
/// With p near 1 it is nearly <see cref="PoissonLoss"/>, near 2 <see cref="GammaLoss"/>. The output activation is <see cref="Activation.Exponential"/>; with identity the network puts out z. A regression in a pipeline begins at the mean
/// target; elsewhere set the bias of the last layer to its logarithm where that is far from 0.
/// </para>
/// <para>
/// Exposure: a model with the offset ln e for an exposure e, μ = e * rate, is the same as one of the target y / e with the row weight e^(2-p), since the deviance of e y and e μ is e^(2-p) times that of y and μ. Where y is the sum of what
/// independent parts of the exposure add, though, its variance is e times that of one part, and not e^p times; then the weight that fits is e itself, as usual in insurance.
/// </para>
/// <para>Jørgensen, "Exponential dispersion models" (1987); the constants are those of scikit-learn's HalfTweedieLoss and mean_tweedie_deviance / 2.</para>
/// </remarks>
public sealed class TweedieLoss : Loss
{
    /// <summary>With the given variance power.</summary>
    /// <param name="variancePower">The p in variance ~ mean^p, in (1, 2); 1.5 by default, as in scikit-learn's gradient boosting and LightGBM.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variancePower"/> is outside its range.</exception>
    public TweedieLoss(float variancePower = 1.5f)
    {
        if (variancePower is not (> 1 and < 2))
            throw new ArgumentOutOfRangeException(nameof(variancePower), FormattableString.Invariant($"variancePower must be in (1, 2), between the Poisson and the gamma distribution; {variancePower} was given."));
        VariancePower = variancePower;
    }

    /// <summary>The p in variance ~ mean^p.</summary>
    public float VariancePower { get; }

    /// <summary>Such as "half Tweedie deviance, variance power 1.5".</summary>
    public override string ToString() => FormattableString.Invariant($"half Tweedie deviance, variance power {VariancePower}");

    internal override Activation Link => Activation.Exponential;

    internal override float DeviationPower => VariancePower / 2;

    internal override TargetRange? TargetRange => Engine.TargetRange.NotNegative;

    internal override void Evaluate(in LossPass pass) => ElementLoss.Evaluate(new Rule(VariancePower), in pass);

    /// <summary>
    /// With a = 2 - p, b = p - 1 and d = z - ln y, so that a + b = 1, the formula is y^a ((e^(a d) - 1 - a d) / a + (e^(-b d) - 1 + b d) / b). Both terms are 0 or more.
    /// </summary>
    private readonly struct Rule(float power) : IElementLoss
    {
        // Both are exact.
        private readonly float _a = 2 - power;
        private readonly float _b = power - 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>
        {
            var (zero, a, b) = (TV.Broadcast(0f), TV.Broadcast(_a), TV.Broadcast(_b));
            var isAbove = TV.LessThan(zero, target);
            var log = LogLink.Logarithm(target);
            var distance = prediction - log;
            var scale = TV.Select(isAbove, LogLink.Mean(a * log), zero);
            var ofMean = LogLink.Mean(a * prediction);
            var ofTarget = TV.Select(isAbove, LogLink.Mean(log - b * prediction), zero);
            var loss = DevianceTerm.Of(a * distance, scale, ofMean) / a + DevianceTerm.Of(zero - b * distance, scale, ofTarget) / b;
            return (Saturation.Apply(loss), ofMean - ofTarget);
        }
    }
}
