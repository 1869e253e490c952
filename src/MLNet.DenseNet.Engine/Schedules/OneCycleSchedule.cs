using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// The rate rises from step to step to the full rate, and then falls far below where it began, both along half a cosine. The rate in the options is the highest one;
/// a search for the learning rate helps to find it.
/// </summary>
/// <remarks>
/// Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates" (2018), in the form of fastai and PyTorch's OneCycleLR;
/// in the paper, the rate changes along straight lines. All of these lower the momentum while the rate rises; here it stays the same.
/// </remarks>
public sealed class OneCycleSchedule : LearningRateSchedule
{
    /// <summary>PyTorch's shape by default.</summary>
    /// <param name="riseShare">The share of all steps that rise, in [0, 1]; 0.3 by default.</param>
    /// <param name="startFactor">The factor at the first step, in [0, 1]; 0.04 by default.</param>
    /// <param name="endFactor">The factor at the last step, in [0, 1]; 4e-6 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public OneCycleSchedule(float riseShare = 0.3f, float startFactor = 0.04f, float endFactor = 4e-6f)
    {
        RiseShare = CheckFactor(riseShare, nameof(riseShare));
        StartFactor = CheckFactor(startFactor, nameof(startFactor));
        EndFactor = CheckFactor(endFactor, nameof(endFactor));
    }

    /// <summary>The share of all steps that rise.</summary>
    public float RiseShare { get; }

    /// <summary>The factor at the first step.</summary>
    public float StartFactor { get; }

    /// <summary>The factor at the last step.</summary>
    public float EndFactor { get; }

    /// <summary>Such as "one cycle from 0.04 to 4E-06, rising for 0.3".</summary>
    public override string ToString() => FormattableString.Invariant($"one cycle from {StartFactor} to {EndFactor}, rising for {RiseShare}");

    internal override double Factor(in ScheduleStep step)
    {
        var top = (double)RiseShare * step.TotalSteps - 1;
        var last = step.TotalSteps - 1.0;
        if (step.Number < top)
            return CosineSchedule.Fall(StartFactor, 1, step.Number / top);
        var fall = last - Math.Max(0, top);
        return fall > 0 ? CosineSchedule.Fall(1, EndFactor, Math.Min(1, (step.Number - Math.Max(0, top)) / fall)) : 1;
    }
}
