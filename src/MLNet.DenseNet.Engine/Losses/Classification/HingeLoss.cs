using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows and outputs of max(0, 1 - y z) for scores z, where y is 1 for a target of 1 and -1 for a target of 0: each output tells its class from the
/// rest. It is 0 for rows on the right side of the margin, so that only the others are learned from.
/// </summary>
/// <remarks>
/// Cortes and Vapnik, "Support-vector networks" (1995). The scores are the sums that a sigmoid output layer would turn into probabilities; trained with this
/// loss, these tell the order but are no probabilities: ML.NET's calibrators turn scores into some.
/// </remarks>
public sealed class HingeLoss : Loss
{
    /// <summary>"hinge loss".</summary>
    public override string ToString() => "hinge loss";

    internal override Activation Link => Activation.Sigmoid;

    internal override TargetRange? TargetRange => Engine.TargetRange.Probabilities;

    internal override bool NeedsOneClass => true;

    internal override void Evaluate(in LossPass pass) => ElementLoss.Evaluate(default(Rule), in pass);

    private readonly struct Rule : IElementLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>
        {
            var (zero, one) = (TV.Broadcast(0f), TV.Broadcast(1f));
            var sign = TV.FusedMultiplyAdd(TV.Broadcast(2f), target, zero - one);
            var missing = one - sign * prediction;
            return (TV.Max(zero, missing), TV.Select(TV.LessThan(zero, missing), zero - sign, zero));
        }
    }
}
