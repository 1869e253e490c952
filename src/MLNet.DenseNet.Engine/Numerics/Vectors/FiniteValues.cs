using System.Numerics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Looks for infinities and not-a-numbers.</summary>
internal static class FiniteValues
{
    /// <summary>The nearest finite float32; not a number where there is none.</summary>
    public static float Nearest(double value) => (float)Math.Clamp(value, float.MinValue, float.MaxValue);

    /// <summary>Whether all values are finite.</summary>
    public static bool All(ReadOnlySpan<float> values)
    {
        // x - x is 0 for a finite x and not-a-number otherwise, which no later addition takes back.
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
}
