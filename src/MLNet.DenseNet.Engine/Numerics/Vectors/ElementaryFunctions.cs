using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Elementary functions as polynomials of correctly rounded operations. They give the same bits on every machine, which the platform's C library does not.
/// The tests of this class check the errors named here over a million floats each. Cephes is Moshier's "Cephes Mathematical Library".
/// </summary>
internal static class ElementaryFunctions
{
    private const float Log2E = 1.44269504f;

    // ln 2 as a sum of two floats. The first has few enough bits that its product with a whole exponent is exact (Cody and Waite, "Software manual for the elementary functions", 1980).
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x, within 2 units in the last place; 0 below -104, infinity above 88.73. Coefficients: Cephes expf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Exp<TV>(TV x) where TV : struct, ISimd<TV>
    {
        x = Clamp(x, -104f, 89f);
        var n = NearestWhole.Of(x * TV.Broadcast(Log2E));
        var r = TV.FusedMultiplyAdd(n, TV.Broadcast(-Ln2High), x);
        r = TV.FusedMultiplyAdd(n, TV.Broadcast(-Ln2Low), r);

        var p = TV.Broadcast(1.9875691500e-4f);
        p = TV.FusedMultiplyAdd(p, r, TV.Broadcast(1.3981999507e-3f));
        p = TV.FusedMultiplyAdd(p, r, TV.Broadcast(8.3334519073e-3f));
        p = TV.FusedMultiplyAdd(p, r, TV.Broadcast(4.1665795894e-2f));
        p = TV.FusedMultiplyAdd(p, r, TV.Broadcast(1.6666665459e-1f));
        p = TV.FusedMultiplyAdd(p, r, TV.Broadcast(5.0000001201e-1f));
        p = TV.FusedMultiplyAdd(p * r, r, r) + TV.Broadcast(1f);

        return TV.Scale(p, n);
    }

    /// <summary>The natural logarithm of a positive normal number, within 2 units in the last place. Coefficients: Cephes logf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Log<TV>(TV x) where TV : struct, ISimd<TV>
    {
        var one = TV.Broadcast(1f);
        var exponent = TV.Exponent(x);
        var m = TV.Significand(x);
        var large = TV.LessThan(TV.Broadcast(1.41421356f), m);
        m = TV.Select(large, m * TV.Broadcast(0.5f), m) - one;
        exponent = TV.Select(large, exponent + one, exponent);

        var p = TV.Broadcast(7.0376836292e-2f);
        p = TV.FusedMultiplyAdd(p, m, TV.Broadcast(-1.1514610310e-1f));
        p = TV.FusedMultiplyAdd(p, m, TV.Broadcast(1.1676998740e-1f));
        p = TV.FusedMultiplyAdd(p, m, TV.Broadcast(-1.2420140846e-1f));
        p = TV.FusedMultiplyAdd(p, m, TV.Broadcast(1.4249322787e-1f));
        p = TV.FusedMultiplyAdd(p, m, TV.Broadcast(-1.6668057665e-1f));
        p = TV.FusedMultiplyAdd(p, m, TV.Broadcast(2.0000714765e-1f));
        p = TV.FusedMultiplyAdd(p, m, TV.Broadcast(-2.4999993993e-1f));
        p = TV.FusedMultiplyAdd(p, m, TV.Broadcast(3.3333331174e-1f));
        var square = m * m;
        p = p * m * square;
        p = TV.FusedMultiplyAdd(exponent, TV.Broadcast(Ln2Low), p);
        p = TV.FusedMultiplyAdd(square, TV.Broadcast(-0.5f), p);
        return TV.FusedMultiplyAdd(exponent, TV.Broadcast(Ln2High), m + p);
    }

    /// <summary>ln(1 + x) for x in [0, 10^38], within 3 units in the last place, small x included (Kahan's correction of the rounded sum).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Log1P<TV>(TV x) where TV : struct, ISimd<TV>
    {
        var one = TV.Broadcast(1f);
        var sum = one + x;
        var corrected = Log(sum) * (x / (sum - one));
        return TV.Select(TV.LessThan(one, sum), corrected, x);
    }

    /// <summary>1 / (1 + e^-x), within 3 units in the last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Sigmoid<TV>(TV x) where TV : struct, ISimd<TV>
    {
        var one = TV.Broadcast(1f);
        return one / (one + Exp(TV.Broadcast(0f) - x));
    }

    /// <summary>The hyperbolic tangent, within 3 units in the last place. Coefficients near zero: Cephes tanhf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Tanh<TV>(TV x) where TV : struct, ISimd<TV>
    {
        var one = TV.Broadcast(1f);
        var magnitude = TV.Abs(x);
        var square = x * x;
        var p = TV.Broadcast(-5.70498872745e-3f);
        p = TV.FusedMultiplyAdd(p, square, TV.Broadcast(2.06390887954e-2f));
        p = TV.FusedMultiplyAdd(p, square, TV.Broadcast(-5.37397155531e-2f));
        p = TV.FusedMultiplyAdd(p, square, TV.Broadcast(1.33314422036e-1f));
        p = TV.FusedMultiplyAdd(p, square, TV.Broadcast(-3.33332819422e-1f));
        var near = TV.FusedMultiplyAdd(p * square, x, x);

        var far = one - TV.Broadcast(2f) / (Exp(magnitude + magnitude) + one);
        far = TV.Select(TV.LessThan(x, TV.Broadcast(0f)), TV.Broadcast(0f) - far, far);
        return TV.Select(TV.LessThan(magnitude, TV.Broadcast(0.625f)), near, far);
    }

    /// <summary>The standard normal distribution function, within 1.5e-7. Formula: Abramowitz and Stegun, "Handbook of mathematical functions", 7.1.26.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV NormalDistribution<TV>(TV x) where TV : struct, ISimd<TV>
    {
        var one = TV.Broadcast(1f);
        var z = TV.Abs(x) * TV.Broadcast(0.707106781f);
        var t = one / TV.FusedMultiplyAdd(z, TV.Broadcast(0.3275911f), one);
        var p = TV.Broadcast(1.061405429f);
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(-1.453152027f));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(1.421413741f));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(-0.284496736f));
        p = TV.FusedMultiplyAdd(p, t, TV.Broadcast(0.254829592f));
        var upperTail = TV.Broadcast(0.5f) * p * t * Exp(TV.Broadcast(0f) - z * z);
        return TV.Select(TV.LessThan(x, TV.Broadcast(0f)), upperTail, one - upperTail);
    }

    /// <summary>The standard normal density, e^(-x²/2) / sqrt(2 pi).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV NormalDensity<TV>(TV x) where TV : struct, ISimd<TV> =>
        TV.Broadcast(0.398942280f) * Exp(TV.Broadcast(-0.5f) * x * x);

    /// <summary>
    /// The quantile of the standard normal distribution at (1 + x) / 2, for x in (-1, 1): sqrt(2) erf^-1(x), with a relative error of at most 4e-7. Coefficients: Giles,
    /// "Approximating the erfinv function" (2010), single precision.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV NormalQuantile<TV>(TV x) where TV : struct, ISimd<TV>
    {
        var one = TV.Broadcast(1f);
        var w = TV.Broadcast(0f) - Log((one - x) * (one + x));

        var t = w - TV.Broadcast(2.5f);
        var near = TV.Broadcast(2.81022636e-8f);
        near = TV.FusedMultiplyAdd(near, t, TV.Broadcast(3.43273939e-7f));
        near = TV.FusedMultiplyAdd(near, t, TV.Broadcast(-3.5233877e-6f));
        near = TV.FusedMultiplyAdd(near, t, TV.Broadcast(-4.39150654e-6f));
        near = TV.FusedMultiplyAdd(near, t, TV.Broadcast(2.1858087e-4f));
        near = TV.FusedMultiplyAdd(near, t, TV.Broadcast(-1.25372503e-3f));
        near = TV.FusedMultiplyAdd(near, t, TV.Broadcast(-4.17768164e-3f));
        near = TV.FusedMultiplyAdd(near, t, TV.Broadcast(2.46640727e-1f));
        near = TV.FusedMultiplyAdd(near, t, TV.Broadcast(1.50140941f));

        t = TV.Sqrt(w) - TV.Broadcast(3f);
        var far = TV.Broadcast(-2.00214257e-4f);
        far = TV.FusedMultiplyAdd(far, t, TV.Broadcast(1.00950558e-4f));
        far = TV.FusedMultiplyAdd(far, t, TV.Broadcast(1.34934322e-3f));
        far = TV.FusedMultiplyAdd(far, t, TV.Broadcast(-3.67342844e-3f));
        far = TV.FusedMultiplyAdd(far, t, TV.Broadcast(5.73950773e-3f));
        far = TV.FusedMultiplyAdd(far, t, TV.Broadcast(-7.6224613e-3f));
        far = TV.FusedMultiplyAdd(far, t, TV.Broadcast(9.43887047e-3f));
        far = TV.FusedMultiplyAdd(far, t, TV.Broadcast(1.00167406f));
        far = TV.FusedMultiplyAdd(far, t, TV.Broadcast(2.83297682f));

        return TV.Select(TV.LessThan(w, TV.Broadcast(5f)), near, far) * x * TV.Broadcast(1.41421356f);
    }

    /// <summary>
    /// sin(pi x) and cos(pi x) for x in [-1, 1], within 1e-6. The angle is quartered and the result doubled twice. Coefficients: Cephes sinf and cosf.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TV Sine, TV Cosine) SineAndCosine<TV>(TV x) where TV : struct, ISimd<TV>
    {
        var (one, two) = (TV.Broadcast(1f), TV.Broadcast(2f));
        var quarter = x * TV.Broadcast(MathF.PI / 4);
        var square = quarter * quarter;
        var sine = TV.Broadcast(-1.9515295891e-4f);
        sine = TV.FusedMultiplyAdd(sine, square, TV.Broadcast(8.3321608736e-3f));
        sine = TV.FusedMultiplyAdd(sine, square, TV.Broadcast(-1.6666654611e-1f));
        sine = TV.FusedMultiplyAdd(sine * square, quarter, quarter);
        var cosine = TV.Broadcast(2.443315711809948e-5f);
        cosine = TV.FusedMultiplyAdd(cosine, square, TV.Broadcast(-1.388731625493765e-3f));
        cosine = TV.FusedMultiplyAdd(cosine, square, TV.Broadcast(4.166664568298827e-2f));
        cosine = TV.FusedMultiplyAdd(cosine, square, TV.Broadcast(-0.5f));
        cosine = TV.FusedMultiplyAdd(cosine, square, one);

        // Twice: sin 2a = 2 sin a cos a, cos 2a = 1 - 2 sin² a.
        (sine, cosine) = (two * sine * cosine, one - two * sine * sine);
        return (two * sine * cosine, one - two * sine * sine);
    }

    /// <summary>Limits x to [low, high]; not-a-number stays itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TV Clamp<TV>(TV x, float low, float high) where TV : struct, ISimd<TV> => TV.Min(TV.Broadcast(high), TV.Max(TV.Broadcast(low), x));
}
