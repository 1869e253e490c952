using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>The rate is multiplied by the same factor after every epoch: rate * factor^epoch, with epochs counted from 0. As PyTorch's ExponentialLR.</summary>
public sealed class ExponentialSchedule : LearningRateSchedule
{
    /// <summary>Falls every epoch.</summary>
    /// <param name="factor">What the rate is multiplied by, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is outside [0, 1].</exception>
    public ExponentialSchedule(float factor) => Reduction = CheckFactor(factor, nameof(factor));

    /// <summary>What the rate is multiplied by each time.</summary>
    public float Reduction { get; }

    /// <summary>Such as "times 0.95 every epoch".</summary>
    public override string ToString() => FormattableString.Invariant($"times {Reduction} every epoch");

    internal override double Factor(in ScheduleStep step) => WholePower.Of(Reduction, step.Epoch);
}
