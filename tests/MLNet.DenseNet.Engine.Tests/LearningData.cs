namespace MLNet.DenseNet.Engine.Tests;

/// <summary>Small problems to learn.</summary>
internal static class LearningData
{
    public static Dataset Xor { get; } = Dataset.FromTargets(2, 1, new float[] { 0, 0, 0, 1, 1, 0, 1, 1 }, new float[] { 0, 1, 1, 0 });

    /// <summary>Two spirals that wind around each other.</summary>
    public static Dataset Spirals(int rows, int seed)
    {
        var noise = Samples.Numbers(2 * rows, seed);
        return Classes(2, rows, (row, label) =>
        {
            var t = (row / 2 + 1.0) / (rows / 2);
            var angle = 4.5 * t + Math.PI * label;
            return [t * Math.Cos(angle) + 0.03 * noise[2 * row], t * Math.Sin(angle) + 0.03 * noise[2 * row + 1]];
        });
    }

    /// <summary>Clouds of points around as many centres on a circle.</summary>
    public static Dataset Clouds(int classes, int rows, int seed)
    {
        var noise = Samples.Numbers(2 * rows, seed);
        return Classes(classes, rows, (row, label) =>
        {
            var angle = 2 * Math.PI * label / classes;
            return [Math.Cos(angle) + 0.4 * noise[2 * row], Math.Sin(angle) + 0.4 * noise[2 * row + 1]];
        });
    }

    /// <summary>Functions of one number from -1 to 1.</summary>
    public static Dataset Functions(int rows, params Func<double, double>[] functions)
    {
        var x = Enumerable.Range(0, rows).Select(i => 2.0 * i / (rows - 1) - 1).ToArray();
        return Dataset.FromTargets(
            1, functions.Length, x.Select(value => (float)value).ToArray(), x.SelectMany(value => functions.Select(f => (float)f(value))).ToArray());
    }

    private static Dataset Classes(int classes, int rows, Func<int, int, double[]> features) => Dataset.FromClasses(
        2, classes,
        Enumerable.Range(0, rows).SelectMany(row => features(row, row % classes)).Select(x => (float)x).ToArray(),
        Enumerable.Range(0, rows).Select(row => row % classes).ToArray());
}
