namespace MLNet.DenseNet.Engine;

/// <summary>The weight decay of an epoch, by what was not learned before it; see <see cref="TrainingOptions.AdaptWeightDecay"/>.</summary>
internal static class AdaptedWeightDecay
{
    // Of targets that are all noise, so many rows leave a whole decay.
    private const double MostRows = 25_000;

    /// <param name="options">How a network is trained.</param>
    /// <param name="before">The epoch before; null for the first one.</param>
    /// <param name="rows">The rows of an epoch.</param>
    public static float Of(TrainingOptions options, EpochSummary? before, int rows)
    {
        var decay = options.EffectiveWeightDecay;
        if (options.AdaptWeightDecay != true || before?.ValidationRSquared is not { } rSquared || !double.IsFinite(rSquared))
            return decay;
        return (float)(decay * Math.Clamp(MostRows * (1 - rSquared) / rows, 0, 1));
    }
}
