using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Which rows of a batch are classified right, or, where a row has several labels, what share of them. The class is the first of the largest outputs; with a single output it is the second class above a threshold, else the first. Of a row that is a
/// mixture of two classes, the class is the one with the larger share.
/// </summary>
internal static class Accuracy
{
    /// <summary>Above it, the target of a single output means the second class. It is 0 or 1, or between them for a mixture of both classes.</summary>
    public const float TargetThreshold = 0.5f;

    /// <summary>Above it, a single output means the second class: 0.5 for a probability, 0 for a logit.</summary>
    public static float Threshold(Loss loss) => loss.Link is null ? 0.5f : 0f;

    /// <summary>The class that a row's outputs or targets stand for.</summary>
    /// <param name="row">(outputs).</param>
    /// <param name="threshold">Above it, a single output means the second class.</param>
    public static int ClassOf(ReadOnlySpan<float> row, float threshold) => row.Length > 1 ? ArgMax.Of(row) : row[0] > threshold ? 1 : 0;

    /// <summary>Which rows are classified right, without asking for the classes: a row is right where its largest output stands at its largest target.</summary>
    /// <param name="pass">The batch.</param>
    /// <param name="threshold">Above it, a single output means the second class.</param>
    /// <param name="correct">(stride), to be filled with 1 for each row that is right, else 0.</param>
    public static unsafe void Evaluate(in LossPass pass, float threshold, float* correct) => pass.Run(new Kernel(pass, threshold, correct));

    /// <summary>The share of each row's labels that are predicted right: above the threshold where they are 1, else not.</summary>
    /// <param name="pass">The batch.</param>
    /// <param name="threshold">Above it, an output means that the row has the label.</param>
    /// <param name="shares">(stride), to be filled.</param>
    public static unsafe void EvaluateLabels(in LossPass pass, float threshold, float* shares) => pass.Run(new LabelKernel(pass, threshold, shares));

    private readonly unsafe struct Kernel(LossPass pass, float threshold, float* correct) : IElementKernel
    {
        private readonly LossPass _pass = pass;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int row) where TV : struct, ISimd<TV>
        {
            var (zero, one) = (TV.Broadcast(0f), TV.Broadcast(1f));
            var largest = TV.Load(_pass.Predictions + row);
            var target = TV.Load(_pass.Targets + row);
            var largestTarget = target;
            if (_pass.Outputs == 1)
            {
                IsRight(largest, target, threshold).Store(correct + row);
                return;
            }

            var index = row + _pass.Stride;
            for (var j = 1; j < _pass.Outputs; j++, index += _pass.Stride)
            {
                var z = TV.Load(_pass.Predictions + index);
                var isLarger = TV.LessThan(largest, z);
                largest = TV.Select(isLarger, z, largest);
                var share = TV.Load(_pass.Targets + index);
                target = TV.Select(isLarger, share, target);
                largestTarget = TV.Max(share, largestTarget);
            }

            TV.Select(TV.LessThan(target, largestTarget), zero, one).Store(correct + row);
        }
    }

    private readonly unsafe struct LabelKernel(LossPass pass, float threshold, float* shares) : IElementKernel
    {
        private readonly LossPass _pass = pass;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int row) where TV : struct, ISimd<TV>
        {
            var (right, index) = (TV.Broadcast(0f), row);
            for (var j = 0; j < _pass.Outputs; j++, index += _pass.Stride)
                right += IsRight(TV.Load(_pass.Predictions + index), TV.Load(_pass.Targets + index), threshold);
            (right / TV.Broadcast(_pass.Outputs)).Store(shares + row);
        }
    }

    /// <summary>1 where a single output means what its target means, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV IsRight<TV>(TV prediction, TV target, float threshold) where TV : struct, ISimd<TV>
    {
        var (zero, one) = (TV.Broadcast(0f), TV.Broadcast(1f));
        var predicted = TV.Select(TV.LessThan(TV.Broadcast(threshold), prediction), one, zero);
        var actual = TV.Select(TV.LessThan(TV.Broadcast(TargetThreshold), target), one, zero);
        return one - TV.Abs(predicted - actual);
    }
}
