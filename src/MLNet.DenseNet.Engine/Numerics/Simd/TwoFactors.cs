using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>2^n as two factors, since 2^n itself leaves the range of float32 at both ends. For vectors without an instruction for it: the first product is exact, the second rounds as that does.</summary>
internal static class TwoFactors
{
    /// <inheritdoc cref="ISimd{TSelf}.Scale"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Scale<TV>(TV value, TV n) where TV : struct, ISimd<TV>
    {
        var half = NearestWhole.Of(n * TV.Broadcast(0.5f));
        return value * TV.PowerOfTwo(half) * TV.PowerOfTwo(n - half);
    }
}
