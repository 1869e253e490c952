namespace MLNet.DenseNet.Engine.Tests.Augmentations;

public class TableAugmentationTests
{
    private const int Rows = 2000;

    public static TheoryData<string, Func<TableAugmentation>> Wrong => new()
    {
        { "noise", () => new(noise: -0.1f) },
        { "noise", () => new(noise: float.PositiveInfinity) },
        { "mixup", () => new(mixup: -0.1f) },
        { "mixup", () => new(mixup: float.NaN) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Arguments_outside_their_range_are_named(string argument, Func<TableAugmentation> create)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(argument, () => create());
        Assert.Contains("it must be finite and at least 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_change_no_bit_changes()
    {
        var (features, targets, weights) = AugmentedSamples.Augment(new TableAugmentation(), SmallTraining.Data(weighted: true), SmallTraining.Outputs);
        Assert.Equal(Samples.Bits(SmallTraining.Features), Samples.Bits([.. features.SelectMany(row => row)]));
        Assert.Equal(SmallTraining.Targets, targets);
        Assert.Equal(SmallTraining.Weights, weights);
    }

    [Fact]
    public void Noise_is_of_the_share_of_each_features_deviation()
    {
        // Columns of deviation 1 / sqrt(3), 100 / sqrt(3) and 0.
        var columns = Samples.Numbers(Rows, seed: 3).SelectMany(x => (float[])[x, 100 * x, 4]).ToArray();
        var (features, _, _) = AugmentedSamples.Augment(new TableAugmentation(noise: 0.1f), Dataset.FromTargets(3, 1, columns, new float[Rows]), 1);
        for (var column = 0; column < 3; column++)
        {
            var noise = features.Select((row, i) => (double)row[column] - columns[i * 3 + column]).ToArray();
            var deviation = 0.1 * ((double[])[1, 100, 0])[column] / Math.Sqrt(3);
            // Within five standard errors of what 2,000 draws give.
            Assert.InRange(noise.Average(), -5 * deviation / Math.Sqrt(Rows), 5 * deviation / Math.Sqrt(Rows));
            Assert.Equal(deviation, Math.Sqrt(noise.Average(x => x * x)), deviation * 0.1);
        }

        var first = features.Select((row, i) => (double)row[0] - columns[i * 3]).ToArray();
        var second = features.Select((row, i) => ((double)row[1] - columns[i * 3 + 1]) / 100).ToArray();
        Assert.InRange(first.Zip(second, (x, y) => x * y).Average() / (0.01 / 3), -0.12, 0.12);
    }

    [Fact]
    public void Features_targets_and_weights_are_mixed_with_one_share_for_each_row()
    {
        // The first two features tell the row: i and i squared.
        var rows = Enumerable.Range(0, 50).ToArray();
        var features = rows.SelectMany(i => (float[])[i, i * i]).ToArray();
        var data = Dataset.FromClasses(2, 50, features, rows, rows.Select(i => 1f + i).ToArray());
        var (mixed, targets, weights) = AugmentedSamples.Augment(new TableAugmentation(mixup: 1), data, 50);
        var partners = new HashSet<int>();
        for (var row = 0; row < 50; row++)
        {
            var target = targets.AsSpan(row * 50, 50).ToArray();
            var partner = Array.FindIndex(target, t => t != 0 && t != target[row]) is var found and >= 0 ? found : row;
            var share = partner == row ? 1 : target[row];
            Assert.Equal(1, target.Sum(), 1e-6);
            Assert.Equal(share * row + (1 - share) * partner, mixed[row][0], 1e-4);
            Assert.Equal(share * row * row + (1 - share) * partner * partner, mixed[row][1], 1e-2);
            Assert.Equal(1 + share * row + (1 - share) * partner, weights[row], 1e-4);
            partners.Add(partner);
        }

        Assert.InRange(partners.Count, 20, 45);
    }

    [Fact]
    public void The_gradient_of_mixed_targets_is_that_of_the_share_of_two_losses()
    {
        var network = Network.Create(3, [new DenseLayer(4, Activation.Tanh), new DenseLayer(3, Activation.Softmax)], seed: 2);
        var trainer = new NetworkTrainer(network, new TrainingOptions());
        var (first, second, mixed) = (Gradient([1, 0, 0]), Gradient([0, 0, 1]), Gradient([0.3f, 0, 0.7f]));
        Assert.All(Enumerable.Range(0, mixed.Length), i => Assert.Equal(0.3f * first[i] + 0.7f * second[i], mixed[i], 1e-6f));

        float[] Gradient(float[] target)
        {
            trainer.ComputeGradient([0.5f, -1, 2], target);
            return [.. network.Parameters.SelectMany(trainer.Gradient)];
        }
    }
}
