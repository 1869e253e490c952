using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Adds what layers made to weighted sums, in the parts of these that are ready.</summary>
/// <param name="made">(rows x units).</param>
/// <param name="sums">(rows x units), changed in place.</param>
/// <param name="units">The length of a row.</param>
/// <param name="saturates">As in <see cref="ForwardPass"/>.</param>
internal readonly unsafe struct AddingOutputs(float* made, float* sums, int units, bool saturates) : IPartWork
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(MatrixPart part)
    {
        if (saturates)
            Saturation.Run(sums, units, part);
        MatrixSum.Run(made, sums, sums, units, part, saturates);
    }
}
