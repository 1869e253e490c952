using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class Identity() : Activation("identity")
{
    internal override OnnxRows ToOnnx(OnnxRows sums) => sums;

    internal override unsafe void Forward(float* sums, float* outputs, int units, MatrixPart part)
    {
        if (sums != outputs)
            Elementwise.Map(default(Function), sums, outputs, units, part);
    }

    internal override unsafe void Backward(float* kept, float* gradient, int units, MatrixPart part)
    {
    }

    private readonly struct Function : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> => z;
    }
}
