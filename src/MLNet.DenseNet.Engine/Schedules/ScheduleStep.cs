namespace MLNet.DenseNet.Engine;

/// <summary>Where in a training a step stands.</summary>
/// <param name="Number">The step's number, from 0.</param>
/// <param name="StepsPerEpoch">The steps of each epoch, at least 1.</param>
/// <param name="TotalSteps">The steps of the whole training; may not all be taken.</param>
/// <param name="Reductions">What <see cref="LearningRateSchedule.CountReductions"/> made of the epochs before.</param>
internal readonly record struct ScheduleStep(long Number, long StepsPerEpoch, long TotalSteps, int Reductions)
{
    /// <summary>The number of the epoch, from 0.</summary>
    public long Epoch => Number / StepsPerEpoch;
}
