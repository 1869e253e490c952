using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows of max(0, 1 + z_r - z_y) for scores z, where y is the right class (the largest target) and r the best of the others: the right class must
/// win by a margin of 1. A loss beyond float32 is given as its largest number.
/// </summary>
/// <remarks>
/// Crammer and Singer, "On the algorithmic implementation of multiclass kernel-based vector machines" (2001). The scores are the sums that a softmax output
/// layer would turn into probabilities; trained with this loss, these tell the order but are no probabilities.
/// </remarks>
public sealed class MulticlassHingeLoss : Loss
{
    /// <summary>"multiclass hinge loss".</summary>
    public override string ToString() => "multiclass hinge loss";

    internal override Activation Link => Activation.Softmax;

    internal override (float Lowest, float Highest)? TargetRange => (0, 1);

    internal override bool NeedsOneClass => true;

    internal override void Evaluate(in LossPass pass) => Elementwise.Run(new Kernel(pass), pass.VectorRows);

    private readonly unsafe struct Kernel(LossPass pass) : IElementKernel
    {
        private readonly LossPass _pass = pass;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int row) where TV : struct, ISimd<TV>
        {
            var (zero, one, half) = (TV.Broadcast(0f), TV.Broadcast(1f), TV.Broadcast(0.5f));
            var (right, rightScore, largestTarget) = (zero, TV.Load(_pass.Predictions + row), TV.Load(_pass.Targets + row));
            for (var j = 1; j < _pass.Outputs; j++)
            {
                var target = TV.Load(_pass.Targets + j * _pass.Stride + row);
                var isLarger = TV.LessThan(largestTarget, target);
                largestTarget = TV.Select(isLarger, target, largestTarget);
                right = TV.Select(isLarger, TV.Broadcast(j), right);
                rightScore = TV.Select(isLarger, TV.Load(_pass.Predictions + j * _pass.Stride + row), rightScore);
            }

            var (rival, rivalScore) = (zero - one, TV.Broadcast(float.NegativeInfinity));
            for (var j = 0; j < _pass.Outputs; j++)
            {
                var score = TV.Load(_pass.Predictions + j * _pass.Stride + row);
                score = TV.Select(TV.LessThan(TV.Abs(right - TV.Broadcast(j)), half), TV.Broadcast(float.NegativeInfinity), score);
                var isLarger = TV.LessThan(rivalScore, score);
                rivalScore = TV.Select(isLarger, score, rivalScore);
                rival = TV.Select(isLarger, TV.Broadcast(j), rival);
            }

            var (missing, most) = (one + rivalScore - rightScore, TV.Broadcast(float.MaxValue));
            missing = TV.Select(TV.LessThan(most, missing), most, missing);
            var scale = TV.Select(TV.LessThan(zero, missing), TV.Load(_pass.Scales + row), zero);
            for (var j = 0; j < _pass.Outputs; j++)
            {
                var rise = TV.Select(TV.LessThan(TV.Abs(rival - TV.Broadcast(j)), half), scale, zero);
                TV.Select(TV.LessThan(TV.Abs(right - TV.Broadcast(j)), half), zero - scale, rise).Store(_pass.Gradient + j * _pass.Stride + row);
            }

            // Asked this way, so that what is no number stays none.
            TV.Select(TV.LessThan(missing, zero), zero, missing).Store(_pass.Losses + row);
        }
    }
}
