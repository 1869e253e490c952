using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class SigmoidLinear() : ElementwiseActivation<SigmoidLinear.Function, SigmoidLinear.Gradient>("SiLU", default, default)
{
    // Below it, function and derivative are 0 in float32, but the formulas would give infinity times 0.
    private const float Vanishing = -110f;

    internal override bool DerivativeNeedsSums => true;

    internal override float InitialWeightLimit(int inputs, int units) => WeightInitialization.HeLimit(inputs);

    internal override OnnxRows ToOnnx(OnnxRows sums) => sums.Map(z => sums.Graph.Node("Mul", [z, sums.Graph.Node("Sigmoid", [z])]));

    internal readonly struct Function : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> =>
            TV.Select(TV.LessThan(z, TV.Broadcast(Vanishing)), TV.Broadcast(0f), z * ElementaryFunctions.Sigmoid(z));
    }

    /// <summary>f' = s (1 + z (1 - s)) with s = sigmoid(z).</summary>
    internal readonly struct Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z, TV gradient) where TV : struct, ISimd<TV> =>
            Derivative(z, ElementaryFunctions.Sigmoid(z)) * gradient;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Derivative<TV>(TV z, TV s) where TV : struct, ISimd<TV> =>
            TV.Select(TV.LessThan(z, TV.Broadcast(Vanishing)), TV.Broadcast(0f), s * TV.FusedMultiplyAdd(z, TV.Broadcast(1f) - s, TV.Broadcast(1f)));
    }
}
