namespace Playground;

/// <summary>Points of a plane in two classes, 0 and 1.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Features">(points x 2): x and y, each from -1 to 1 or a little further.</param>
/// <param name="Labels">Their classes.</param>
internal sealed record PointSet(string Name, float[] Features, float[] Labels)
{
    public int Count => Labels.Length;

    /// <summary>Opposite corners of a square are of one class.</summary>
    public static PointSet Xor(int count, Random random) => Of("XOR", count, _ =>
    {
        var (x, y) = (Uniform(random), Uniform(random));
        return (x, y, x * y < 0);
    });

    /// <summary>A disc within a ring.</summary>
    public static PointSet Circle(int count, Random random) => Of("circle", count, isOne =>
    {
        var (radius, angle) = (isOne ? 0.5 * Math.Sqrt(random.NextDouble()) : 0.65 + 0.3 * random.NextDouble(), Math.PI * Uniform(random));
        return (radius * Math.Cos(angle), radius * Math.Sin(angle), isOne);
    });

    /// <summary>Two arms that wind around each other.</summary>
    public static PointSet Spiral(int count, Random random) => Of("spiral", count, isOne =>
    {
        var radius = 0.1 + 0.85 * random.NextDouble();
        var angle = 1.5 * Math.PI * radius * 2 + (isOne ? Math.PI : 0);
        return (radius * Math.Cos(angle) + 0.02 * Uniform(random), radius * Math.Sin(angle) + 0.02 * Uniform(random), isOne);
    });

    /// <summary>Two half circles that reach into each other.</summary>
    public static PointSet Moons(int count, Random random) => Of("moons", count, isOne =>
    {
        var angle = Math.PI * random.NextDouble();
        var (x, y) = isOne ? (1 - Math.Cos(angle), 0.5 - Math.Sin(angle)) : (Math.Cos(angle), Math.Sin(angle));
        return ((x - 0.5) / 1.6 + 0.08 * Uniform(random), (y - 0.25) / 1.6 + 0.08 * Uniform(random), isOne);
    });

    private static PointSet Of(string name, int count, Func<bool, (double X, double Y, bool IsOne)> draw)
    {
        var points = Enumerable.Range(0, count).Select(i => draw(i % 2 == 1)).ToArray();
        return new PointSet(name, [.. points.SelectMany(p => (float[])[(float)p.X, (float)p.Y])], [.. points.Select(p => p.IsOne ? 1f : 0f)]);
    }

    private static double Uniform(Random random) => 2 * random.NextDouble() - 1;
}
