using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The rate falls from step to step along half a cosine: the factor is end + (1 - end) (1 + cos(pi * step / steps)) / 2. The steps are those of all epochs, or of a cycle where
/// the schedule restarts at the full rate.
/// </summary>
/// <remarks>Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), as PyTorch's CosineAnnealingLR and CosineAnnealingWarmRestarts.</remarks>
public sealed class CosineSchedule : LearningRateSchedule
{
    /// <summary>One fall to 0 by default.</summary>
    /// <param name="endFactor">What the factor falls to, in [0, 1]; 0 by default.</param>
    /// <param name="cycleEpochs">The epochs until the first restart, at least 1; null, the default, for no restart.</param>
    /// <param name="cycleGrowth">How many times as long each cycle is as the one before, at least 1; 1 by default, so that all have the same length.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public CosineSchedule(float endFactor = 0, int? cycleEpochs = null, int cycleGrowth = 1)
    {
        EndFactor = CheckFactor(endFactor, nameof(endFactor));
        CycleEpochs = cycleEpochs is { } epochs ? CheckEpochs(epochs, nameof(cycleEpochs)) : null;
        CycleGrowth = CheckEpochs(cycleGrowth, nameof(cycleGrowth));
    }

    /// <summary>What the factor falls to.</summary>
    public float EndFactor { get; }

    /// <summary>The epochs until the first restart; null for none.</summary>
    public int? CycleEpochs { get; }

    /// <summary>How many times as long each cycle is as the one before.</summary>
    public int CycleGrowth { get; }

    /// <summary>Such as "cosine to 0, restarts after 10 epochs times 2".</summary>
    public override string ToString() =>
        FormattableString.Invariant($"cosine to {EndFactor}") + (CycleEpochs is { } epochs ? $", restarts after {epochs} epochs times {CycleGrowth}" : "");

    internal override double Factor(in ScheduleStep step)
    {
        var (number, length) = (step.Number, step.TotalSteps);
        if (CycleEpochs is { } epochs)
        {
            length = epochs * step.StepsPerEpoch;
            if (CycleGrowth == 1)
                number %= length;
            for (; number >= length; length *= CycleGrowth)
                number -= length;
        }

        return Fall(1, EndFactor, Math.Min(1, (double)number / length));
    }

    /// <summary>Half a cosine from one factor to another.</summary>
    /// <param name="start">The factor where <paramref name="share"/> is 0.</param>
    /// <param name="end">The factor where it is 1.</param>
    /// <param name="share">In [0, 1].</param>
    internal static double Fall(double start, double end, double share) => end + (start - end) * (1 + CosineFunction.OfHalfTurns(share)) / 2;
}
