using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Limits weighted sums to the largest finite numbers where that is asked for, in the parts of these that are ready.</summary>
/// <param name="sums">(rows x columns), changed in place.</param>
/// <param name="columns">The length of a row.</param>
/// <param name="saturates">As in <see cref="ForwardPass"/>.</param>
internal readonly unsafe struct SaturatingSums(float* sums, int columns, bool saturates) : IPartWork
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Do(MatrixPart part)
    {
        if (saturates)
            Saturation.Run(sums, columns, part);
    }
}
