using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// What half the deviances of exponential families with a logarithmic link are made of. With d = z - ln y, how far a predicted logarithm is from that of the target, all of them are sums of terms
/// e^s (e^t - 1 - t), where t is a multiple of d and s one of ln y. Such terms are 0 or more, so nothing cancels between them.
/// </summary>
internal static class DevianceTerm
{
    /// <summary>e^s (e^t - 1 - t), at most the largest finite number.</summary>
    /// <param name="t">Any finite number.</param>
    /// <param name="scale">e^s, or 0 for a target of 0.</param>
    /// <param name="whole">e^(s + t), which may be in range where e^t is not; from <see cref="LogLink.Mean"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TV>(TV t, TV scale, TV whole) where TV : struct, ISimd<TV>
    {
        var (one, largest) = (TV.Broadcast(1f), TV.Broadcast(float.MaxValue));
        // The Taylor series of (e^t - 1 - t) / t², whose next term is below the rounding for |t| < 1, where the formula would cancel.
        var p = TV.Broadcast(1f / 39916800);
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1f / 3628800));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1f / 362880));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1f / 40320));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1f / 5040));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1f / 720));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1f / 120));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1f / 24));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1f / 6));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(0.5f));
        var near = scale * t * t * p;

        var far = Saturation.Apply(whole - scale * (one + t));
        // Where e^(s + t) is out of range, what is taken off may be too.
        far = TV.Select(TV.LessThan(whole, largest), far, whole);
        // Of a target of 0 the whole is left, be t small or not.
        return TV.Select(TV.LessThan(TV.Broadcast(0f), scale), TV.Select(TV.LessThan(TV.Abs(t), one), near, far), whole);
    }
}
