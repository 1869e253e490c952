namespace MLNet.DenseNet;

/// <summary>
/// What a pipeline's trainer does where the options leave it open, by the number of rows: what was best, or as good and simpler, over some forty sets of 150 to 100,000 rows.
/// The benchmarks' command "defaults" shows it on those of the repository.
/// </summary>
internal static class DefaultSettings
{
    /// <summary>The share of the rows held out to find the number of epochs.</summary>
    public const float ValidationFraction = 0.125f;

    /// <summary>Of fewer rows so few would be held out that they would tell nothing.</summary>
    public const int FewestRowsToHoldOutFrom = 40;

    private const int RowsOfLargeBatches = 10_000;

    /// <summary>Fills in what does not depend on the rows.</summary>
    /// <param name="options">The options.</param>
    /// <param name="hasValidation">Whether rows to validate with are given.</param>
    /// <returns>Whether the number of epochs is to be found by rows held out.</returns>
    public static bool FillIn(DenseNeuralNetOptions options, bool hasValidation)
    {
        options.LearningRateSchedule ??= new CosineSchedule();
        var findsEpochs = options.NumberOfEpochs is null && options.EarlyStopping is null;
        if (findsEpochs && !hasValidation && options.ValidationFraction == 0)
            options.ValidationFraction = ValidationFraction;
        return findsEpochs;
    }

    /// <summary>Fills in the rest.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="findsEpochs">Whether the number of epochs is to be found by rows held out.</param>
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
