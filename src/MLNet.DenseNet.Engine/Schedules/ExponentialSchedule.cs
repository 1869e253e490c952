using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>The rate falls to the same share of itself after every epoch: it is multiplied by factor^epoch, epochs counted from 0. As PyTorch's ExponentialLR.</summary>
public sealed class ExponentialSchedule : LearningRateSchedule
{
    /// <summary>Falls every epoch.</summary>
    /// <param name="factor">The share that is left, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is outside [0, 1].</exception>
    public ExponentialSchedule(float factor) => Reduction = CheckFactor(factor, nameof(factor));

    /// <summary>The share of the rate that is left each time.</summary>
    public float Reduction { get; }

    /// <summary>Such as "times 0.95 every epoch".</summary>
    public override string ToString() => FormattableString.Invariant($"times {Reduction} every epoch");

    internal override double Factor(in ScheduleStep step) => WholePower.Of(Reduction, step.Epoch);
}
