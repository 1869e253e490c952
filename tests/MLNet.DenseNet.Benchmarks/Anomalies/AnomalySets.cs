namespace MLNet.DenseNet.Benchmarks;

/// <summary>Tables with anomalies: the classes of the tables in examples/data, some of which count as normal, and made ones.</summary>
internal static class AnomalySets
{
    public static IEnumerable<AnomalySet> Load() => [.. OfClasses(), .. Made()];

    private static IEnumerable<AnomalySet> OfClasses()
    {
        var sets = RealSets.Load().ToDictionary(set => set.Name);
        yield return Of(sets["breast-cancer"], "breast-cancer: malignant among benign", label => label == 0);
        for (var label = 0; label < 3; label++)
        {
            var normal = label;
            yield return Of(sets["wine"], "wine: two cultivars among the third", other => other == normal);
        }

        for (var label = 0; label < 10; label++)
        {
            var left = label;
            yield return Of(sets["digits"], "digits: one among the nine others", other => other != left);
            yield return Of(sets["digits"], "digits: nine among one", other => other == left);
        }
    }

    /// <summary>Anomalies have the columns of normal rows, each from another row, so that no single column tells them; or they lie between clusters.</summary>
    private static IEnumerable<AnomalySet> Made()
    {
        var random = new Random(1);
        // A flat of 4 dimensions in 20, as principal components are for.
        var directions = Rows(4, 20, () => Normal(random));
        float[] Flat()
        {
            var place = Row(4, () => Normal(random));
            return Row(20, column => place.Select((value, i) => value * directions[i][column]).Sum() + 0.3f * Normal(random));
        }

        yield return Mixed("made: a flat of 4 dimensions in 20", Flat, random);

        // Curves over 2 numbers: nearly every column is uncorrelated with every other one.
        float[] Curved()
        {
            var (a, b) = (6 * random.NextSingle() - 3, 6 * random.NextSingle() - 3);
            return [.. new[] { a, b, MathF.Sin(a), MathF.Cos(2 * a), a * a / 4, MathF.Abs(b), MathF.Sin(2 * b), MathF.Cos(b), MathF.Sin(a + b), a * b / 4 }.Select(value => value + 0.1f * Normal(random))];
        }

        yield return Mixed("made: a surface of 2 dimensions in 10", Curved, random);
        yield return Mixed("made: the same, 5 % anomalies among the rows to learn from", Curved, random, 0.05);

        var centers = Rows(6, 8, () => 4 * Normal(random));
        float[] Around()
        {
            var center = centers[random.Next(6)];
            return Row(8, column => center[column] + Normal(random));
        }

        yield return new AnomalySet(
            "made: around 6 clusters in 8 dimensions", Rows(2000, Around), Rows(500, 8, () => 4 * Normal(random)));
    }

    private static AnomalySet Of(TabularSet set, string name, Func<float, bool> isNormal)
    {
        var rows = set.Features.Chunk(set.Inputs).ToArray();
        return new AnomalySet(name, [.. rows.Where((_, row) => isNormal(set.Labels[row]))], [.. rows.Where((_, row) => !isNormal(set.Labels[row]))]);
    }

    private static AnomalySet Mixed(string name, Func<float[]> normal, Random random, double contamination = 0)
    {
        var others = Rows(500, normal);
        return new AnomalySet(name, Rows(2000, normal), Rows(500, () => Row(others[0].Length, column => others[random.Next(500)][column])), contamination);
    }

    private static float[][] Rows(int count, Func<float[]> row) => [.. Enumerable.Range(0, count).Select(_ => row())];

    private static float[][] Rows(int count, int columns, Func<float> value) => Rows(count, () => Row(columns, value));

    private static float[] Row(int columns, Func<float> value) => Row(columns, _ => value());

    private static float[] Row(int columns, Func<int, float> value) => [.. Enumerable.Range(0, columns).Select(value)];

    /// <summary>Box and Muller (1958).</summary>
    private static float Normal(Random random) => MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
