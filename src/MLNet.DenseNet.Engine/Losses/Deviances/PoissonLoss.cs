using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Half the Poisson deviance, for counts: the mean over rows and outputs of μ - y + y ln(y / μ), where y, at least 0, is the target and μ = e^z the predicted mean, whose logarithm z the network learns. It is 0 where μ = y, and up to a
/// number that depends on y alone the negative log-likelihood e^z - y z. The gradient is (e^z - y) / n.
/// </summary>
/// <remarks>
/// <para>
/// The output activation is <see cref="Activation.Exponential"/>; with identity the network puts out z. Targets need not be whole: it is right for any amount of at least 0 whose variance grows like its mean. A regression in a pipeline
/// begins at the mean target; elsewhere set the bias of the last layer to its logarithm where that is far from 0. The gradient is as small as the mean: rates below about 1e-7, which an optimizer such as Adam
/// no longer sees, are better given for a larger unit of exposure.
/// </para>
/// <para>
/// Exposure: where y was counted over an exposure e (a time, an area, a number of those at risk), a model with the offset ln e, μ = e * rate, is the same as one of the target y / e with the row weight e, since
/// e (μ/e - (y/e) ln(μ/e)) is μ - y ln μ but for a number that depends on y and e alone. So divide the counts by the exposure, give the exposure as the row's weight (in a pipeline by <c>ExampleWeightColumnName</c>), and predictions are rates.
/// </para>
/// <para>McCullagh and Nelder, "Generalized linear models" (1989); the constants are those of scikit-learn's HalfPoissonLoss and mean_poisson_deviance / 2.</para>
/// </remarks>
public sealed class PoissonLoss : Loss
{
    /// <summary>"half Poisson deviance".</summary>
    public override string ToString() => "half Poisson deviance";

    internal override Activation Link => Activation.Exponential;

    internal override float DeviationPower => 0.5f;

    internal override TargetRange? TargetRange => Engine.TargetRange.NotNegative;

    internal override void Evaluate(in LossPass pass) => ElementLoss.Evaluate(default(Rule), in pass);

    private readonly struct Rule : IElementLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>
        {
            var mean = LogLink.Mean(prediction);
            return (DevianceTerm.Of(prediction - LogLink.Logarithm(target), target, mean), mean - target);
        }
    }
}
