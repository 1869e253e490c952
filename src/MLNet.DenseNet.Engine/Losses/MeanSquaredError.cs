using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The mean over rows and outputs of (prediction - target)², with the gradient 2 (prediction - target) / n, as in PyTorch and Keras.
/// </summary>
public sealed class MeanSquaredError : Loss
{
    /// <summary>"mean squared error".</summary>
    public override string ToString() => "mean squared error";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Evaluate(in LossPass pass) => Elementwise.Run(new Kernel(pass), pass.VectorRows);

    private readonly unsafe struct Kernel(LossPass pass) : IElementKernel
    {
        private readonly LossPass _pass = pass;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int row) where TV : struct, ISimd<TV>
        {
            var factor = TV.Load(_pass.Scales + row) * TV.Broadcast(2f / _pass.Outputs);
            var sum = TV.Broadcast(0f);
            var index = row;
            for (var j = 0; j < _pass.Outputs; j++, index += _pass.Stride)
            {
                var error = TV.Load(_pass.Predictions + index) - TV.Load(_pass.Targets + index);
                sum = TV.FusedMultiplyAdd(error, error, sum);
                (factor * error).Store(_pass.Gradient + index);
            }

            (sum / TV.Broadcast(_pass.Outputs)).Store(_pass.Losses + row);
        }
    }
}
