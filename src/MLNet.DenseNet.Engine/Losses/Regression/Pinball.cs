using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The pinball loss of one prediction, max(q e, (q - 1) e) for e = target - prediction, whose mean is smallest where the prediction is the quantile q.</summary>
internal static class Pinball
{
    /// <exception cref="ArgumentOutOfRangeException">The quantile is outside (0, 1).</exception>
    public static void Check(float quantile, string parameter)
    {
        if (quantile is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(parameter, FormattableString.Invariant($"{parameter} must be in (0, 1); {quantile} was given."));
    }

    /// <returns>The loss, and its derivative by the prediction, 0 where that is the target.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TV Loss, TV Derivative) Of<TV>(TV prediction, TV target, float quantile) where TV : struct, ISimd<TV>
    {
        var (zero, below, above) = (TV.Broadcast(0f), TV.Broadcast(-quantile), TV.Broadcast(1 - quantile));
        var error = prediction - target;
        var slope = TV.Select(TV.LessThan(zero, error), above, below);
        return (slope * error, TV.Select(TV.Equal(error, zero), zero, slope));
    }
}
