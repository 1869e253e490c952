using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Between a mean and its logarithm, which a network with exponential outputs learns. The same bits on every machine.</summary>
internal static class LogLink
{
    private const float SmallestNormal = 1.17549435e-38f;

    // 2^24 and its logarithm.
    private const float SubnormalFactor = 16777216f;
    private const float SubnormalShift = 16.6355323f;

    /// <summary>z = ln μ of a positive number, subnormal ones included; a finite number for 0, which the losses tell apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Logarithm<TV>(TV mean) where TV : struct, ISimd<TV>
    {
        var smallest = TV.Broadcast(SmallestNormal);
        var isSubnormal = TV.LessThan(mean, smallest);
        var log = ElementaryFunctions.Log(TV.Max(smallest, TV.Select(isSubnormal, mean * TV.Broadcast(SubnormalFactor), mean)));
        return log - TV.Select(isSubnormal, TV.Broadcast(SubnormalShift), TV.Broadcast(0f));
    }

    /// <summary>μ = e^z, at most the largest finite number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Mean<TV>(TV logarithm) where TV : struct, ISimd<TV> => Saturation.Apply(ElementaryFunctions.Exp(logarithm));

    /// <inheritdoc cref="Logarithm{TV}"/>
    public static float Logarithm(float mean) => Logarithm(new Scalar(mean)).Value;

    /// <inheritdoc cref="Mean{TV}"/>
    public static float Mean(float logarithm) => Mean(new Scalar(logarithm)).Value;
}
