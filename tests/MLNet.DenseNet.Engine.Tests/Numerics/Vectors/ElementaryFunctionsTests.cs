using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class ElementaryFunctionsTests
{
    // Steps of a prime number of bit patterns: about a million floats over a function's whole range.
    private const int Step = 2039;

    public static TheoryData<string> Functions => [.. Cases.Keys];

    private static Dictionary<string, (Func<float, float> Ours, Func<double, double> Exact, float From, float To, double Ulps)> Cases { get; } = new()
    {
        ["Exp"] = (x => ElementaryFunctions.Exp(new Scalar(x)).Value, Math.Exp, -87, 88.7f, 2),
        ["Log"] = (x => ElementaryFunctions.Log(new Scalar(x)).Value, Math.Log, 1.2e-38f, float.MaxValue, 2),
        ["Log1P"] = (x => ElementaryFunctions.Log1P(new Scalar(x)).Value, ExactLog1P, 0, 1e38f, 3),
        ["Sigmoid"] = (x => ElementaryFunctions.Sigmoid(new Scalar(x)).Value, x => 1 / (1 + Math.Exp(-x)), -87, 100, 3),
        ["Tanh"] = (x => ElementaryFunctions.Tanh(new Scalar(x)).Value, Math.Tanh, -20, 20, 3),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Error_stays_within_the_documented_units_in_the_last_place(string name)
    {
        var (ours, exact, from, to, allowed) = Cases[name];
        var worst = Floats(from, to).Select(x => (X: x, Ulps: Ulps(ours(x), exact(x)))).MaxBy(p => p.Ulps);
        Assert.True(worst.Ulps <= allowed, $"{name}({worst.X:R}) is off by {worst.Ulps} ulp");
    }

    [Fact]
    public void Normal_distribution_is_within_its_absolute_error()
    {
        // The reference integrates the density with Simpson's rule.
        for (var x = -6.0; x <= 6; x += 0.01)
        {
            const int Panels = 400;
            var h = x / Panels;
            double sum = 0;
            for (var i = 0; i < Panels; i++)
                sum += h / 6 * (Density(i * h) + 4 * Density((i + 0.5) * h) + Density((i + 1) * h));
            Tolerance.Check(0.5 + sum, ElementaryFunctions.NormalDistribution(new Scalar((float)x)).Value, roundings: 4, magnitude: 1);
            Tolerance.Check(Density(x), ElementaryFunctions.NormalDensity(new Scalar((float)x)).Value, roundings: 6, magnitude: 0.4);
        }

        static double Density(double t) => Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI);
    }

    [Fact]
    public void Sine_and_cosine_are_within_their_absolute_error()
    {
        for (var i = -(1 << 20); i <= 1 << 20; i++)
        {
            var x = i / (float)(1 << 20);
            var (sine, cosine) = ElementaryFunctions.SineAndCosine(new Scalar(x));
            var (exactSine, exactCosine) = Math.SinCos(Math.PI * x);
            Assert.True(Math.Abs(sine.Value - exactSine) <= 1e-6 && Math.Abs(cosine.Value - exactCosine) <= 1e-6, $"{x:R}: {sine.Value:R}, {cosine.Value:R}");
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.MinValue, 0)]
    [InlineData(-104.5f, 0)]
    [InlineData(0, 1)]
    [InlineData(89, float.PositiveInfinity)]
    [InlineData(float.MaxValue, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_at_the_ends_of_its_range(float x, float expected) => Assert.Equal(expected, ElementaryFunctions.Exp(new Scalar(x)).Value);

    [Theory]
    [InlineData(float.MinValue, 0)]
    [InlineData(0, 0.5f)]
    [InlineData(float.MaxValue, 1)]
    public void Sigmoid_at_the_ends_of_its_range(float x, float expected) => Assert.Equal(expected, ElementaryFunctions.Sigmoid(new Scalar(x)).Value);

    [Theory]
    [InlineData(float.MinValue, -1)]
    [InlineData(0, 0)]
    [InlineData(1e-30f, 1e-30f)]
    [InlineData(float.MaxValue, 1)]
    public void Tanh_at_the_ends_of_its_range(float x, float expected) => Assert.Equal(expected, ElementaryFunctions.Tanh(new Scalar(x)).Value);

    [Fact]
    public unsafe void Every_width_gives_the_same_bits()
    {
        var x = Floats(-110, 110).Where((_, i) => i % 16 == 0).ToArray();
        x = x[..(x.Length / 16 * 16)];
        Check<Simd64>();
        Check<Simd128>();
        Check<Simd256>();
        Check<Simd512>();

        void Check<TV>() where TV : struct, ISimd<TV>
        {
            var result = stackalloc float[16];
            fixed (float* source = x)
            {
                for (var i = 0; i < x.Length; i += TV.Count)
                {
                    var v = TV.Load(source + i);
                    CheckLanes(ElementaryFunctions.Exp(v), i, s => ElementaryFunctions.Exp(s), result);
                    CheckLanes(ElementaryFunctions.Sigmoid(v), i, s => ElementaryFunctions.Sigmoid(s), result);
                    CheckLanes(ElementaryFunctions.Tanh(v), i, s => ElementaryFunctions.Tanh(s), result);
                    CheckLanes(ElementaryFunctions.NormalDistribution(v), i, s => ElementaryFunctions.NormalDistribution(s), result);
                    CheckLanes(ElementaryFunctions.Log1P(TV.Abs(v)), i, s => ElementaryFunctions.Log1P(Scalar.Abs(s)), result);
                }
            }

            void CheckLanes(TV lanes, int start, Func<Scalar, Scalar> scalar, float* buffer)
            {
                lanes.Store(buffer);
                for (var j = 0; j < TV.Count; j++)
                    Assert.Equal(BitConverter.SingleToUInt32Bits(scalar(new Scalar(x[start + j])).Value), BitConverter.SingleToUInt32Bits(buffer[j]));
            }
        }
    }

    private static double ExactLog1P(double x) => x < 1e-5 ? x - x * x / 2 + x * x * x / 3 : Math.Log(1 + x);

    private static IEnumerable<float> Floats(float from, float to)
    {
        for (var bits = 0u; bits < 0x7F800000; bits += Step)
        {
            var x = BitConverter.UInt32BitsToSingle(bits);
            if (x >= from && x <= to)
                yield return x;
            if (-x >= from && -x <= to)
                yield return -x;
        }
    }

    private static double Ulps(float actual, double exact) => Math.Abs(actual - exact) / Tolerance.Of(roundings: 2, exact);
}
