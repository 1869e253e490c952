namespace MLNet.DenseNet;

/// <summary>What an epoch of training came to.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="NumberOfEpochs">Of how many.</param>
/// <param name="Loss">The mean loss of the training rows, each taken when its batch came by, so under changing weights and with dropout on.</param>
/// <param name="Accuracy">The share of training rows classified right, taken likewise; null in a regression.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows after the epoch; null without a validation set.</param>
/// <param name="ValidationAccuracy">The share of validation rows classified right after the epoch; null without a validation set and in a regression.</param>
/// <param name="LearningRate">The rate of the epoch's last step.</param>
/// <param name="Elapsed">The time since training began.</param>
public sealed record EpochSummary(
    int Epoch,
    int NumberOfEpochs,
    double Loss,
    double? Accuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    float LearningRate,
    TimeSpan Elapsed);
