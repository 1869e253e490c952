namespace MLNet.DenseNet.Engine.Tests;

/// <summary>
/// The one rule by which a float32 result agrees with a float64 reference. Each rounding moves a value by at most half a unit in the last place, and no
/// intermediate value is larger than the magnitude, so a result of n roundings may be off by
/// <code>n * ulp(magnitude) / 2</code>
/// where ulp(m) is the distance from m to the next larger float32, 2^-149 among the subnormal ones. The magnitude of a sum is the sum of its terms' absolute
/// values (Higham, "Accuracy and Stability of Numerical Algorithms", section 4.2, to first order), of a function its result's; an error documented as k ulp is 2 k
/// roundings. What is infinite, no number or beyond float32 in the reference must be so in the result.
/// </summary>
internal static class Tolerance
{
    /// <summary>How far a result may be off.</summary>
    public static double Of(int roundings, double magnitude)
    {
        var nearest = (float)Math.Abs(magnitude);
        return roundings * ((double)MathF.BitIncrement(nearest) - nearest) / 2;
    }

    /// <summary>Whether a result agrees with its reference.</summary>
    /// <param name="expected">The reference.</param>
    /// <param name="actual">The result; float64 where it is a sum of float32 results.</param>
    /// <param name="roundings">How often a value was rounded on the way to the result, and what its functions' documented errors count for.</param>
    /// <param name="magnitude">The largest absolute value that any of those can have had.</param>
    public static bool Agree(double expected, double actual, int roundings, double magnitude) =>
        float.IsFinite((float)expected) ? Math.Abs(actual - expected) <= Of(roundings, magnitude) : ((float)expected).Equals((float)actual);

    /// <inheritdoc cref="Agree"/>
    public static void Check(double expected, double actual, int roundings, double magnitude)
    {
        if (!Agree(expected, actual, roundings, magnitude))
            Assert.Fail($"{actual:R} instead of {expected:R}, off by {Math.Abs(actual - expected):G3}; {Of(roundings, magnitude):G3} is allowed.");
    }

    /// <summary>The same of a function's result, whose magnitude is its own.</summary>
    public static void Check(double expected, double actual, int roundings) => Check(expected, actual, roundings, expected);
}
