using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// What a pipeline's trainer does where the options leave it open, by the number of rows: what was best, or as good and simpler, over some forty sets of 150 to 100,000 rows.
/// The benchmarks' command "defaults" shows it on those of the repository.
/// </summary>
internal sealed class DefaultSettings
{
    // The share held out to find the number of epochs: of an ensemble by each member another one.
    private const int Folds = 8;

    // Of fewer rows so few would be held out that they would tell nothing.
    private const int FewestRowsToHoldOutFrom = 40;

    private const int MembersOfEnsemble = 4;

    // Of features and of outputs: an ensemble takes its size times the memory, too much where the first or last layer alone takes many megabytes.
    private const int MostColumnsOfEnsemble = 10_000;

    private const int RowsOfLargeBatches = 10_000;

    private readonly DenseNeuralNetOptions _options;
    private readonly bool _findsEpochs;
    private readonly bool _holdsOut;

    /// <summary>Fills in what the reading of rows depends on.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="mayHoldOut">Whether rows may be held out: not where others are given to measure with, nor where nothing is measured.</param>
    public DefaultSettings(DenseNeuralNetOptions options, bool mayHoldOut)
    {
        _options = options;
        _findsEpochs = options.NumberOfEpochs is null;
        // What the training rows say of when to stop is nothing to go by.
        _holdsOut = (_findsEpochs || options.EarlyStopping is not null) && mayHoldOut && options.ValidationFraction == 0;
        if (_holdsOut)
            options.ValidationFraction = 1f / Folds;
    }

    /// <summary>Of fewer rows none are held out; null where that was asked for by the option, so that doing without is an error.</summary>
    public int? FewestRows => _holdsOut ? FewestRowsToHoldOutFrom : null;

    /// <summary>Fills in the rest, and holds rows out where that is wanted.</summary>
    /// <param name="rows">All rows to learn from.</param>
    /// <param name="validation">Rows to measure with; null for those to be held out, or none.</param>
    /// <param name="initial">The network to go on from; null to begin anew.</param>
    /// <returns>The rows that are left to learn from, those to measure with, and which member of an ensemble leaves which of the former out.</returns>
    public (RowSource Training, RowSource? Validation, HeldOutFolds? Folds) FillIn(RowSource rows, RowSource? validation, Network? initial)
    {
        _options.EnsembleSize ??= EnsembleSize(rows, initial);
        HeldOutFolds? folds = null;
        if (rows is RowSubset all && validation is null)
            (rows, validation, folds) = HoldOut(all);
        _options.BatchSize ??= rows.Count < RowsOfLargeBatches ? 32 : 128;
        _options.NumberOfEpochs ??= (int)Math.Clamp(Math.Round(5000 / Math.Sqrt(rows.Count)), 10, 200);
        _options.LearningRateSchedule ??= new CosineSchedule();
        if (_findsEpochs && (validation is not null || folds is not null))
            _options.EarlyStopping ??= new EarlyStopping(EarlyStoppingMetric.Loss, patience: Math.Max(10, _options.NumberOfEpochs.Value / 5));
        if (_options.Optimizer is null)
        {
            _options.Optimizer = new AdamW();
            _options.WeightDecay ??= IsLinear ? 0.01f : 0.1f;
            _options.LearningRate ??= IsLinear ? RateOfLinear(rows.Count) : _options.BatchSize <= 32 ? 0.003f : 0.005f;
        }

        return (rows, validation, folds);
    }

    /// <summary>Without a hidden layer there is one best model, which has far to go to large weights: higher rates find it in as few epochs, lower ones come nearer where rows are many; and the decay must not keep it away.</summary>
    private bool IsLinear => _options.Layers is { } layers ? !layers.Any(layer => layer is DenseLayer) : _options.HiddenLayers is { Count: 0 };

    private static float RateOfLinear(int rows) => (float)Math.Clamp(0.5 / Math.Sqrt(rows), 0.003, 0.03);

    private int EnsembleSize(RowSource rows, Network? initial) =>
        initial is not null ? initial.Members.Length
        : _findsEpochs && _options.Layers is null && rows is RowSubset && Math.Max(rows.Inputs, Math.Max(rows.ClassCount, rows.TargetCount)) <= MostColumnsOfEnsemble ? MembersOfEnsemble
        : 1;

    private (RowSource Training, RowSource? Validation, HeldOutFolds? Folds) HoldOut(RowSubset rows)
    {
        var (size, seed) = (_options.EnsembleSize!.Value, _options.HoldOutSeed!.Value);
        if (_options.ValidationFraction == 0 || rows.Count < FewestRows)
            return (rows, null, null);
        // Where rows are mixed, a member would learn from those that it leaves out in their mixtures.
        if (_holdsOut && size > 1 && _options.Augmentation is not TableAugmentation { Mixup: > 0 })
            return (rows, null, HeldOutFolds.Of(rows.Data, size, Math.Max(Folds, size), seed));
        var (kept, splitOff) = _holdsOut
            ? RowSubset.Split(rows.Data, _options.ValidationFraction, seed)
            : RowSubset.SplitAsAsked(rows.Data, _options.ValidationFraction, seed);
        return (kept, splitOff.Count > 0 ? splitOff : null, null);
    }
}
