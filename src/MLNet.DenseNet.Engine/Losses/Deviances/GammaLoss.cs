using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Half the gamma deviance, for amounts above 0 whose deviation grows like their mean, such as costs and durations: the mean over rows and outputs of y/μ - 1 - ln(y/μ), where y is the target and μ = e^z the predicted mean, whose
/// logarithm z the network learns. It is 0 where μ = y, and depends on their ratio alone. The gradient is (1 - y e^-z) / n.
/// </summary>
/// <remarks>
/// The output activation is <see cref="Activation.Exponential"/>; with identity the network puts out z. A regression in a pipeline begins at the mean target; elsewhere set the bias of the last layer to its logarithm where that is far from 0.
/// Dividing the target by an exposure is the same as an offset of its logarithm, without any weight: the deviance depends on the ratio of target and mean alone. McCullagh and Nelder, "Generalized linear models" (1989); the constants are those of scikit-learn's HalfGammaLoss and mean_gamma_deviance / 2.
/// </remarks>
public sealed class GammaLoss : Loss
{
    /// <summary>"half gamma deviance".</summary>
    public override string ToString() => "half gamma deviance";

    internal override Activation Link => Activation.Exponential;

    internal override float DeviationPower => 1;

    internal override TargetRange? TargetRange => Engine.TargetRange.Positive;

    internal override void Evaluate(in LossPass pass) => ElementLoss.Evaluate(default(Rule), in pass);

    private readonly struct Rule : IElementLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>
        {
            var one = TV.Broadcast(1f);
            var t = LogLink.Logarithm(target) - prediction;
            var ratio = LogLink.Mean(t);
            return (DevianceTerm.Of(t, one, ratio), one - ratio);
        }
    }
}
