namespace MLNet.DenseNet;

/// <summary>What an epoch of training came to.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="NumberOfEpochs">Of how many.</param>
/// <param name="Loss">The mean loss of the training rows, each taken when its batch came by, so under changing weights and with dropout on; rows count by their example and class weights.</param>
/// <param name="Accuracy">The share of training rows classified right, taken likewise but by their example weights alone; null in a regression.</param>
/// <param name="RSquared">The coefficient of determination of the training rows, taken likewise, of several outputs the mean; null in a classification and where all targets are the same.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows after the epoch, rows by their example weights alone; null without a validation set.</param>
/// <param name="ValidationAccuracy">The share of validation rows classified right after the epoch; null without a validation set and in a regression.</param>
/// <param name="ValidationRSquared">The coefficient of determination of the validation rows after the epoch; null without a validation set, in a classification and where all targets are the same.</param>
/// <param name="LearningRate">The rate of the epoch's last step.</param>
/// <param name="RowsPerSecond">How many training rows a second the epoch took, measuring left out.</param>
/// <param name="Elapsed">The time since training began.</param>
/// <param name="EstimatedTimeLeft">How long the epochs that are left will take if they take as long as those so far.</param>
public sealed record EpochSummary(
    int Epoch,
    int NumberOfEpochs,
    double Loss,
    double? Accuracy,
    double? RSquared,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double? ValidationRSquared,
    float LearningRate,
    double RowsPerSecond,
    TimeSpan Elapsed,
    TimeSpan EstimatedTimeLeft)
{
    /// <summary>The share of training rows classified right where rows count by their class weights too, of balanced classes the mean over classes; null without class weights.</summary>
    public double? ClassWeightedAccuracy { get; init; }

    /// <summary>The same of the validation rows after the epoch; null without a validation set or class weights.</summary>
    public double? ValidationClassWeightedAccuracy { get; init; }

    /// <summary>What each layer with parameters did, in order; empty without <see cref="TrainingOptions.RecordDiagnostics"/>.</summary>
    public IReadOnlyList<LayerDiagnostics> Diagnostics { get; init; } = [];

    internal bool IsStopRequested { get; private set; }

    /// <summary>Ends training after this epoch; for use from <see cref="TrainingOptions.EpochCompleted"/>. Later calls have no effect, nor those in an epoch that is the last one anyway.</summary>
    public void Stop() => IsStopRequested = true;

    /// <summary>What is smaller for the better of two epochs: of the validation set, or of the training rows where there is none.</summary>
    internal double Cost(EarlyStoppingMetric metric) => metric switch
    {
        EarlyStoppingMetric.Loss => ValidationLoss ?? Loss,
        _ => -((ValidationLoss is null ? Accuracy ?? RSquared : ValidationAccuracy ?? ValidationRSquared) ?? double.NegativeInfinity),
    };
}
