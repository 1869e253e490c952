using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>The rate falls to the same share of itself after every few epochs: it is multiplied by factor^floor(epoch / epochs), epochs counted from 0. As PyTorch's StepLR.</summary>
public sealed class StepSchedule : LearningRateSchedule
{
    /// <summary>Falls every <paramref name="epochs"/> epochs.</summary>
    /// <param name="epochs">How many epochs a rate lasts, at least 1.</param>
    /// <param name="factor">The share that is left, in [0, 1]; 0.1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public StepSchedule(int epochs, float factor = 0.1f)
    {
        Epochs = CheckEpochs(epochs, nameof(epochs));
        Reduction = CheckFactor(factor, nameof(factor));
    }

    /// <summary>How many epochs a rate lasts.</summary>
    public int Epochs { get; }

    /// <summary>The share of the rate that is left each time.</summary>
    public float Reduction { get; }

    /// <summary>Such as "times 0.1 every 30 epochs".</summary>
    public override string ToString() => FormattableString.Invariant($"times {Reduction} every {Epochs} epochs");

    internal override double Factor(in ScheduleStep step) => WholePower.Of(Reduction, step.Epoch / Epochs);
}
