using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The cross-entropy of the sigmoid of each logit z by itself, in nats: the mean over rows and outputs of
/// - t ln sigmoid(z) - (1 - t) ln(1 - sigmoid(z)), for targets t from 0 to 1. Stable for any finite logit.
/// </summary>
public sealed class BinaryCrossEntropy : Loss
{
    /// <summary>"binary cross-entropy".</summary>
    public override string ToString() => "binary cross-entropy";

    internal override Activation Link => Activation.Sigmoid;

    internal override (float Lowest, float Highest)? TargetRange => (0, 1);

    internal override void Evaluate(in LossPass pass) => Elementwise.Run(new Kernel(pass), pass.Rows);

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
                // max(z, 0) - z t + ln(1 + e^-|z|), in which nothing overflows.
                var z = TV.Load(_pass.Predictions + index);
                var target = TV.Load(_pass.Targets + index);
                var log = ElementaryFunctions.Log1P(ElementaryFunctions.Exp(zero - TV.Abs(z)));
                sum = TV.FusedMultiplyAdd(TV.Select(TV.LessThan(zero, z), z, zero) - z * target + log, share, sum);
                (factor * (ElementaryFunctions.Sigmoid(z) - target)).Store(_pass.Gradient + index);
            }

            sum.Store(_pass.Losses + row);
        }
    }
}
