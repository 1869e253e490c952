namespace MLNet.DenseNet.Engine;

/// <summary>The weight decay of an epoch, by what was learned before it; see <see cref="TrainingOptions.AdaptWeightDecay"/> and <see cref="FunctionDecay"/>.</summary>
internal static class AdaptedWeightDecay
{
    // Of targets that are all noise, so many rows leave a whole decay.
    private const double MostRows = 25_000;

    // What numbers tell only together, as the fields of a chessboard, begins with gradients that are less sure than this penalty lets through.
    private const double LeastLearned = 0.1;

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

    /// <summary>Whether total variations are held back: once a tenth of what there is to learn is known.</summary>
    /// <param name="before">The epoch before; null for the first one.</param>
    /// <param name="baselineLoss">The loss of a guess without features; null where it is not known.</param>
    public static bool HoldsTotalVariation(EpochSummary? before, double? baselineLoss)
    {
        if (before is null)
            return false;
        var learned = baselineLoss is { } guess ? 1 - (before.ValidationObjective ?? before.Objective) / guess : before.ValidationRSquared ?? before.RSquared;
        return !(learned < LeastLearned);
    }
}
