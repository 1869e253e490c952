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

    internal override TargetRange? TargetRange => Engine.TargetRange.Probabilities;

    internal override bool NeedsOneClass => true;

    internal override void Evaluate(in LossPass pass) => pass.Run(new Kernel(pass));

    /// <summary>
    /// Three passes over a row's outputs: the right class y; its rival r, the best of the others; the gradient, which is 1 at r and -1 at y where the margin is not kept. Each works on as many rows as a
    /// vector has lanes.
    /// </summary>
    private readonly unsafe struct Kernel(LossPass pass) : IElementKernel
    {
        private readonly LossPass _pass = pass;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int row) where TV : struct, ISimd<TV>
        {
            var (right, rightScore) = RightClass<TV>(row);
            var (rival, rivalScore) = Rival(row, right);
            var zero = TV.Broadcast(0f);
            var missing = TV.Min(TV.Broadcast(float.MaxValue), TV.Broadcast(1f) + rivalScore - rightScore);
            Gradient(row, right, rival, TV.Select(TV.LessThan(zero, missing), TV.Load(_pass.Scales + row), zero));
            TV.Max(zero, missing).Store(_pass.Losses + row);
        }

        /// <summary>The class with the largest target, of equals the first, and its score.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (TV Right, TV Score) RightClass<TV>(int row) where TV : struct, ISimd<TV>
        {
            var (right, rightScore, largestTarget) = (TV.Broadcast(0f), TV.Load(_pass.Predictions + row), TV.Load(_pass.Targets + row));
            for (var j = 1; j < _pass.Outputs; j++)
            {
                var target = TV.Load(_pass.Targets + j * _pass.Stride + row);
                var isLarger = TV.LessThan(largestTarget, target);
                largestTarget = TV.Select(isLarger, target, largestTarget);
                right = TV.Select(isLarger, TV.Broadcast(j), right);
                rightScore = TV.Select(isLarger, TV.Load(_pass.Predictions + j * _pass.Stride + row), rightScore);
            }

            return (right, rightScore);
        }

        /// <summary>The other class with the largest score, of equals the first.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (TV Rival, TV Score) Rival<TV>(int row, TV right) where TV : struct, ISimd<TV>
        {
            var lowest = TV.Broadcast(float.NegativeInfinity);
            var (rival, rivalScore) = (TV.Broadcast(-1f), lowest);
            for (var j = 0; j < _pass.Outputs; j++)
            {
                var score = TV.Select(Is(right, j), lowest, TV.Load(_pass.Predictions + j * _pass.Stride + row));
                var isLarger = TV.LessThan(rivalScore, score);
                rivalScore = TV.Select(isLarger, score, rivalScore);
                rival = TV.Select(isLarger, TV.Broadcast(j), rival);
            }

            return (rival, rivalScore);
        }

        /// <param name="row">The first row.</param>
        /// <param name="right">The right class.</param>
        /// <param name="rival">The best other class.</param>
        /// <param name="scale">The row's share; 0 where the margin is kept.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Gradient<TV>(int row, TV right, TV rival, TV scale) where TV : struct, ISimd<TV>
        {
            var zero = TV.Broadcast(0f);
            for (var j = 0; j < _pass.Outputs; j++)
            {
                var ofRival = TV.Select(Is(rival, j), scale, zero);
                TV.Select(Is(right, j), zero - scale, ofRival).Store(_pass.Gradient + j * _pass.Stride + row);
            }
        }

        /// <summary>A mask: where the class is j. Classes are whole numbers in lanes of float32.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Is<TV>(TV index, int j) where TV : struct, ISimd<TV> => TV.LessThan(TV.Abs(index - TV.Broadcast(j)), TV.Broadcast(0.5f));
    }
}
