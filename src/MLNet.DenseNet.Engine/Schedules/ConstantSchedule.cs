using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The rate stays the same.</summary>
public sealed class ConstantSchedule : LearningRateSchedule
{
    /// <summary>"constant".</summary>
    public override string ToString() => "constant";

    internal override double Factor(in ScheduleStep step) => 1;
}
