namespace MLNet.DenseNet.Benchmarks;

/// <summary>Tables made by formulas, so that the best possible prediction is known; each asks for something that data in practice asks for too.</summary>
internal static class MadeSets
{
    private const double Tau = 2 * Math.PI;

    public static IEnumerable<TabularSet> Create() =>
    [
        // Friedman, "Multivariate adaptive regression splines" (1991): five of ten features matter, noise of standard deviation 1.
        Regression("friedman-300", 300, Uniform(10), Friedman, noise: 1),
        Regression("friedman-3000", 3000, Uniform(10), Friedman, noise: 1),
        // One value in a hundred of the first column is a thousand times too large.
        Regression("outliers", 600, WithOutliers, x => (Math.Abs(x[0]) > 50 ? 0 : 2 * x[0]) - x[1] + 0.5 * x[2], noise: 0.5),
        // Targets in the hundred thousands from features of very different sizes, in the way of house prices.
        Regression("prices", 1000, Rooms, x => 60_000 + 1_500 * x[0] * (1 + 0.3 * Math.Sin(Tau * x[2])) + 9_000 * x[1], noise: 15_000),
        // Two columns of 300 matter, both along a curve.
        Regression("many-columns", 2000, Normal(300), x => Math.Sin(3 * x[0]) + x[1] * x[1], noise: 0.3),
        // Nothing but a line: what a network must not spoil.
        Binary("linear", 400, Normal(20), x => Sigmoid(2 * x[0] - 1.5 * x[1] + x[2])),
        // The class is in no single feature; eight more are noise. One label in twenty is wrong.
        Binary("xor", 600, Normal(10), x => x[0] * x[1] > 0 ? 0.95 : 0.05),
        Spirals(600),
        // Classes of 90, 8 and 2 % of the rows.
        Multiclass("rare", 2000, Normal(8), x => Softmax(3.2, 1.5 * x[0] * x[0] - 0.8, x[1] + 2 * x[2] - 2)),
        // Ten classes, each around three centres.
        Clusters("clusters", rows: 5000, inputs: 16, classes: 10, centres: 30),
    ];

    private static TabularSet Regression(string name, int rows, Func<Random, double[]> draw, Func<double[], double> function, double noise)
    {
        var random = new Random(1);
        var features = Draw(random, rows, draw);
        double[] truth = [.. features.Select(function)];
        return new TabularSet(name, TabularTask.Regression, features[0].Length, Flatten(features), [.. truth.Select(y => (float)(y + noise * NextNormal(random)))], truth);
    }

    private static TabularSet Binary(string name, int rows, Func<Random, double[]> draw, Func<double[], double> probability) =>
        Classes(name, TabularTask.Binary, rows, draw, x => probability(x) is var p ? [1 - p, p] : []);

    private static TabularSet Multiclass(string name, int rows, Func<Random, double[]> draw, Func<double[], double[]> probabilities) =>
        Classes(name, TabularTask.Multiclass, rows, draw, probabilities);

    private static TabularSet Classes(string name, TabularTask task, int rows, Func<Random, double[]> draw, Func<double[], double[]> probabilities)
    {
        var random = new Random(1);
        var features = Draw(random, rows, draw);
        var truth = features.Select(probabilities).ToArray();
        return new TabularSet(name, task, features[0].Length, Flatten(features), [.. truth.Select(p => (float)Sample(random, p))], [.. truth.SelectMany(p => p)]);
    }

    /// <summary>Lang and Witbrock, "Learning to tell two spirals apart" (1988), with one label in twenty wrong and the whole far from zero.</summary>
    private static TabularSet Spirals(int rows)
    {
        var arms = new Random(2);
        // The third value says the arm and is no feature.
        var set = Binary("spirals", rows, Point, x => x[2] > 0 ? 0.95 : 0.05);
        return set with { Inputs = 2, Features = [.. set.Features.Where((_, i) => i % 3 != 2)] };

        double[] Point(Random random)
        {
            var (turn, arm) = (random.NextDouble(), arms.Next(2));
            var angle = 1.5 * Tau * Math.Sqrt(turn) + arm * Math.PI;
            return [100 + 10 * Math.Sqrt(turn) * Math.Cos(angle), 50 + 10 * Math.Sqrt(turn) * Math.Sin(angle), arm];
        }
    }

    /// <summary>Normal clouds around centres that belong to the classes in turn.</summary>
    private static TabularSet Clusters(string name, int rows, int inputs, int classes, int centres)
    {
        var random = new Random(2);
        var means = Draw(random, centres, r => [.. Normal(inputs)(r).Select(x => 1.6 * x)]);
        return Multiclass(name, rows, r => [.. means[r.Next(centres)].Select(mean => mean + NextNormal(r))], Probabilities);

        double[] Probabilities(double[] x)
        {
            var densities = means.Select(mean => Math.Exp(-mean.Zip(x, (m, v) => (v - m) * (v - m)).Sum() / 2)).ToArray();
            return [.. Enumerable.Range(0, classes).Select(c => densities.Where((_, i) => i % classes == c).Sum() / densities.Sum())];
        }
    }

    private static double Friedman(double[] x) => 10 * Math.Sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4];

    private static double[] WithOutliers(Random random)
    {
        var x = Normal(5)(random);
        if (random.Next(100) == 0)
            x[0] = 1000 * (x[0] < 0 ? x[0] - 1 : x[0] + 1);
        return x;
    }

    private static double[] Rooms(Random random) => [30 + 220 * random.NextDouble(), random.Next(1, 8), random.NextDouble(), 1900 + random.Next(120), 1e6 * random.NextDouble()];

    private static Func<Random, double[]> Uniform(int inputs) => random => [.. Enumerable.Range(0, inputs).Select(_ => random.NextDouble())];

    private static Func<Random, double[]> Normal(int inputs) => random => [.. Enumerable.Range(0, inputs).Select(_ => NextNormal(random))];

    private static double[][] Draw(Random random, int rows, Func<Random, double[]> draw) => [.. Enumerable.Range(0, rows).Select(_ => draw(random))];

    private static float[] Flatten(double[][] rows) => [.. rows.SelectMany(row => row).Select(x => (float)x)];

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double[] Softmax(params double[] logits)
    {
        var powers = logits.Select(Math.Exp).ToArray();
        return [.. powers.Select(p => p / powers.Sum())];
    }

    private static int Sample(Random random, double[] probabilities)
    {
        var (left, chosen) = (random.NextDouble(), 0);
        while (chosen < probabilities.Length - 1 && (left -= probabilities[chosen]) >= 0)
            chosen++;
        return chosen;
    }

    /// <summary>Box and Muller (1958).</summary>
    public static double NextNormal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Tau * random.NextDouble());
}
