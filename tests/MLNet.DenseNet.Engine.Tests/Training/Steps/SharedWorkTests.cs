using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>Losses and dropout by several threads: each computes what one alone would.</summary>
public class SharedWorkTests
{
    private const int Outputs = 100;
    private const float Wrong = 123;

    private static readonly Dictionary<string, Loss> Losses = new Loss[]
    {
        new SoftmaxCrossEntropy(0.1f), new BinaryCrossEntropy(), new MulticlassHingeLoss(), new MeanSquaredError(), new MeanAbsoluteError(), new HuberLoss(), new PoissonLoss(), new GammaLoss(), new ListNetLoss(),
    }.ToDictionary(loss => loss.ToString()!);

    public static TheoryData<string, int> Batches
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var loss in Losses.Keys)
            {
                // The last part has less than a vector, and a whole one.
                data.Add(loss, 131);
                data.Add(loss, 160);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Loss_is_that_of_one_thread(string loss, int rows)
    {
        foreach (var areLabels in (bool[])[false, true])
        {
            foreach (var isWeighted in (bool[])[false, true])
            {
                var alone = Evaluate(Losses[loss], rows, areLabels, isWeighted, threads: 1);
                foreach (var threads in (int[])[2, 3, 5])
                    Assert.Equal(alone, Evaluate(Losses[loss], rows, areLabels, isWeighted, threads));
            }
        }
    }

    /// <summary>2 (y - t) / (rows * outputs).</summary>
    [Fact]
    public void Every_row_has_its_gradient()
    {
        const int Rows = 131;
        var gradient = Evaluate(new MeanSquaredError(), Rows, areLabels: false, isWeighted: false, threads: 5).Gradient.Split(' ');
        var predictions = Samples.Numbers(Rows * Outputs, seed: 2);
        Assert.Equal(predictions.Length, gradient.Length);
        for (var i = 0; i < predictions.Length; i++)
        {
            var target = i % Outputs == i / Outputs * 7 % Outputs ? 1 : 0;
            Tolerance.Check(2.0 * (predictions[i] - target) / predictions.Length, BitConverter.Int32BitsToSingle(int.Parse(gradient[i], System.Globalization.CultureInfo.InvariantCulture)), roundings: 8, magnitude: 2.0 / predictions.Length);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(20_000)]
    [InlineData(65_537)]
    public void Dropout_is_that_of_one_thread(int count)
    {
        float[] values = [.. Samples.Numbers(count, seed: 1).Select(x => x + 2)], alone = new float[count];
        var (mask, step) = (new DropoutMask(0.3f, layer: 2), new TrainingStep(7, 5));
        mask.Apply(step, values, alone, team: null);
        Assert.InRange(alone.Count(x => x == 0), 0.2 * count - 1, 0.4 * count + 1);
        foreach (var threads in (int[])[2, 3, 7])
        {
            using var team = new ThreadTeam(threads, adapts: false);
            var shared = Enumerable.Repeat(Wrong, count).ToArray();
            mask.Apply(step, values, shared, team);
            Assert.Equal(Samples.Bits(alone), Samples.Bits(shared));
        }
    }

    private static (BatchSums Sums, string Gradient) Evaluate(Loss loss, int rows, bool areLabels, bool isWeighted, int threads)
    {
        using var team = threads == 1 ? null : new ThreadTeam(threads, adapts: false);
        var random = new Random(3);
        var gradient = Enumerable.Repeat(Wrong, rows * Outputs).ToArray();
        float[] targets = [.. Enumerable.Range(0, rows * Outputs).Select(i => i % Outputs == i / Outputs * 7 % Outputs ? 1f : loss is GammaLoss ? 2 : 0)];
        float[] weights = isWeighted ? [.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(3))] : [];
        var batch = new BatchTargets(targets, weights) { AreLabels = areLabels };
        var sums = new LossEvaluation(loss, Outputs, rows, scaling: null).Run(Samples.Numbers(rows * Outputs, seed: 2), in batch, gradient, countsCorrect: true, team);
        return (sums, string.Join(' ', Samples.Bits(gradient)));
    }
}
