using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Rounds to whole numbers.</summary>
internal static class NearestWhole
{
    // Adding and subtracting it rounds a float of magnitude below 2^22 to the nearest whole number, ties to even.
    private const float Shift = 12582912f;

    /// <summary>The nearest whole number, ties to even, of a magnitude below 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TV>(TV x) where TV : struct, ISimd<TV> => x + TV.Broadcast(Shift) - TV.Broadcast(Shift);
}
