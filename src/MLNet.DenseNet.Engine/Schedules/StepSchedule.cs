using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>The rate is multiplied by the same factor after every few epochs: rate * factor^floor(epoch / epochs), with epochs counted from 0. As PyTorch's StepLR.</summary>
public sealed class StepSchedule : LearningRateSchedule
{
    /// <summary>Falls every <paramref name="epochs"/> epochs.</summary>
    /// <param name="epochs">How many epochs a rate lasts, at least 1.</param>
    /// <param name="factor">What the rate is multiplied by, in [0, 1]; 0.1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public StepSchedule(int epochs, float factor = 0.1f)
    {
        Epochs = CheckEpochs(epochs, nameof(epochs));
        Reduction = CheckFactor(factor, nameof(factor));
    }

    /// <summary>How many epochs a rate lasts.</summary>
    public int Epochs { get; }

    /// <summary>What the rate is multiplied by each time.</summary>
    public float Reduction { get; }

    /// <summary>Such as "times 0.1 every 30 epochs".</summary>
    public override string ToString() => FormattableString.Invariant($"times {Reduction} every {Epochs} epochs");

    internal override double Factor(in ScheduleStep step) => WholePower.Of(Reduction, step.Epoch / Epochs);
}
