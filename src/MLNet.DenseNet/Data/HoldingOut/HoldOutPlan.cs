using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>
/// How many rows are held out, to measure with and never to learn from. The options decide it before a row is read: of streamed rows, those held out are chosen while they are read.
/// </summary>
internal sealed class HoldOutPlan
{
    /// <summary>Where the options do not say how many: one row in so many. Each network of an ensemble leaves out another such fold.</summary>
    public const int Folds = 8;

    /// <summary>Where the options do not say how many: from so many rows on. An eighth of fewer rows is too few to tell anything.</summary>
    public const int FewestRows = 40;

    /// <summary>All rows are learned from.</summary>
    public static readonly HoldOutPlan None = new(0, isAsked: false, seed: 0);

    private readonly bool _isAsked;

    private HoldOutPlan(float fraction, bool isAsked, int seed) => (Fraction, _isAsked, Seed) = (fraction, isAsked, seed);

    /// <summary>The share of the rows, in [0, 1).</summary>
    public float Fraction { get; }

    /// <summary>Determines which rows.</summary>
    public int Seed { get; }

    /// <summary>Whether the training may go on where no row could be held out: not where the user asked for it.</summary>
    public bool MayBeEmpty => !_isAsked;

    /// <summary>
    /// The plan that the options make: the share that they give; else an eighth, where rows are needed to tell when to stop. The rows that were learned from cannot tell that.
    /// </summary>
    /// <param name="options">The options, with a seed.</param>
    /// <param name="hasValidationSet">Whether rows to measure with are given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share is asked for although rows to measure with are given.</exception>
    public static HoldOutPlan For(DenseNeuralNetOptions options, bool hasValidationSet)
    {
        var (fraction, seed) = (options.ValidationFraction, options.HoldOutSeed!.Value);
        if (fraction > 0)
        {
            TrainingOptions.Check(!hasValidationSet, nameof(options.ValidationFraction), fraction, "be 0 where a validation set is given");
            return new HoldOutPlan(fraction, isAsked: true, seed);
        }

        var needsRows = options.NumberOfEpochs is null || options.EarlyStopping is not null;
        return needsRows && !hasValidationSet ? new HoldOutPlan(1f / Folds, isAsked: false, seed) : None;
    }

    /// <summary>Whether rows are held out of so many.</summary>
    public bool Applies(long rows) => Fraction > 0 && (_isAsked || rows >= FewestRows);

    /// <summary>Holds rows in memory out, whole groups where they are in groups; none of fewer groups of a ranking than there are folds, unless asked, and of groups that are only held out together one at least, if there are two. Streamed rows come with those that were held out while they were read.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="networks">The networks of the ensemble; 1 for none.</param>
    /// <param name="augmentation">How rows are varied; null for not at all.</param>
    /// <exception cref="ArgumentException">The share that was asked for is less than one row.</exception>
    public TrainingRows HoldOut(TrainingRows rows, int networks, Augmentation? augmentation)
    {
        if (rows.Training is not RowSubset all || !Applies(all.Count) || (!_isAsked && all.Data.Groups?.Count < Folds))
            return rows;
        // Where rows are mixed, a network would learn its held-out rows from their mixtures.
        if (!_isAsked && networks > 1 && augmentation is not { MixesRows: true })
        {
            var folds = HeldOutFolds.Of(all.Data, networks, Math.Max(Folds, networks), Seed);
            // Where each row is a class of its own, none is left out.
            return folds.All.Count > 0 ? rows with { Folds = folds } : rows;
        }

        var fraction = _isAsked || all.Data.HeldOutTogether is not { } groups ? Fraction : Math.Max(Fraction, 1f / groups.Count);
        var (kept, splitOff) = _isAsked ? RowSubset.SplitAsAsked(all.Data, fraction, Seed) : RowSubset.Split(all.Data, fraction, Seed);
        return new TrainingRows(kept, splitOff.Count > 0 ? splitOff : null);
    }
}
