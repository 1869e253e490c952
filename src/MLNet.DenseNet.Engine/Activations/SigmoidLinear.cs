using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class SigmoidLinear() : ElementwiseActivation<SigmoidLinear.Function, SigmoidLinear.Gradient>("SiLU", default, default)
{
    internal override bool DerivativeNeedsSums => true;

    internal override float InitialWeightLimit(int inputs, int units) => WeightInitialization.HeLimit(inputs);

    internal readonly struct Function : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> => z * ElementaryFunctions.Sigmoid(z);
    }

    /// <summary>f' = s (1 + z (1 - s)) with s = sigmoid(z).</summary>
    internal readonly struct Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z, TV gradient) where TV : struct, ISimd<TV> =>
            Derivative(z, ElementaryFunctions.Sigmoid(z)) * gradient;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Derivative<TV>(TV z, TV s) where TV : struct, ISimd<TV> =>
            s * TV.FusedMultiplyAdd(z, TV.Broadcast(1f) - s, TV.Broadcast(1f));
    }
}
