namespace MLNet.DenseNet.Engine;

/// <summary>
/// The limits that whatever a training writes keeps to: what exceeds them is refused, even where the checksum is right. A loss or a metric that is not finite is allowed,
/// since predictions that overflow on validation rows make one.
/// </summary>
internal static class HistoryLimits
{
    // A share of rows is at most 1, but for the rounding of its sums.
    private const double LargestShare = 1.001;

    // Those of the most epochs and the longest can be added without an overflow.
    private const long MostSteps = long.MaxValue / 4;

    // Two such times can be added without an overflow.
    private static readonly TimeSpan LongestTime = TimeSpan.MaxValue / 2;

    /// <summary>Checks all that the constructor of a history does not.</summary>
    /// <exception cref="DamageException">Something is outside its limits; the message says what, and in which epoch.</exception>
    public static void Check(TrainingHistory history)
    {
        Check(history.Settings);
        Check(history.Count <= history.Settings.NumberOfEpochs, $"it has {history.Count} epochs of {history.Settings.NumberOfEpochs}");
        Check(history.EpochsBefore >= 0 && history.StepsBefore is >= 0 and <= MostSteps, $"it went on from {history.EpochsBefore} epochs and {history.StepsBefore} steps");
        Check(history.StepsPerEpoch is >= 0 and <= int.MaxValue, $"its epochs have {history.StepsPerEpoch} steps");
        var before = TimeSpan.Zero;
        foreach (var epoch in history)
        {
            Check(epoch, before);
            before = epoch.Elapsed;
        }

        CheckShare(history.BaselineAccuracy, "baseline accuracy");
        Check(history.BaselineLoss is null or (>= 0 and < double.PositiveInfinity), $"its baseline loss is {history.BaselineLoss}");
        Check(history.HeldOut is null or { Fraction: >= 0 and < 1 }, $"it held out {history.HeldOut?.Fraction} of its rows");
        Check(history.HeldOut is not { } part || Enum.IsDefined(part.Unit), $"it held rows out by {(int?)history.HeldOut?.Unit}");
        Check(history.Network);
        foreach (var weights in history.Weights)
        {
            Check(weights.Layer >= 0, $"it has weights of layer {weights.Layer}");
            foreach (var histogram in (WeightHistogram[])[weights.Initial, weights.Final])
            {
                Check(float.IsFinite(histogram.Lowest) && histogram.Highest >= histogram.Lowest && float.IsFinite(histogram.Highest), $"the weights of layer {weights.Layer} go from {histogram.Lowest} to {histogram.Highest}");
                Check(histogram.Counts.All(count => count >= 0), $"there are less than no weights of layer {weights.Layer} in an interval");
            }
        }
    }

    /// <summary>Whether a training can have ended so.</summary>
    /// <exception cref="DamageException">It cannot.</exception>
    public static void CheckEnd(TrainingEnd end) => Check(Enum.IsDefined(end), $"its end is {(int)end}");

    /// <summary>Whether the epoch whose weights were put back is one of the epochs; 0 stands for none.</summary>
    /// <exception cref="DamageException">It is not.</exception>
    public static void CheckRestored(int epoch, int epochs) => Check(epoch >= 0 && epoch <= epochs, $"it has {epochs} epochs, of which {epoch} was restored");

    private static void Check(TrainingSettings settings)
    {
        Check(settings.LearningRate is > 0 and < float.PositiveInfinity, $"its learning rate is {settings.LearningRate}");
        Check(settings.WeightDecay is >= 0 and < float.PositiveInfinity, $"its weight decay is {settings.WeightDecay}");
        Check(settings.BatchSize >= 1, $"its batch size is {settings.BatchSize}");
        Check(settings.NumberOfEpochs >= 1, $"its number of epochs is {settings.NumberOfEpochs}");
        Check(settings.TrainingRows >= 0 && settings.ValidationRows >= 0, $"it is of {settings.TrainingRows} training and {settings.ValidationRows} validation rows");
        foreach (var limit in (float?[])[settings.GradientNormLimit, settings.GradientValueLimit])
            Check(limit is null or (> 0 and < float.PositiveInfinity), $"a limit of its gradients is {limit}");
    }

    private static void Check(EpochSummary epoch, TimeSpan before)
    {
        var where = $" of epoch {epoch.Epoch}";
        Check(epoch.LearningRate is >= 0 and < float.PositiveInfinity, $"the learning rate{where} is {epoch.LearningRate}");
        Check(epoch.RowsPerSecond >= 0, $"the rows a second{where} are {epoch.RowsPerSecond}");
        Check(epoch.Elapsed >= before && epoch.Elapsed <= LongestTime, $"the time until the end{where} is {epoch.Elapsed}, after {before}");
        Check(epoch.EstimatedTimeLeft >= TimeSpan.Zero && epoch.EstimatedTimeLeft <= LongestTime, $"the time left{where} is {epoch.EstimatedTimeLeft}");
        foreach (var share in (double?[])[epoch.Accuracy, epoch.ValidationAccuracy, epoch.ClassWeightedAccuracy, epoch.ValidationClassWeightedAccuracy])
            CheckShare(share, $"accuracy{where}");
        foreach (var value in (double?[])[epoch.Ndcg, epoch.ValidationNdcg])
            CheckShare(value, $"NDCG{where}");
        foreach (var value in (double?[])[epoch.RSquared, epoch.ValidationRSquared])
            Check(!(value > LargestShare), $"the R-squared{where} is {value}");
        Check(epoch.AnnealedFrom is null || (epoch.AnnealedFrom >= 1 && epoch.AnnealedFrom < epoch.Epoch), $"the annealing{where} went on from epoch {epoch.AnnealedFrom}");
        foreach (var layer in epoch.Diagnostics)
        {
            Check(layer.Layer >= 0 && !(layer.GradientNorm < 0), $"the gradient norm{where} in layer {layer.Layer} is {layer.GradientNorm}");
            CheckShare(layer.DeadUnits, $"share of dead units{where} in layer {layer.Layer}");
        }
    }

    private static void Check(NetworkSummary? network)
    {
        var parameters = 0L;
        foreach (var layer in network?.Layers ?? [])
        {
            Check(layer);
            parameters += layer.ParameterCount;
        }

        Check(parameters <= int.MaxValue, $"its network has {parameters} parameters");
    }

    private static void Check(LayerSummary layer)
    {
        Check(layer.ParameterCount >= 0 && layer.ValuesPerRow >= 0 && layer.Members >= 1, $"its layer {layer.Layer} has {layer.ParameterCount} parameters and {layer.ValuesPerRow} values a row, in {layer.Members} members");
        foreach (var inner in layer.Layers)
            Check(inner);
    }

    private static void CheckShare(double? share, string what) => Check(share is null or double.NaN or (>= 0 and <= LargestShare), $"the {what} is {share}");

    private static void Check(bool isRight, FormattableString otherwise)
    {
        if (!isRight)
            throw new DamageException(FormattableString.Invariant(otherwise));
    }
}
