namespace MLNet.DenseNet.Tests;

/// <summary>Made counts and skewed amounts, of rates that are known.</summary>
internal static class MadeAmounts
{
    public static AmountRow[] Rows(int count, int seed, Func<double, Random, double> amount)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (a, b, c) = (Uniform(), Uniform(), Uniform());
            var rate = Math.Exp(0.7 + 1.2 * a - 0.8 * b + Math.Sin(3 * c) / 2);
            return new AmountRow { Features = [a, b, c], Rate = rate, Label = (float)amount(rate, random) };
        })];

        float Uniform() => random.NextSingle() * 2 - 1;
    }

    /// <summary>How many exponential waiting times fit into 1; of many, the rounded normal distribution that comes near to it.</summary>
    public static double Poisson(double mean, Random random)
    {
        if (mean > 100)
            return Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
        var count = -1;
        for (var time = 0.0; time < mean; count++)
            time -= Math.Log(1 - random.NextDouble());
        return Math.Max(0, count);
    }

    /// <summary>The mean of four exponentially distributed amounts.</summary>
    public static double Gamma(double mean, Random random) => -mean * Enumerable.Range(0, 4).Sum(_ => Math.Log(1 - random.NextDouble())) / 4;

    /// <summary>As many exponentially distributed amounts as a Poisson distribution says, whose variance is the mean to the power 1.5, divided by 2.</summary>
    public static double Tweedie(double mean, Random random)
    {
        var root = Math.Sqrt(mean);
        return Enumerable.Range(0, (int)Poisson(4 * root, random)).Sum(_ => -root / 4 * Math.Log(1 - random.NextDouble()));
    }
}
