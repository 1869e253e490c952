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
    /// <param name="labelSmoothing">How far targets are drawn to the same probability for each class, in [0, 1); 0, not at all, by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside its range.</exception>
    public SoftmaxCrossEntropy(float labelSmoothing = 0) => _smoothing = new LabelSmoothing(labelSmoothing);

    /// <summary>How far targets are drawn to the same probability for each class.</summary>
    public float LabelSmoothing => _smoothing.Share;

    /// <summary>"softmax cross-entropy", with the label smoothing where there is any.</summary>
    public override string ToString() => "softmax cross-entropy" + _smoothing;

    internal override Activation Link => Activation.Softmax;

    internal override TargetRange? TargetRange => Engine.TargetRange.Probabilities;

    internal override void Evaluate(in LossPass pass) => pass.Run(new Kernel(pass, _smoothing));

    /// <summary>
    /// Four passes over a row's outputs: the largest logit; e^(z - largest), kept in the gradient's memory, and their sum; the loss; the gradient. Each works on as many rows as a vector has lanes.
    /// </summary>
    private readonly unsafe struct Kernel(LossPass pass, LabelSmoothing smoothing) : IElementKernel
    {
        private readonly LossPass _pass = pass;
        private readonly LabelSmoothing _smoothing = smoothing;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int row) where TV : struct, ISimd<TV>
        {
            var largest = LargestLogit<TV>(row);
            var sum = Exponentials(row, largest);
            var targetSum = Loss(row, largest, sum.LogAboveLargest());
            Gradient(row, targetSum / (TV.Broadcast(1f) + sum.Others));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private TV LargestLogit<TV>(int row) where TV : struct, ISimd<TV>
        {
            var largest = TV.Load(_pass.Predictions + row);
            for (nint index = row + _pass.Stride; index <= Last(row); index += _pass.Stride)
                largest = TV.Max(TV.Load(_pass.Predictions + index), largest);
            return largest;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private LogSumExp<TV> Exponentials<TV>(int row, TV largest) where TV : struct, ISimd<TV>
        {
            var sum = new LogSumExp<TV>(largest);
            for (nint index = row; index <= Last(row); index += _pass.Stride)
            {
                var z = TV.Load(_pass.Predictions + index);
                var exp = sum.Exp(z);
                exp.Store(_pass.Gradient + index);
                sum.Add(exp, isOther: TV.LessThan(z, largest));
            }

            return sum;
        }

        /// <summary>The sum over j of t_j times -ln softmax(z)_j = largest - z_j + logAboveLargest.</summary>
        /// <returns>The sum of the targets, which is 1 for probabilities.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private TV Loss<TV>(int row, TV largest, TV logAboveLargest) where TV : struct, ISimd<TV>
        {
            var (zero, most) = (TV.Broadcast(0f), TV.Broadcast(float.MaxValue));
            var (loss, targetSum) = (zero, zero);
            for (nint index = row; index <= Last(row); index += _pass.Stride)
            {
                var target = Target<TV>(index);
                var distance = TV.Min(most, largest - TV.Load(_pass.Predictions + index) + logAboveLargest);
                loss = TV.Select(TV.LessThan(zero, target), TV.FusedMultiplyAdd(target, distance, loss), loss);
                targetSum += target;
            }

            loss.Store(_pass.Losses + row);
            return targetSum;
        }

        /// <summary>targetSum * softmax(z)_j - t_j, times the row's share.</summary>
        /// <param name="row">The first row.</param>
        /// <param name="factor">The sum of the targets over that of the exponentials.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Gradient<TV>(int row, TV factor) where TV : struct, ISimd<TV>
        {
            var scale = TV.Load(_pass.Scales + row);
            for (nint index = row; index <= Last(row); index += _pass.Stride)
                (scale * TV.FusedMultiplyAdd(factor, TV.Load(_pass.Gradient + index), TV.Broadcast(0f) - Target<TV>(index))).Store(_pass.Gradient + index);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private TV Target<TV>(nint index) where TV : struct, ISimd<TV> => _smoothing.Smooth(TV.Load(_pass.Targets + index), _pass.Outputs);

        /// <summary>Where the row's last output lies.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private nint Last(int row) => row + (nint)(_pass.Outputs - 1) * _pass.Stride;
    }
}
