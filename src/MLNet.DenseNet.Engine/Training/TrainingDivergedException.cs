namespace MLNet.DenseNet;

/// <summary>Training stopped because the loss or a weight was no longer finite. The network that was being trained is of no use; the message says what most likely is the cause, and what to do about it.</summary>
/// <param name="epoch">The epoch in which it showed.</param>
/// <param name="what">What is not finite.</param>
/// <param name="remedy">The likely cause and what helps, in sentences.</param>
public sealed class TrainingDivergedException(int epoch, string what, string remedy)
    : InvalidOperationException(FormattableString.Invariant($"Training diverged in epoch {epoch}: {what} is no longer finite. {remedy}"))
{
    /// <summary>The epoch in which it showed, from 1.</summary>
    public int Epoch { get; } = epoch;
}
