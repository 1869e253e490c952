using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class Exponential() : ElementwiseActivation<Exponential.Function, Exponential.Gradient>("exponential", default, default)
{
    internal override bool IsForOutputs => true;

    internal override OnnxRows ToOnnx(OnnxRows sums) => sums.Map(z => sums.Graph.Node("Min", [sums.Graph.Node("Exp", [z]), sums.Graph.Number(float.MaxValue)]));

    internal readonly struct Function : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> => Saturation.Apply(ElementaryFunctions.Exp(z));
    }

    /// <summary>f' = y.</summary>
    internal readonly struct Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV y, TV gradient) where TV : struct, ISimd<TV> => gradient * y;
    }
}
