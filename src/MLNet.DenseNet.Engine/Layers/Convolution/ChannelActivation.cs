using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The activation of some positions of a convolution, all of whose channels are there: that of the units of a row.</summary>
/// <param name="activation">The activation.</param>
/// <param name="kept">(positions x filters): the sums; in the backward pass what the derivative is computed from.</param>
/// <param name="values">(positions x filters): the outputs; in the backward pass their gradient, which becomes that of the sums.</param>
/// <param name="filters">Values of a position.</param>
/// <param name="saturates">Whether sums are limited to finite numbers first.</param>
internal readonly unsafe struct ChannelActivation(Activation activation, float* kept, float* values, int filters, bool saturates)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int firstPosition, int count)
    {
        var part = new MatrixPart(firstPosition, firstPosition + count, 0, filters);
        if (saturates)
            Saturation.Run(kept, filters, part);
        activation.Forward(kept, values, filters, part);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int firstPosition, int count) => activation.Backward(kept, values, filters, new MatrixPart(firstPosition, firstPosition + count, 0, filters));
}
