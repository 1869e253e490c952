using System.Diagnostics.CodeAnalysis;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// How the learning rate changes during training: each step multiplies the rate in the options by a factor. A schedule holds no state of a training, so that one
/// may serve any number of them.
/// </summary>
/// <remarks>
/// Kinds that change from step to step: <see cref="PolynomialSchedule"/>, <see cref="CosineSchedule"/>, <see cref="OneCycleSchedule"/>,
/// <see cref="WarmUpSchedule"/>; from epoch to epoch: <see cref="StepSchedule"/>, <see cref="ExponentialSchedule"/>, <see cref="PlateauSchedule"/>; never:
/// <see cref="ConstantSchedule"/>.
/// </remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public abstract class LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>The factor for a step, at least 0.</summary>
    internal abstract double Factor(in ScheduleStep step);

    /// <summary>How many times the losses of the epochs so far have reduced the rate; 0 for schedules that do not depend on losses.</summary>
    /// <param name="losses">The monitored loss of each epoch, in order.</param>
    internal virtual int CountReductions(ReadOnlySpan<double> losses) => 0;

    private protected static float CheckFactor(float value, string name, float highest = 1) =>
        value >= 0 && value <= highest
            ? value
            : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}; it must be in [0, {highest}]."));

    private protected static int CheckEpochs(int value, string name, int lowest = 1) =>
        value >= lowest ? value : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}; it must be at least {lowest}."));
}
