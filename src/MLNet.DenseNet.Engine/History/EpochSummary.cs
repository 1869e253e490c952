using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The numbers of an epoch of training.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="NumberOfEpochs">Of how many.</param>
/// <param name="Loss">The mean loss of the training rows, by their example and class weights. Each row is measured when its batch is trained on: under changing weights, and with dropout on.</param>
/// <param name="Accuracy">The share of training rows classified right, measured likewise, but by their example weights alone; where a row has several labels of 0 and 1, the share of labels that are right. Null in a regression.</param>
/// <param name="RSquared">The coefficient of determination of the training rows, measured likewise; of several outputs the mean. Null in a classification and where all targets are the same.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows after the epoch, by their example weights alone; null without a validation set.</param>
/// <param name="ValidationAccuracy">The share of validation rows, or of their labels, classified right after the epoch; null without a validation set and in a regression.</param>
/// <param name="ValidationRSquared">The coefficient of determination of the validation rows after the epoch; null without a validation set, in a classification and where all targets are the same.</param>
/// <param name="LearningRate">The rate of the epoch's last step.</param>
/// <param name="RowsPerSecond">How many training rows a second the epoch took, without the time of measuring.</param>
/// <param name="Elapsed">The time since training began.</param>
/// <param name="EstimatedTimeLeft">How long the epochs that are left will take, if each takes as long as those so far.</param>
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
    /// <summary>The share of training rows classified right, rows by their class weights too; with balanced classes, the mean of the classes' shares. Null without class weights.</summary>
    public double? ClassWeightedAccuracy { get; init; }

    /// <summary>The same of the validation rows after the epoch; null without a validation set or class weights.</summary>
    public double? ValidationClassWeightedAccuracy { get; init; }

    /// <summary>
    /// In a ranking, how well the groups of the training rows are ordered, measured like the loss: the mean of their NDCG@10, where the gain of the relevance y is 2^y - 1, and rows of the same score share their places. Null where rows are in no
    /// groups, or no row has a relevance above 0.
    /// </summary>
    public double? Ndcg { get; init; }

    /// <summary>The same of the validation rows after the epoch; null without a validation set too.</summary>
    public double? ValidationNdcg { get; init; }

    /// <summary>The task's metric of the training rows: the one of <see cref="Accuracy"/>, <see cref="Ndcg"/> and <see cref="RSquared"/> that there is. The higher the better, at most 1; null where there is none besides the loss.</summary>
    public double? Metric => Accuracy ?? Ndcg ?? RSquared;

    /// <summary>The same of the validation rows after the epoch; null without a validation set too.</summary>
    public double? ValidationMetric => ValidationAccuracy ?? ValidationNdcg ?? ValidationRSquared;

    /// <summary>What <see cref="Metric"/> is: "accuracy", "NDCG@10" or "R-squared"; null where there is none.</summary>
    public string? MetricName => Accuracy is not null ? "accuracy" : Ndcg is not null ? "NDCG@10" : RSquared is not null ? "R-squared" : null;

    /// <summary>What was measured of each layer with parameters, in order; empty without <see cref="TrainingOptions.RecordDiagnostics"/>.</summary>
    public IReadOnlyList<LayerDiagnostics> Diagnostics { get; init; } = [];

    /// <summary>
    /// What training minimizes: the mean loss of the training rows by example and class weights. Where a regression standardizes its targets, it is the loss of the standardized
    /// ones: it has no unit, and each output counts the same whatever its unit. Otherwise it is <see cref="Loss"/>.
    /// </summary>
    public double Objective => ObjectiveApart ?? Loss;

    /// <summary>The same of the validation rows after the epoch. Class weights are included, so that it can be compared with <see cref="Objective"/>. Null without a validation set.</summary>
    public double? ValidationObjective => ValidationObjectiveApart ?? ValidationLoss;

    /// <summary>The loss that early stopping, the choice of the best epoch and <see cref="PlateauSchedule"/> go by; smaller is better. It is <see cref="ValidationObjective"/>, or <see cref="Objective"/> where there is no validation set.</summary>
    public double MonitoredLoss => ValidationObjective ?? Objective;

    /// <summary><see cref="Objective"/> where it is another number than the loss.</summary>
    internal double? ObjectiveApart { get; init; }

    /// <summary><see cref="ValidationObjective"/> where it is another number than the loss.</summary>
    internal double? ValidationObjectiveApart { get; init; }

    /// <summary>In the first epoch of annealing (<see cref="EarlyStopping.AnnealingEpochs"/>), the epoch, from 1, whose weights it went on from: the best one, or where weights are not kept the one before. Null in all others, and for histories of older versions.</summary>
    public int? AnnealedFrom { get; init; }

    /// <summary>Why the checkpoint that was due after this epoch could not be saved; the message names its file. Null where it was saved, or none was due. Training goes on, and the next epoch saves again. Saved models do not keep it.</summary>
    public IOException? CheckpointError { get; init; }

    internal bool IsStopRequested { get; private set; }

    /// <summary>Ends training after this epoch; for use from <see cref="TrainingOptions.EpochCompleted"/>. A later call has no effect, nor has one in the last epoch. To go on later from <see cref="TrainingOptions.Checkpoints"/>, cancel training instead.</summary>
    public void Stop() => IsStopRequested = true;

    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);

    /// <summary>The value that epochs are compared by; smaller is better. It is that of the validation set, or of the training rows where there is none.</summary>
    /// <param name="metric">By what.</param>
    /// <returns><see cref="MonitoredLoss"/>, or the task's metric times -1: an accuracy, by class weights where there are any, NDCG or R-squared. Positive infinity where there is no such metric.</returns>
    public double MonitoredValue(EarlyStoppingMetric metric) => metric switch
    {
        EarlyStoppingMetric.Loss => MonitoredLoss,
        _ => -(MonitoredMetric ?? double.NegativeInfinity),
    };

    /// <summary>The task's metric that epochs are compared by; null where there is none.</summary>
    internal double? MonitoredMetric => ValidationLoss is null ? ClassWeightedAccuracy ?? Metric : ValidationClassWeightedAccuracy ?? ValidationMetric;

    /// <summary>How much of what there is to learn was learned, as the rows tell that epochs are compared by: 0 for a guess without features, 1 for no error.</summary>
    /// <param name="baselineAccuracy">The accuracy of the guess; null where it is not known, as with several labels a row, of which, where they are rare, it has nearly all right.</param>
    /// <returns>Null where there is no metric whose value is known for a guess.</returns>
    internal double? ShareLearned(double? baselineAccuracy) => Accuracy is null
        ? ValidationLoss is null ? RSquared : ValidationRSquared
        : (-MonitoredValue(EarlyStoppingMetric.TaskMetric) - baselineAccuracy) / (1 - baselineAccuracy);
}
