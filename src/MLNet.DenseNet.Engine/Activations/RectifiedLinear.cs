using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class RectifiedLinear() : ElementwiseActivation<RectifiedLinear.Function, RectifiedLinear.Gradient>("ReLU", default, default)
{
    internal override float InitialWeightLimit(int inputs, int units) => WeightInitialization.HeLimit(inputs);

    internal override OnnxRows ToOnnx(OnnxRows sums) => sums.Map(z => sums.Graph.Node("Relu", [z]));

    internal readonly struct Function : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> => TV.Max(TV.Broadcast(0f), z);
    }

    /// <summary>f' = 1 where y > 0, else 0; 0 at 0, as usual.</summary>
    internal readonly struct Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV y, TV gradient) where TV : struct, ISimd<TV> =>
            TV.Select(TV.LessThan(TV.Broadcast(0f), y), gradient, TV.Broadcast(0f));
    }
}
