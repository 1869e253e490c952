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

    internal override void Evaluate(in LossPass pass) => ElementLoss.Evaluate(default(Rule), in pass);

    private readonly struct Rule : IElementLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>
        {
            var error = prediction - target;
            return (error * error, error + error);
        }
    }
}
