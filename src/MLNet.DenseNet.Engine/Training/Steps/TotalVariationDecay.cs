namespace MLNet.DenseNet.Engine;

/// <summary>Where weight decay makes total variations small; see <see cref="FunctionDecay"/>.</summary>
internal static class TotalVariationDecay
{
    // What numbers tell only together, as the fields of a chessboard, begins with gradients that are less sure than this penalty lets through.
    private const double LeastLearned = 0.1;

    /// <summary>Whether it does so in a network.</summary>
    /// <param name="decay">Of the training; null for squares.</param>
    /// <param name="member">Which network of an ensemble it is, from 0.</param>
    public static bool IsOf(FunctionDecay? decay, int member) => decay == FunctionDecay.TotalVariation || (decay == FunctionDecay.Both && member % 2 == 1);

    /// <summary>Whether an epoch shows that it may begin: a tenth of what there is to learn is known, or nothing tells how much is.</summary>
    /// <param name="epoch">Of this training.</param>
    /// <param name="baselineLoss">The loss of a guess without features; null where it is not known.</param>
    public static bool MayBeginAfter(EpochSummary epoch, double? baselineLoss)
    {
        var learned = baselineLoss is { } guess ? 1 - (epoch.ValidationObjective ?? epoch.Objective) / guess : epoch.ValidationRSquared ?? epoch.RSquared;
        return learned is null or >= LeastLearned;
    }
}
