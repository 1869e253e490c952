namespace MLNet.DenseNet.Engine;

/// <summary>Everything of a training that changes from epoch to epoch: what a checkpoint holds.</summary>
/// <param name="network">The network being trained.</param>
/// <param name="learners">The networks that learn, with their optimizers' state.</param>
/// <param name="rate">The learning rate of each step.</param>
/// <param name="best">The weights of the best epoch; null where they are not kept.</param>
internal sealed class TrainingProgress(Network network, Learners learners, ScheduledRate rate, BestWeights? best)
{
    private readonly List<EpochSummary> _epochs = [];

    public Network Network { get; } = network;

    public Learners Learners { get; } = learners;

    public ScheduledRate Rate { get; } = rate;

    public BestWeights? Best { get; } = best;

    /// <summary>Whether a callback ended the training after the latest epoch.</summary>
    public bool IsStopped { get; set; }

    /// <summary>The complete epochs.</summary>
    public IReadOnlyList<EpochSummary> Epochs => _epochs;

    /// <summary>Adds an epoch that was just done.</summary>
    public void Add(EpochSummary epoch)
    {
        Best?.Offer(epoch);
        Append(epoch);
    }

    /// <summary>Adds an epoch from before an interruption, whose weights are no longer there.</summary>
    public void Repeat(EpochSummary epoch)
    {
        Best?.Note(epoch);
        Append(epoch);
    }

    /// <summary>Remembers why no checkpoint holds the latest epoch.</summary>
    public void NoteCheckpointError(IOException? error)
    {
        if (error is not null)
            _epochs[^1] = _epochs[^1] with { CheckpointError = error };
    }

    private void Append(EpochSummary epoch)
    {
        _epochs.Add(epoch);
        Rate.EndEpoch(epoch);
    }
}
