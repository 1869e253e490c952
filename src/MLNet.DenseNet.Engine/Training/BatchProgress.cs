using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>How far an epoch of training is.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="NumberOfEpochs">The epochs planned.</param>
/// <param name="Batch">The batches done in this epoch, at least 1.</param>
/// <param name="NumberOfBatches">The batches of an epoch.</param>
/// <param name="Rows">The rows learned from in this epoch.</param>
/// <param name="Loss">Their mean loss, each row measured when its batch is trained on, as in <see cref="EpochSummary.Loss"/>.</param>
/// <param name="Accuracy">The share of them, or of their labels where a row has several, classified right; null in a regression.</param>
public readonly record struct BatchProgress(int Epoch, int NumberOfEpochs, int Batch, int NumberOfBatches, int Rows, double Loss, double? Accuracy)
{
    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);
}
