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

    internal override (float Lowest, float Highest)? TargetRange => (0, 1);

    internal override void Evaluate(in LossPass pass) => Elementwise.Run(new Kernel(pass), pass.VectorRows);

    private readonly unsafe struct Kernel(LossPass pass) : IElementKernel
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
                var (one, two) = (TV.Broadcast(1f), TV.Broadcast(2f));
                var sign = TV.FusedMultiplyAdd(two, TV.Load(_pass.Targets + index), zero - one);
                var missing = one - sign * TV.Load(_pass.Predictions + index);
                // Asked this way, so that what is no number stays none.
                var isEnough = TV.LessThan(missing, zero);
                sum = TV.FusedMultiplyAdd(TV.Select(isEnough, zero, missing), share, sum);
                TV.Select(TV.LessThan(zero, missing), zero - factor * sign, zero).Store(_pass.Gradient + index);
            }

            sum.Store(_pass.Losses + row);
        }
    }
}
