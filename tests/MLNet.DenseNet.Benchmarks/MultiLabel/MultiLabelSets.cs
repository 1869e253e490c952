using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Tables with several labels a row: made ones, the digits of examples/data two by two, and data of Debian's R packages.</summary>
internal static class MultiLabelSets
{
    public static IEnumerable<MultiLabelSet> Load()
    {
        yield return Rules();
        yield return Topics();
        yield return Pairs();
        foreach (var name in (string[])["films", "developers"])
        {
            if (FromR(name) is { } set)
                yield return set;
            else
                Console.Error.WriteLine($"The {name} are left out: they need R with Debian's r-cran-dslabs and r-cran-modeldata.");
        }
    }

    /// <summary>Six labels of ten normal features: sums, products, a wave and distances, the last one rare. They are drawn from logits that are known.</summary>
    private static MultiLabelSet Rules()
    {
        var random = new Random(1);
        float[][] features = [.. Enumerable.Range(0, 2000).Select(_ => Enumerable.Range(0, 10).Select(_ => (float)MadeSets.NextNormal(random)).ToArray())];
        float[][] truth = [.. features.Select(x => (float[])[4 * (x[0] + x[1]), 4 * x[0] * x[1], 4 * MathF.Sin(2 * x[2]), 4 * (MathF.Abs(x[3]) - 0.8f), 4 * (x[4] - x[5] * x[0]), 4 * (x[6] * x[6] + x[7] * x[7] - 5)])];
        return new MultiLabelSet("rules", features, [.. truth.Select(row => row.Select(logit => random.NextDouble() < 1 / (1 + Math.Exp(-logit))).ToArray())], truth);
    }

    /// <summary>Texts of 40 words on average, out of 100. Each of a text's topics, of which there are 12, has its own frequencies of words; each word is of one of them.</summary>
    private static MultiLabelSet Topics()
    {
        const int Words = 100;
        var random = new Random(2);
        double[][] topics = [.. Enumerable.Range(0, 12).Select(_ => Cumulative([.. Enumerable.Range(0, Words).Select(_ => Math.Exp(1.5 * MadeSets.NextNormal(random)))]))];
        var (features, labels) = (new float[3000][], new bool[3000][]);
        for (var row = 0; row < features.Length; row++)
        {
            int[] own = [.. Enumerable.Range(0, topics.Length)];
            random.Shuffle(own);
            own = own[..random.Next(1, 5)];
            features[row] = new float[Words];
            for (var left = random.Next(20, 61); left > 0; left--)
                features[row][Draw(topics[own[random.Next(own.Length)]], random)]++;
            labels[row] = [.. topics.Select((_, topic) => own.Contains(topic))];
        }

        return new MultiLabelSet("topics", features, labels);
    }

    /// <summary>Images of two digits side by side; the labels say which digits are there. No image is in two pairs, so that none is learned from and measured with.</summary>
    private static MultiLabelSet Pairs()
    {
        var digits = RealSets.Load().Single(set => set.Name == "digits");
        int[] order = [.. Enumerable.Range(0, digits.Rows)];
        new Random(3).Shuffle(order);
        int[][] pairs = [.. order.Chunk(2).Where(pair => pair.Length == 2)];
        return new MultiLabelSet(
            "pairs of digits", [.. pairs.Select(pair => pair.SelectMany(image => digits.Features[(image * digits.Inputs)..((image + 1) * digits.Inputs)]).ToArray())],
            [.. pairs.Select(pair => Enumerable.Range(0, 10).Select(digit => pair.Any(image => digits.Labels[image] == digit)).ToArray())]);
    }

    /// <returns>What peers/multilabel.R writes; null where it cannot be had.</returns>
    private static MultiLabelSet? FromR(string name)
    {
        if (RScript.TryRun("multilabel.R", name) is not { } lines)
            return null;
        var labels = int.Parse(lines[0], CultureInfo.InvariantCulture);
        float[][] rows = [.. lines.Skip(1).Select(line => line.Split(',').Select(text => float.Parse(text, CultureInfo.InvariantCulture)).ToArray())];
        return new MultiLabelSet(name, [.. rows.Select(row => row[labels..])], [.. rows.Select(row => row[..labels].Select(value => value == 1).ToArray())]);
    }

    private static double[] Cumulative(double[] weights)
    {
        for (var i = 1; i < weights.Length; i++)
            weights[i] += weights[i - 1];
        return weights;
    }

    private static int Draw(double[] cumulative, Random random)
    {
        var value = random.NextDouble() * cumulative[^1];
        return Array.FindIndex(cumulative, sum => value < sum);
    }
}
