using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// What a pipeline's trainer does where the options leave it open, by the number of rows: what was best, or as good and simpler, over some forty sets of 150 to 100,000 rows.
/// The benchmarks' command "defaults" shows it on those of the repository.
/// </summary>
internal static class DefaultSettings
{
    // The share held out to find the number of epochs: of an ensemble by each member another one.
    private const int Folds = 8;

    // Of fewer rows so few would be held out that they would tell nothing.
    private const int FewestRowsToHoldOutFrom = 40;

    private const int MembersOfEnsemble = 4;

    // An ensemble takes its size times the memory: too much where the first layer alone takes many megabytes.
    private const int MostColumnsOfEnsemble = 10_000;

    private const int RowsOfLargeBatches = 10_000;

    /// <summary>Fills in what the reading of rows depends on.</summary>
    /// <param name="options">The options.</param>
    /// <param name="hasValidation">Whether rows to validate with are given.</param>
    /// <returns>Whether the number of epochs is to be found, and whether rows are to be held out for that.</returns>
    public static (bool FindsEpochs, bool HoldsOut) FillIn(DenseNeuralNetOptions options, bool hasValidation)
    {
        options.LearningRateSchedule ??= new CosineSchedule();
        var findsEpochs = options.NumberOfEpochs is null && options.EarlyStopping is null;
        var holdsOut = findsEpochs && !hasValidation && options.ValidationFraction == 0;
        if (holdsOut)
            options.ValidationFraction = 1f / Folds;
        return (findsEpochs, holdsOut);
    }

    /// <summary>How many networks to train together.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rows">All rows to learn from.</param>
    /// <param name="findsEpochs">Whether the number of epochs is to be found.</param>
    /// <param name="initial">The network to go on from; null to begin anew.</param>
    public static int EnsembleSize(DenseNeuralNetOptions options, RowSource rows, bool findsEpochs, Network? initial) =>
        initial is not null ? initial.Members.Length
        : findsEpochs && options.Layers is null && rows is RowSubset && rows.Inputs <= MostColumnsOfEnsemble ? MembersOfEnsemble
        : 1;

    /// <summary>Holds rows out where that is wanted.</summary>
    /// <param name="options">The options, the size of the ensemble filled in.</param>
    /// <param name="rows">All rows to learn from.</param>
    /// <param name="holdsOut">Whether rows are to be held out for that.</param>
    /// <returns>The rows that are left to learn from, those held out, and which member leaves them out where it is not all.</returns>
    public static (RowSource Training, RowSource? Validation, HeldOutFolds? Folds) HoldOut(DenseNeuralNetOptions options, RowSubset rows, bool holdsOut)
    {
        var (size, seed) = (options.EnsembleSize!.Value, options.Seed!.Value);
        if (options.ValidationFraction == 0 || (holdsOut && rows.Count < FewestRowsToHoldOutFrom))
            return (rows, null, null);
        // Where rows are mixed, a member would learn from those that it leaves out in their mixtures.
        if (holdsOut && size > 1 && options.Augmentation is not TableAugmentation { Mixup: > 0 })
            return (rows, null, HeldOutFolds.Of(rows.Data, size, Math.Max(Folds, size), seed));
        var (kept, splitOff) = RowSubset.Split(rows.Data, options.ValidationFraction, seed);
        return (kept, splitOff, null);
    }

    /// <summary>Fills in the rest.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="findsEpochs">Whether the number of epochs is to be found by rows that are measured.</param>
    public static void FillIn(DenseNeuralNetOptions options, int rows, bool findsEpochs)
    {
        options.BatchSize ??= rows < RowsOfLargeBatches ? 32 : 128;
        options.NumberOfEpochs ??= (int)Math.Clamp(Math.Round(5000 / Math.Sqrt(rows)), 10, 200);
        if (findsEpochs)
            options.EarlyStopping = new EarlyStopping(EarlyStoppingMetric.Loss, patience: Math.Max(10, options.NumberOfEpochs.Value / 5));
        if (options.Optimizer is null)
        {
            options.Optimizer = new AdamW();
            options.WeightDecay ??= 0.1f;
            options.LearningRate ??= options.BatchSize <= 32 ? 0.003f : 0.005f;
        }
    }
}
