namespace MLNet.DenseNet.Engine;

/// <summary>Finds where the learning at the schedule's rate ends: where patience does, or where the epochs that are left are those of annealing.</summary>
/// <param name="stopping">How long patience is.</param>
/// <param name="planned">The epochs of the whole training.</param>
/// <param name="baselineAccuracy">The accuracy of a guess without features: the share of the commonest class, below 1; null in a regression, and where rows have several labels.</param>
internal sealed class EndOfLearning(EarlyStopping stopping, int planned, double? baselineAccuracy = null)
{
    // Of what there is to learn; with it, learning has begun.
    private const double BeginningShare = 0.1;

    private BestValue _best = new();
    private int _without;
    private bool _hasBegun;

    /// <summary>After how many epochs it ended; null where it goes on.</summary>
    public int? After { get; private set; }

    /// <summary>The epochs taken in.</summary>
    public int Count { get; private set; }

    /// <summary>Takes in the next complete epoch.</summary>
    public void Add(EpochSummary epoch)
    {
        Count++;
        var value = epoch.MonitoredValue(stopping.Metric);
        _hasBegun = _hasBegun || HasLearned(epoch);
        // One that is not finite is no better than another such, or training would never end.
        _without = _best.Improve(value, stopping.MinimumImprovement) && double.IsFinite(value) ? 0 : _without + 1;
        if (After is null && (_without >= (_hasBegun ? stopping.Patience : stopping.InitialPatience) || Count >= planned - stopping.AnnealingEpochs))
            After = Count;
    }

    /// <summary>Where nobody knows, patience is the usual one.</summary>
    private bool HasLearned(EpochSummary epoch) => epoch.ShareLearned(baselineAccuracy) is not { } share || !double.IsFinite(share) || share >= BeginningShare;
}
