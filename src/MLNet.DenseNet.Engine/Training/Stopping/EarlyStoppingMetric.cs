namespace MLNet.DenseNet;

/// <summary>What tells the better of two epochs: of the validation set, or of the training rows where there is none.</summary>
public enum EarlyStoppingMetric
{
    /// <summary><see cref="EpochSummary.MonitoredLoss"/>, the loss that training minimizes; less is better.</summary>
    Loss,

    /// <summary>The accuracy of a classification, by its class weights where it has any, the NDCG@10 of a ranking, or the R-squared of a regression; more is better.</summary>
    TaskMetric,
}
