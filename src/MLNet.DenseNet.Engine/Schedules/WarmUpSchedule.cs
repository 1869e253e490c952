using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// The rate rises from step to step along a straight line to the full rate: the factor is (step + 1) / steps of the warm-up. Another schedule follows over the
/// steps that are left.
/// </summary>
/// <remarks>Goyal and others, "Accurate, large minibatch SGD: training ImageNet in 1 hour" (2017), section 2.2.</remarks>
public sealed class WarmUpSchedule : LearningRateSchedule
{
    /// <summary>A rise in front of another schedule.</summary>
    /// <param name="epochs">How many epochs the rise takes, above 0; fractions are possible. A training needs as many.</param>
    /// <param name="next">The schedule after it; null, the default, for the constant rate.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epochs"/> is outside its range.</exception>
    public WarmUpSchedule(float epochs, LearningRateSchedule? next = null)
    {
        if (epochs is not (> 0 and <= int.MaxValue))
            throw new ArgumentOutOfRangeException(nameof(epochs), FormattableString.Invariant($"epochs must be finite and above 0; {epochs} was given."));
        Epochs = epochs;
        Next = next ?? new ConstantSchedule();
    }

    /// <summary>How many epochs the rise takes.</summary>
    public float Epochs { get; }

    /// <summary>The same, with those of another warm-up right behind.</summary>
    internal float WholeRise => Epochs + ((Next as WarmUpSchedule)?.WholeRise ?? 0);

    /// <summary>The schedule after it.</summary>
    public LearningRateSchedule Next { get; }

    /// <summary>Such as "warm-up of 5 epochs, then cosine to 0".</summary>
    public override string ToString() => FormattableString.Invariant($"warm-up of {Epochs} epochs, then {Next}");

    internal override double Factor(in ScheduleStep step)
    {
        var rise = Math.Max(1, (long)Math.Round((double)Epochs * step.StepsPerEpoch));
        return step.Number < rise
            ? (step.Number + 1.0) / rise
            : Next.Factor(step with { Number = step.Number - rise, TotalSteps = Math.Max(1, step.TotalSteps - rise) });
    }

    /// <summary>Epochs of the warm-up do not count, since they were trained at other rates.</summary>
    internal override int CountReductions(ReadOnlySpan<double> losses) => Next.CountReductions(losses[Math.Min(losses.Length, (int)Math.Ceiling(Epochs))..]);
}
