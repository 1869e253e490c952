namespace MLNet.DenseNet.Engine;

/// <summary>The targets that a loss means something for.</summary>
/// <param name="Lowest">The smallest; <see cref="float.Epsilon"/> where 0 is none of them.</param>
/// <param name="Highest">The largest.</param>
internal readonly record struct TargetRange(float Lowest, float Highest)
{
    /// <summary>0 and 1, and what is between them.</summary>
    public static TargetRange Probabilities { get; } = new(0, 1);

    public static TargetRange NotNegative { get; } = new(0, float.MaxValue);

    public static TargetRange Positive { get; } = new(float.Epsilon, float.MaxValue);

    public bool Includes(float target) => target >= Lowest && target <= Highest;

    /// <summary>Such as "from 0 to 1".</summary>
    public override string ToString() => Highest < float.MaxValue ? FormattableString.Invariant($"from {Lowest} to {Highest}") : Lowest > 0 ? "above 0" : "of at least 0";
}
