using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class Tanh() : ElementwiseActivation<Tanh.Function, Tanh.Gradient>("tanh", default, default)
{
    internal override OnnxRows ToOnnx(OnnxRows sums) => sums.Map(z => sums.Graph.Node("Tanh", [z]));

    internal readonly struct Function : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> => ElementaryFunctions.Tanh(z);
    }

    /// <summary>f' = 1 - y².</summary>
    internal readonly struct Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV y, TV gradient) where TV : struct, ISimd<TV> =>
            gradient * (TV.Broadcast(1f) - y * y);
    }
}
