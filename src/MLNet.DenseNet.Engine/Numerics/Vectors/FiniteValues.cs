using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Tests for infinities and not-a-number.</summary>
internal static class FiniteValues
{
    /// <summary>The nearest finite float32; not-a-number stays itself.</summary>
    public static float Nearest(double value) => (float)Math.Clamp(value, float.MinValue, float.MaxValue);

    /// <summary>Whether a value is infinite.</summary>
    public static bool HasInfinity(ReadOnlySpan<float> values) => values.IndexOfAny(float.PositiveInfinity, float.NegativeInfinity) >= 0;

    /// <summary>Whether all values are finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool All(ReadOnlySpan<float> values)
    {
        // x - x is 0 for a finite x and not-a-number otherwise. A sum with not-a-number stays so.
        var sum = Vector<float>.Zero;
        var index = 0;
        for (; index <= values.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var x = new Vector<float>(values[index..]);
            sum += x - x;
        }

        var rest = 0f;
        for (; index < values.Length; index++)
            rest += values[index] - values[index];
        return Vector.Sum(sum) + rest == 0;
    }

    /// <summary>Whether no feature is missing: not-a-number.</summary>
    /// <param name="features">The features, of which none may be infinite.</param>
    /// <param name="name">The argument that they are, for the message.</param>
    /// <exception cref="ArgumentException">One is infinite.</exception>
    public static bool AreComplete(ReadOnlySpan<float> features, string name)
    {
        if (All(features))
            return true;
        if (HasInfinity(features))
            throw new ArgumentException("The features must be finite, or not-a-number where they are missing.", name);
        return false;
    }
}
