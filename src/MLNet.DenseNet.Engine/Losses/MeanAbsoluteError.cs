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
                var error = TV.Load(_pass.Predictions + index) - TV.Load(_pass.Targets + index);
                sum = TV.FusedMultiplyAdd(TV.Abs(error), share, sum);
                var slope = TV.Select(TV.LessThan(zero, error), factor, zero);
                TV.Select(TV.LessThan(error, zero), zero - factor, slope).Store(_pass.Gradient + index);
            }

            sum.Store(_pass.Losses + row);
        }
    }
}
