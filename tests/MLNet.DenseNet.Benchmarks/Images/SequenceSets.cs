namespace MLNet.DenseNet.Benchmarks;

/// <summary>Made sequences whose class depends on a shape that may be anywhere in them, or on what several steps do together.</summary>
internal static class SequenceSets
{
    private const int Test = 1000;

    public static IEnumerable<ShapedSet> All()
    {
        yield return Create("cylinder-bell-funnel", steps: 128, channels: 1, classes: 3, training: 240, CylinderBellFunnel);
        yield return Create("control-charts", steps: 60, channels: 1, classes: 6, training: 240, ControlChart);
        yield return Create("motif", steps: 40, channels: 4, classes: 2, training: 2400, Motif);
        yield return Create("stretch", steps: 40, channels: 2, classes: 3, training: 3200, Stretch);
        yield return Create("rhythm", steps: 60, channels: 1, classes: 4, training: 1000, Rhythm);
    }

    /// <summary>A plateau, a rise or a fall of any place and length under noise (Saito, "Local feature extraction and its applications using a library of bases", 1994).</summary>
    private static void CylinderBellFunnel(Random random, int kind, Span<float> values)
    {
        var (from, length, height) = (random.Next(16, 33), random.Next(32, 97), 6 + Normal(random));
        for (var step = 0; step < values.Length; step++)
        {
            var share = (step - from) / (float)length;
            values[step] = Normal(random) + (share is >= 0 and <= 1 ? height * (kind == 0 ? 1 : kind == 1 ? share : 1 - share) : 0);
        }
    }

    /// <summary>Chance, a cycle, a trend up or down, or a shift up or down (Alcock and Manolopoulos, "Time-series similarity queries employing a feature-based approach", 1999).</summary>
    private static void ControlChart(Random random, int kind, Span<float> values)
    {
        var (amplitude, period, slope, at, shift) = (Between(10, 15), Between(10, 15), Between(0.2f, 0.5f), Between(20, 40), Between(7.5f, 20));
        for (var step = 0; step < values.Length; step++)
        {
            values[step] = 30 + Between(-6, 6) + kind switch
            {
                0 => 0,
                1 => amplitude * MathF.Sin(MathF.Tau * step / period),
                2 or 3 => (kind == 2 ? 1 : -1) * slope * step,
                _ => step >= at ? (kind == 4 ? 1 : -1) * shift : 0,
            };
        }

        float Between(float low, float high) => low + (high - low) * random.NextSingle();
    }

    /// <summary>Letters, one-hot, among which one class has six that belong together, one of them any.</summary>
    private static void Motif(Random random, int kind, Span<float> values)
    {
        const int Letters = 4;
        int[] letters = [.. Enumerable.Range(0, values.Length / Letters).Select(_ => random.Next(Letters))];
        var any = random.Next(Letters);
        if (kind == 1)
            ((int[])[0, 2, any, 1, 1, 3]).CopyTo(letters, random.Next(letters.Length - 6));
        values.Clear();
        for (var step = 0; step < letters.Length; step++)
            values[step * Letters + letters[step]] = 1;
    }

    /// <summary>A wave and a trend, of which one class has a higher stretch in the first, one a higher end in the second.</summary>
    private static void Stretch(Random random, int kind, Span<float> values)
    {
        var (phase, level, at) = (6 * random.NextSingle(), 0.5f * Normal(random), random.Next(5, 30));
        for (var step = 0; step < values.Length / 2; step++)
        {
            values[2 * step] = level + MathF.Sin(step / 4f + phase) + 0.3f * Normal(random) + (kind == 1 && step >= at && step < at + 8 ? 0.9f : 0);
            values[2 * step + 1] = 0.02f * step + 0.4f * Normal(random) + (kind == 2 && step > 30 ? 0.5f : 0);
        }
    }

    /// <summary>How much a value has of the one before it: -0.6, -0.1, 0.4 or 0.9 of it.</summary>
    private static void Rhythm(Random random, int kind, Span<float> values)
    {
        var (share, level, value) = (-0.6f + 0.5f * kind, Normal(random), Normal(random));
        foreach (ref var step in values)
        {
            value = share * value + MathF.Sqrt(1 - share * share) * Normal(random);
            step = level + value;
        }
    }

    private static ShapedSet Create(string name, int steps, int channels, int classes, int training, SequenceMaker make)
    {
        var length = steps * channels;
        int[] labels = [.. Enumerable.Range(0, training + Test).Select(row => row % classes)];
        var values = new float[labels.Length * length];
        for (var row = 0; row < labels.Length; row++)
            make(new Random(row), labels[row], values.AsSpan(row * length, length));
        return new ShapedSet(name, [steps, channels], classes, training, values, labels);
    }

    private static float Normal(Random random) => (float)MadeSets.NextNormal(random);

    private delegate void SequenceMaker(Random random, int kind, Span<float> values);
}
