namespace MLNet.DenseNet.Engine;

/// <summary>What training changes. It is counted on from one training to the next, so that no order of rows and no random bits come twice.</summary>
/// <param name="learners">The networks that learn, with their optimizers' state.</param>
/// <param name="seed">The seed in force.</param>
internal sealed class TrainingState(Learners learners, int seed)
{
    public Learners Learners { get; } = learners;

    /// <summary>Standardizes targets; null where they are learned as they are.</summary>
    public TargetScaling? Scaling { get; set; }

    /// <summary>The epochs begun, those of earlier trainings included.</summary>
    public int EpochsBegun { get; set; }

    /// <summary>The training that the network comes from, with an optimizer of its own; null for a new network.</summary>
    public TrainingHistory? Earlier { get; private set; }

    /// <summary>The steps taken, those of earlier trainings included.</summary>
    public long StepsBegun => (Earlier?.StepsBegun ?? 0) + Learners.Steps;

    /// <summary>Counts on from an earlier training.</summary>
    public void GoOnFrom(TrainingHistory earlier) => (Earlier, EpochsBegun) = (earlier, earlier.EpochsBegun);

    public TrainingStep NextStep => new(seed, StepsBegun);
}
