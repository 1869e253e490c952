using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The rate is multiplied by a factor after some epochs without improvement of <see cref="EpochSummary.MonitoredLoss"/>: the loss of the validation set, or of the training
/// rows where there is none. As PyTorch's ReduceLROnPlateau.
/// </summary>
public sealed class PlateauSchedule : LearningRateSchedule
{
    /// <summary>PyTorch's constants by default.</summary>
    /// <param name="factor">What the rate is multiplied by, in [0, 1]; 0.1 by default.</param>
    /// <param name="patience">How many epochs in a row may pass without improvement before the rate falls at the next one, at least 0; 10 by default.</param>
    /// <param name="minimumImprovement">An improvement is below the best loss by more than this share of it, in [0, 1); 0.0001 by default.</param>
    /// <param name="endFactor">The smallest factor, in [0, 1]; 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public PlateauSchedule(float factor = 0.1f, int patience = 10, float minimumImprovement = 1e-4f, float endFactor = 0)
    {
        Reduction = CheckFactor(factor, nameof(factor));
        Patience = CheckEpochs(patience, nameof(patience), lowest: 0);
        MinimumImprovement = CheckFactor(minimumImprovement, nameof(minimumImprovement), highest: MathF.BitDecrement(1));
        EndFactor = CheckFactor(endFactor, nameof(endFactor));
    }

    /// <summary>What the rate is multiplied by each time.</summary>
    public float Reduction { get; }

    /// <summary>How many epochs in a row may pass without improvement.</summary>
    public int Patience { get; }

    /// <summary>An improvement is below the best loss by more than this share of it.</summary>
    public float MinimumImprovement { get; }

    /// <summary>The smallest factor.</summary>
    public float EndFactor { get; }

    /// <summary>Such as "times 0.1 after 10 epochs without improvement".</summary>
    public override string ToString() => FormattableString.Invariant($"times {Reduction} after {Patience} epochs without improvement");

    internal override double Factor(in ScheduleStep step) => Math.Max(EndFactor, WholePower.Of(Reduction, step.Reductions));

    internal override int CountReductions(ReadOnlySpan<double> losses)
    {
        var best = double.PositiveInfinity;
        var (without, reductions) = (0, 0);
        foreach (var loss in losses)
        {
            // Relative to the magnitude, since a custom loss may be negative, and improves downwards then too.
            if (loss < best - MinimumImprovement * Math.Abs(double.IsFinite(best) ? best : 0))
            {
                best = loss;
                without = 0;
            }
            else if (++without > Patience)
            {
                reductions++;
                without = 0;
            }
        }

        return reductions;
    }
}
