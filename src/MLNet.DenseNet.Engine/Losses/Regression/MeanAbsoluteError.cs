using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows and outputs of |prediction - target|, with the gradient sign(prediction - target) / n, which is 0 where they are equal, as in PyTorch's
/// L1Loss. It makes the network predict the median, which outliers do not move.
/// </summary>
public sealed class MeanAbsoluteError : Loss
{
    /// <summary>"mean absolute error".</summary>
    public override string ToString() => "mean absolute error";

    internal override double GradientScale(double error) => 1;

    internal override void Evaluate(in LossPass pass) => ElementLoss.Evaluate(default(Rule), in pass);

    private readonly struct Rule : IElementLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>
        {
            var (zero, one) = (TV.Broadcast(0f), TV.Broadcast(1f));
            var error = prediction - target;
            var derivative = TV.Select(TV.LessThan(zero, error), one, zero);
            return (TV.Abs(error), TV.Select(TV.LessThan(error, zero), zero - one, derivative));
        }
    }
}
