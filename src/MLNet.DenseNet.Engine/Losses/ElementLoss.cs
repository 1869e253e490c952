using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Losses that are the mean over outputs of a loss of each by itself.</summary>
internal static class ElementLoss
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Evaluate<TLoss>(TLoss loss, in LossPass pass) where TLoss : struct, IElementLoss =>
        pass.Run(new Kernel<TLoss>(loss, pass));

    private readonly unsafe struct Kernel<TLoss>(TLoss loss, LossPass pass) : IElementKernel where TLoss : struct, IElementLoss
    {
        private readonly TLoss _loss = loss;
        private readonly LossPass _pass = pass;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int row) where TV : struct, ISimd<TV>
        {
            // Each loss is divided before it is added, so that the mean of finite losses is finite.
            var share = TV.Broadcast(1f / _pass.Outputs);
            var factor = TV.Load(_pass.Scales + row) * share;
            var sum = TV.Broadcast(0f);
            nint index = row;
            for (var j = 0; j < _pass.Outputs; j++, index += _pass.Stride)
            {
                var (loss, derivative) = _loss.Invoke(TV.Load(_pass.Predictions + index), TV.Load(_pass.Targets + index), j);
                sum = TV.FusedMultiplyAdd(loss, share, sum);
                (factor * derivative).Store(_pass.Gradient + index);
                if (_pass.OutputLosses != null)
                    loss.Store(_pass.OutputLosses + index);
            }

            sum.Store(_pass.Losses + row);
        }
    }
}
