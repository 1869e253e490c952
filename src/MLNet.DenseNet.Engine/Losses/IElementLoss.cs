using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The loss of one output and its derivative by the prediction.</summary>
internal interface IElementLoss
{
    (TV Loss, TV Derivative) Invoke<TV>(TV prediction, TV target, int output) where TV : struct, ISimd<TV>;
}
