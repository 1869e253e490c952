namespace MLNet.DenseNet;

/// <summary>Training stopped because the loss or a weight was no longer finite. The network that was being trained is of no use.</summary>
/// <param name="epoch">The epoch in which it showed.</param>
/// <param name="what">What is not finite.</param>
/// <param name="learningRate">The rate in force.</param>
public sealed class TrainingDivergedException(int epoch, string what, float learningRate) : InvalidOperationException(
    FormattableString.Invariant($"Training diverged in epoch {epoch}: {what} is no longer finite. Try a learning rate below {learningRate}, ")
    + "or scale the features (and the targets of a regression) to about zero mean and unit variance.")
{
    /// <summary>The epoch in which it showed, from 1.</summary>
    public int Epoch { get; } = epoch;
}
