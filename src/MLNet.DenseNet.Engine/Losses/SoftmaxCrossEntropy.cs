using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The cross-entropy of the softmax of the logits z, in nats: the mean over rows of - sum over j of t_j ln softmax(z)_j. The targets t
/// are a probability for each class, 1 for the right one and 0 for the others as a rule. Stable for any finite logit; a loss beyond float32 is given as its largest number.
/// </summary>
public sealed class SoftmaxCrossEntropy : Loss
{
    private readonly LabelSmoothing _smoothing;

    /// <summary>Without label smoothing by default.</summary>
    /// <param name="labelSmoothing">How far targets are drawn to the same probability for each class, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
    public SoftmaxCrossEntropy(float labelSmoothing = 0) => _smoothing = new LabelSmoothing(labelSmoothing);

    /// <summary>How far targets are drawn to the same probability for each class.</summary>
    public float LabelSmoothing => _smoothing.Share;

    /// <summary>"softmax cross-entropy", with the label smoothing where there is any.</summary>
    public override string ToString() => "softmax cross-entropy" + _smoothing;

    internal override Activation Link => Activation.Softmax;

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
            var last = row + (nint)(_pass.Outputs - 1) * _pass.Stride;
            var largest = TV.Load(_pass.Predictions + row);
            for (nint index = row + _pass.Stride; index <= last; index += _pass.Stride)
            {
                var z = TV.Load(_pass.Predictions + index);
                largest = TV.Select(TV.LessThan(largest, z), z, largest);
            }

            // One of the largest counts as 1 by itself, so that small other ones are not lost in the sum.
            var (others, isFirst) = (zero, TV.Broadcast(1f));
            for (nint index = row; index <= last; index += _pass.Stride)
            {
                var z = TV.Load(_pass.Predictions + index);
                var exp = ElementaryFunctions.Exp(z - largest);
                exp.Store(_pass.Gradient + index);
                var isOther = TV.LessThan(z, largest);
                others += TV.Select(isOther, exp, TV.Broadcast(1f) - isFirst);
                isFirst = TV.Select(isOther, isFirst, zero);
            }

            var logOthers = ElementaryFunctions.Log1P(others);
            var (loss, mass) = (zero, zero);
            for (nint index = row; index <= last; index += _pass.Stride)
            {
                var target = _smoothing.Smooth(TV.Load(_pass.Targets + index), _pass.Outputs);
                var distance = largest - TV.Load(_pass.Predictions + index) + logOthers;
                distance = TV.Select(TV.LessThan(TV.Broadcast(float.MaxValue), distance), TV.Broadcast(float.MaxValue), distance);
                loss = TV.Select(TV.LessThan(zero, target), TV.FusedMultiplyAdd(target, distance, loss), loss);
                mass += target;
            }

            var scale = TV.Load(_pass.Scales + row);
            var share = mass / (TV.Broadcast(1f) + others);
            for (nint index = row; index <= last; index += _pass.Stride)
                (scale * TV.FusedMultiplyAdd(share, TV.Load(_pass.Gradient + index), zero - _smoothing.Smooth(TV.Load(_pass.Targets + index), _pass.Outputs))).Store(_pass.Gradient + index);
            loss.Store(_pass.Losses + row);
        }
    }
}
