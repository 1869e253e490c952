using System.Diagnostics.CodeAnalysis;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// How the learning rate changes while training goes on: a factor of the rate in the options for each step. A schedule object only describes, so that one
/// may serve any number of runs.
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

    /// <summary>How often the losses of the epochs so far made the rate smaller; 0 for schedules that do not look at them.</summary>
    /// <param name="losses">Of each epoch in order: the validation loss, or the training loss where there is no validation set.</param>
    internal virtual int CountReductions(ReadOnlySpan<double> losses) => 0;

    private protected static float CheckFactor(float value, string name, float highest = 1) =>
        value >= 0 && value <= highest
            ? value
            : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}; it must be in [0, {highest}]."));

    private protected static int CheckEpochs(int value, string name, int lowest = 1) =>
        value >= lowest ? value : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}; it must be at least {lowest}."));
}
