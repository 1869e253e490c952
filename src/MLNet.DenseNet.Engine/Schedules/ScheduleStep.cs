namespace MLNet.DenseNet.Engine;

/// <summary>A step's place in its training.</summary>
/// <param name="Number">The step's number, from 0.</param>
/// <param name="StepsPerEpoch">The steps of each epoch, at least 1.</param>
/// <param name="TotalSteps">The steps that are planned for the whole training.</param>
/// <param name="Reductions">The result of <see cref="LearningRateSchedule.CountReductions"/> for the epochs before.</param>
internal readonly record struct ScheduleStep(long Number, long StepsPerEpoch, long TotalSteps, int Reductions)
{
    /// <summary>The number of the epoch, from 0.</summary>
    public long Epoch => Number / StepsPerEpoch;
}
