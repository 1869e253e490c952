using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Smooth clipping, z / sqrt(1 + (z / limit)²): close to z near 0, always between -limit and limit. Holzmüller et al., "Better by default" (2024).</summary>
internal static class SmoothClipping
{
    /// <summary>From this many limits on the result rounds to the limit; the square of this is still finite.</summary>
    public const float Farthest = 1 << 20;

    /// <param name="z">Any number; not-a-number stays itself.</param>
    /// <param name="limit">Above 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV z, float limit) where TV : struct, ISimd<TV>
    {
        z = Cut(z, limit);
        return z / Divisor(z, limit);
    }

    /// <summary>What a gradient is divided by on its way back: (1 + (z / limit)²)^(3/2), the reciprocal of the derivative by z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV DerivativeDivisor<TV>(TV z, float limit) where TV : struct, ISimd<TV>
    {
        var divisor = Divisor(Cut(z, limit), limit);
        return divisor * divisor * divisor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV Divisor<TV>(TV z, float limit) where TV : struct, ISimd<TV>
    {
        var share = z * TV.Broadcast(1 / limit);
        return TV.Sqrt(TV.FusedMultiplyAdd(share, share, TV.Broadcast(1f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV Cut<TV>(TV z, float limit) where TV : struct, ISimd<TV> => ElementaryFunctions.Clamp(z, -limit * Farthest, limit * Farthest);
}
