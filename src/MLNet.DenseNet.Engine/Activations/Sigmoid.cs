using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class Sigmoid() : ElementwiseActivation<Sigmoid.Function, Sigmoid.Gradient>("sigmoid", default, default)
{
    internal override OnnxRows ToOnnx(OnnxRows sums) => sums.Map(z => sums.Graph.Node("Sigmoid", [z]));

    internal readonly struct Function : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> => ElementaryFunctions.Sigmoid(z);
    }

    /// <summary>f' = y (1 - y).</summary>
    internal readonly struct Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV y, TV gradient) where TV : struct, ISimd<TV> =>
            gradient * y * (TV.Broadcast(1f) - y);
    }
}
