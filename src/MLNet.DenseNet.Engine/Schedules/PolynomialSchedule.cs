using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The rate falls from step to step: the factor is end + (1 - end) (1 - step / steps)^power. The steps are those of all epochs. A power of 1 is a straight line.
/// </summary>
/// <remarks>As PyTorch's PolynomialLR and Keras's PolynomialDecay.</remarks>
public sealed class PolynomialSchedule : LearningRateSchedule
{
    /// <summary>A straight line to 0 by default.</summary>
    /// <param name="power">The exponent, above 0 and at most 100; 1, a straight line, by default.</param>
    /// <param name="endFactor">What the factor falls to, in [0, 1]; 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public PolynomialSchedule(float power = 1, float endFactor = 0)
    {
        if (power is not (> 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(power), FormattableString.Invariant($"power must be in (0, 100]; {power} was given."));
        Power = power;
        EndFactor = CheckFactor(endFactor, nameof(endFactor));
    }

    /// <summary>The exponent.</summary>
    public float Power { get; }

    /// <summary>What the factor falls to.</summary>
    public float EndFactor { get; }

    /// <summary>Such as "polynomial of power 2 to 0".</summary>
    public override string ToString() => FormattableString.Invariant($"polynomial of power {Power} to {EndFactor}");

    internal override double Factor(in ScheduleStep step)
    {
        var left = Math.Max(0, 1 - (double)step.Number / step.TotalSteps);
        return EndFactor + (1 - (double)EndFactor) * ToThePower(left);
    }

    private double ToThePower(double left)
    {
        if (left == 0 || Power == 1)
            return left;
        // float32 is enough, since the rate has no more digits.
        var logarithm = ElementaryFunctions.Log(new Scalar((float)left));
        return ElementaryFunctions.Exp(new Scalar(Power * logarithm.Value)).Value;
    }
}
