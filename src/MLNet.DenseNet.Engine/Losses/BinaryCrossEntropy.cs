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
    private readonly LabelSmoothing _smoothing;

    /// <summary>Without label smoothing by default.</summary>
    /// <param name="labelSmoothing">How far targets are drawn to a half, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
    public BinaryCrossEntropy(float labelSmoothing = 0) => _smoothing = new LabelSmoothing(labelSmoothing);

    /// <summary>How far targets are drawn to a half.</summary>
    public float LabelSmoothing => _smoothing.Share;

    /// <summary>"binary cross-entropy", with the label smoothing where there is any.</summary>
    public override string ToString() => "binary cross-entropy" + _smoothing;

    internal override Activation Link => Activation.Sigmoid;

    internal override (float Lowest, float Highest)? TargetRange => (0, 1);

    internal override void Evaluate(in LossPass pass) => Elementwise.Run(new Kernel(pass, _smoothing), pass.VectorRows);

    private readonly unsafe struct Kernel(LossPass pass, LabelSmoothing smoothing) : IElementKernel
    {
        private readonly LossPass _pass = pass;
        private readonly LabelSmoothing _smoothing = smoothing;

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
                var target = _smoothing.Smooth(TV.Load(_pass.Targets + index), classes: 2);
                var log = ElementaryFunctions.Log1P(ElementaryFunctions.Exp(zero - TV.Abs(z)));
                sum = TV.FusedMultiplyAdd(TV.Select(TV.LessThan(zero, z), z, zero) - z * target + log, share, sum);
                (factor * (ElementaryFunctions.Sigmoid(z) - target)).Store(_pass.Gradient + index);
            }

            sum.Store(_pass.Losses + row);
        }
    }
}
