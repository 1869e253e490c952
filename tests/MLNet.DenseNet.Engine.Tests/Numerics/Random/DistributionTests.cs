using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>Random numbers have the distribution they are said to have.</summary>
public class DistributionTests
{
    private const int Draws = 100_000;

    [Fact]
    public void Normal_quantiles_lead_back_through_the_distribution()
    {
        for (var x = -(1 << 24) + 1; x < 1 << 24; x += 997)
        {
            var (probability, quantile) = ((1 + x / (double)(1 << 24)) / 2, ElementaryFunctions.NormalQuantile(new Scalar(x / (float)(1 << 24))).Value);
            // An error of the quantile changes the distribution by as much times the density.
            var density = Math.Exp(-(double)quantile * quantile / 2) / Math.Sqrt(2 * Math.PI);
            Assert.Equal(probability, Distribution(quantile), 4e-7 * Math.Abs(quantile) * density + 1e-12);
        }

        // Far out the tail is looked at by itself, by its continued fraction.
        static double Distribution(double x)
        {
            if (Math.Abs(x) < 3)
            {
                var (sum, term) = (x, x);
                for (var n = 1; n < 200; n++)
                    sum += term *= x * x / (2 * n + 1);
                return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
            }

            var fraction = 0.0;
            for (var n = 200; n > 0; n--)
                fraction = n / (Math.Abs(x) + fraction);
            var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) / (Math.Abs(x) + fraction);
            return x < 0 ? tail : 1 - tail;
        }
    }

    [Fact]
    public unsafe void Noise_is_normal()
    {
        var (values, deviations) = (new float[Draws], Enumerable.Repeat(2f, Draws).ToArray());
        fixed (float* first = values, second = deviations)
            NormalNoise.Add(first, second, Draws, new RandomBits(1, 2), position: 3);
        CheckDistribution([.. values.Select(x => (double)ElementaryFunctions.NormalDistribution(new Scalar(x / 2)).Value)]);
        // The partner that shares its word with a value lies 16 behind.
        foreach (var distance in (int[])[1, 16])
        {
            var pairs = Enumerable.Range(distance, Draws - distance).Select(i => (X: values[i] / 2.0, Y: values[i - distance] / 2.0)).ToArray();
            // Five of their standard errors: a product of independent ones has variance 1, that of their squares less 1 has 4.
            Assert.InRange(pairs.Average(p => p.X * p.Y), -5 / Math.Sqrt(Draws), 5 / Math.Sqrt(Draws));
            Assert.InRange(pairs.Average(p => (p.X * p.X - 1) * (p.Y * p.Y - 1)), -10 / Math.Sqrt(Draws), 10 / Math.Sqrt(Draws));
        }
    }

    [Fact]
    public unsafe void Noise_of_a_part_is_the_part_of_the_noise()
    {
        var (whole, ones) = (new float[700], Enumerable.Repeat(1f, 700).ToArray());
        fixed (float* deviations = ones)
        {
            fixed (float* values = whole)
                NormalNoise.Add(values, deviations, 700, new RandomBits(1, 2), position: 3);
            foreach (var length in (int[])[0, 1, 3, 17, 255, 256, 257, 699])
            {
                var part = new float[700];
                fixed (float* values = part)
                    NormalNoise.Add(values, deviations, length, new RandomBits(1, 2), position: 3);
                Assert.Equal(whole.Take(length), part.Take(length));
                Assert.All(part.Skip(length), x => Assert.Equal(0, x));
            }
        }
    }

    [Fact]
    public void Beta_of_1_is_uniform() => CheckDistribution(Shares(1));

    [Fact]
    public void Beta_of_a_half_is_the_arcsine_distribution() =>
        CheckDistribution([.. Shares(0.5f).Select(x => 2 / Math.PI * Math.Asin(Math.Sqrt(x)))]);

    [Fact]
    public void Beta_of_2_has_its_cubic_distribution() => CheckDistribution([.. Shares(2).Select(x => x * x * (3 - 2 * x))]);

    [Theory]
    [InlineData(0.05f)]
    [InlineData(0.2f)]
    [InlineData(30)]
    public void Beta_has_its_mean_and_variance(float alpha)
    {
        var shares = Shares(alpha);
        var variance = 1 / (4 * (2 * alpha + 1));
        Assert.Equal(0.5, shares.Average(), 5 * Math.Sqrt(variance / Draws));
        Assert.Equal(variance, shares.Average(x => (x - 0.5) * (x - 0.5)), 0.02 * variance);
        Assert.All(shares, x => Assert.InRange(x, 0, 1));
    }

    /// <summary>Logarithms of what is drawn are beyond float32 then.</summary>
    [Theory]
    [InlineData(1e-20f)]
    [InlineData(1e-38f)]
    [InlineData(float.Epsilon)]
    public void Beta_of_almost_0_is_0_or_1_as_often(float alpha)
    {
        var shares = Shares(alpha);
        Assert.All(shares, x => Assert.True(x is 0 or 1));
        Assert.Equal(0.5, shares.Average(), 2.5 / Math.Sqrt(Draws));
    }

    /// <summary>Kolmogorov's distance between the values' distribution and the uniform one; a larger one than this has a probability of 10^-5.</summary>
    private static void CheckDistribution(double[] uniform)
    {
        var distance = uniform.Order().Select((x, i) => Math.Max(x - i / (double)Draws, (i + 1) / (double)Draws - x)).Max();
        Assert.InRange(distance, 0, 2.5 / Math.Sqrt(Draws));
    }

    private static double[] Shares(float alpha) => [.. Enumerable.Range(0, Draws).Select(i => (double)BetaDistribution.Draw(alpha, new RandomBits(7, 8), (ulong)i << 32))];
}
