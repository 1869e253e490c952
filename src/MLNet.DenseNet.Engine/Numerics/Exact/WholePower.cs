using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Powers with whole exponents, by repeated squaring. They have the same bits on every machine, which the platform's pow does not promise.</summary>
internal static class WholePower
{
    /// <param name="value">The base.</param>
    /// <param name="exponent">At least 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(double value, long exponent)
    {
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1, value *= value)
        {
            if ((exponent & 1) != 0)
                result *= value;
        }

        return result;
    }
}
