using MLNet.DenseNet.Engine;

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

    /// <summary>
    /// What training makes small, of the training rows: their mean loss by example and class weights; where a regression standardizes its targets, the loss of the
    /// standardized ones, in which each output counts the same whatever its unit. It has no unit then; otherwise it is <see cref="Loss"/>.
    /// </summary>
    public double Objective => ObjectiveApart ?? Loss;

    /// <summary>The same of the validation rows after the epoch, class weights included, so that it can be compared with <see cref="Objective"/>; null without a validation set.</summary>
    public double? ValidationObjective => ValidationObjectiveApart ?? ValidationLoss;

    /// <summary>The loss that decides, smaller is better: by it go early stopping, the best epoch and <see cref="PlateauSchedule"/>. <see cref="ValidationObjective"/>, or <see cref="Objective"/> where there is no validation set.</summary>
    public double MonitoredLoss => ValidationObjective ?? Objective;

    /// <summary><see cref="Objective"/> where it is another number than the loss.</summary>
    internal double? ObjectiveApart { get; init; }

    /// <summary><see cref="ValidationObjective"/> where it is another number than the loss.</summary>
    internal double? ValidationObjectiveApart { get; init; }

    /// <summary>Why the checkpoint that was due after this epoch could not be saved, with its file; null where it was, or none was due. Training goes on, and the next epoch saves again. It is not kept in saved models.</summary>
    public IOException? CheckpointError { get; init; }

    internal bool IsStopRequested { get; private set; }

    /// <summary>Ends training after this epoch; for use from <see cref="TrainingOptions.EpochCompleted"/>. Later calls have no effect, nor those in an epoch that is the last one anyway.</summary>
    public void Stop() => IsStopRequested = true;

    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);

    /// <summary>What tells the better of two epochs, which has the smaller one: of the validation set, or of the training rows where there is none.</summary>
    /// <param name="metric">By what.</param>
    /// <returns><see cref="MonitoredLoss"/>; or the task's metric times -1, an accuracy by class weights where there are any. Positive infinity where there is no such metric.</returns>
    public double MonitoredValue(EarlyStoppingMetric metric) => metric switch
    {
        EarlyStoppingMetric.Loss => MonitoredLoss,
        _ => -((ValidationLoss is null
            ? ClassWeightedAccuracy ?? Accuracy ?? RSquared
            : ValidationClassWeightedAccuracy ?? ValidationAccuracy ?? ValidationRSquared) ?? double.NegativeInfinity),
    };
}
