using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Targets t drawn to the same probability for each of n classes, t (1 - share) + share / n, so that no logit has to grow without end.
/// </summary>
/// <remarks>Szegedy and others, "Rethinking the Inception architecture for computer vision" (2016), section 7, as in PyTorch and Keras.</remarks>
/// <param name="share">How far, in [0, 1); 0 leaves every bit of the targets as it is.</param>
internal readonly struct LabelSmoothing(float share)
{
    public float Share { get; } = share is >= 0 and < 1
        ? share
        : throw new ArgumentOutOfRangeException("labelSmoothing", FormattableString.Invariant($"labelSmoothing is {share}; it must be in [0, 1)."));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TV Smooth<TV>(TV target, int classes) where TV : struct, ISimd<TV> => target * TV.Broadcast(1 - Share) + TV.Broadcast(Share / classes);

    /// <summary>For a loss's name.</summary>
    public override string ToString() => Share == 0 ? "" : FormattableString.Invariant($", label smoothing {Share}");
}
