using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Training.Steps;

/// <summary>What weight decay makes small of functions of single numbers.</summary>
public class FunctionDecayTests
{
    private const int Columns = 40, Bins = 50, Units = 3;

    private const float Rate = 0.05f, Decay = 2;

    public static TheoryData<string, int> Optimizers => new(
        from optimizer in (string[])[nameof(AdamW), nameof(StochasticGradientDescent), nameof(Muon)] from threads in (int[])[1, 3] select (optimizer, threads));

    /// <summary>A step without decay, after which the weights come nearer to 0 by rate * decay * 0.2; all others decay as they always do.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void The_total_variation_is_a_penalty_on_magnitudes(string optimizer, int threads)
    {
        var (undecayed, squares, variation) = (Step(hasTotalVariation: false, 0), Step(hasTotalVariation: false, Decay), Step(hasTotalVariation: true, Decay));
        const float Most = Rate * Decay * 0.2f;
        float[] expected = [.. Weights(undecayed).Select(weight => MathF.CopySign(Math.Max(Math.Abs(weight) - Most, 0), weight))];
        Assert.Equal(expected, Weights(variation), (a, b) => Math.Abs(a - b) <= 1e-7f);
        Assert.Contains(expected, weight => weight == 0);
        Assert.Contains(expected, weight => weight != 0);
        Assert.NotEqual(Weights(squares), Weights(variation));
        foreach (var position in (int[])[2, 3, 4])
            Assert.Equal(squares.Parameters[position].ToArray(), variation.Parameters[position].ToArray());

        Network Step(bool hasTotalVariation, float strength)
        {
            const int Rows = 200;
            var network = Network.Create(Columns, [new NumericEmbeddingLayer(Units, Bins, scaleRate: 2), new DenseLayer(40, Activation.ReLU), new DenseLayer(1)], seed: 1);
            network.SetParameter(network.Parameters[1], [.. Samples.Numbers(Columns * Bins * Units, seed: 3).Select(weight => 0.1f * weight)]);
            Optimizer steps = optimizer switch { nameof(AdamW) => new AdamW(), nameof(Muon) => new Muon(), _ => new StochasticGradientDescent() };
            var update = new ParameterUpdate(network, new TrainingOptions { Optimizer = steps, WeightDecay = strength }, hasTotalVariation);
            var backpropagation = new Backpropagation(network, new MeanSquaredError(), Rows);
            using var batch = new MiniBatch(Columns, Rows, hasWeights: false, new BatchLayout(Outputs: 1, Rows)) { Data = Data(Rows) };
            batch.Take([.. Enumerable.Range(0, Rows)]);
            using var team = new ThreadTeam(threads);
            var step = new TrainingStep(1, 0);
            backpropagation.Forward(batch.Features, batch.Targets, step, team, countsCorrect: false);
            backpropagation.Backward(step, team, update.Begin(Rate, Rows));
            update.End(backpropagation.Gradients, team);
            return network;
        }
    }

    /// <summary>What numbers tell only together begins with gradients that a penalty would not let through.</summary>
    [Theory]
    [InlineData(null, 0.5, 0.5, 0.7, 0.7, true)]
    [InlineData(0.7, 0.65, 0.65, null, null, false)]
    [InlineData(0.7, 0.65, 0.6, null, null, true)]
    [InlineData(0.7, 0.6, 0.65, null, null, false)]
    [InlineData(0.7, 0.6, null, null, null, true)]
    [InlineData(null, 0.9, 0.9, 0.2, 0.05, false)]
    [InlineData(null, 0.9, 0.9, 0.05, 0.2, true)]
    [InlineData(null, 0.9, null, 0.2, null, true)]
    [InlineData(null, 0.9, 0.9, null, null, true)]
    [InlineData(null, 0.9, 0.9, 0.2, double.NaN, true)]
    public void It_begins_once_a_tenth_is_learned(double? baseline, double loss, double? validationLoss, double? rSquared, double? validationRSquared, bool holds)
    {
        var epoch = new EpochSummary(1, 10, loss, null, rSquared, validationLoss, null, validationRSquared, 0.01f, 1000, TimeSpan.Zero, TimeSpan.Zero);
        Assert.False(AdaptedWeightDecay.HoldsTotalVariation(before: null, baseline));
        Assert.Equal(holds, AdaptedWeightDecay.HoldsTotalVariation(epoch, baseline));
    }

    [Fact]
    public void The_first_epoch_has_squares()
    {
        Assert.Equal(Weights(Train(FunctionDecay.Squares, 1)), Weights(Train(FunctionDecay.TotalVariation, 1)));
        Assert.NotEqual(Weights(Train(FunctionDecay.Squares, 10)), Weights(Train(FunctionDecay.TotalVariation, 10)));

        static Network Train(FunctionDecay decay, int epochs)
        {
            var network = Network.Create(Columns, [new NumericEmbeddingLayer(Units, Bins), new DenseLayer(1)], seed: 1);
            new NetworkTrainer(network, new TrainingOptions { Optimizer = new AdamW(), FunctionDecay = decay, LearningRate = 0.03f, WeightDecay = 1, NumberOfEpochs = epochs, Seed = 1 }).Train(Data(300));
            return network;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_second_network_has_it(int threads)
    {
        var network = Train(FunctionDecay.Both, threads);
        Assert.Equal([false, true, false, true], network.Members.ToArray().Select(member => Weights(member).Count(weight => weight == 0) > Columns * Bins * Units / 10));
        Assert.Equal([false, false, false, false], Train(FunctionDecay.Squares, threads).Members.ToArray().Select(member => Weights(member).Count(weight => weight == 0) > Columns * Bins * Units / 10));

        static Network Train(FunctionDecay decay, int threads)
        {
            var network = Network.Create(Columns, [new EnsembleLayer(4, [new NumericEmbeddingLayer(Units, Bins), new DenseLayer(1)])], seed: 1);
            foreach (var member in network.Members)
                SetEdges(member, Columns, Bins);
            new NetworkTrainer(network, new TrainingOptions { Optimizer = new AdamW(), FunctionDecay = decay, WeightDecay = 3, NumberOfEpochs = 3, NumberOfThreads = threads, Seed = 1 }).Train(Data(300));
            return network;
        }
    }

    /// <summary>What steps tell is learned better, and what columns tell that tell nothing is left out.</summary>
    [Fact]
    public void Steps_in_noise_are_learned_better_by_the_total_variation()
    {
        const int Rows = 1200, Numbers = 6;
        var features = Samples.Numbers(Rows * Numbers, seed: 5);
        var noise = Samples.Numbers(Rows, seed: 6);
        float[] steps = [.. Enumerable.Range(0, Rows).Select(row => (features[row * Numbers] > 0.3f ? 1f : 0) + (features[row * Numbers + 1] > -0.5f ? 1f : 0))];
        var data = Dataset.FromTargets(Numbers, 1, features, steps.Zip(noise, (step, chance) => step + chance).ToArray());
        Assert.InRange(Error(FunctionDecay.TotalVariation), 0, 0.7 * Error(FunctionDecay.Squares));

        double Error(FunctionDecay decay)
        {
            var network = Network.Create(Numbers, [new NumericEmbeddingLayer(4, 64), new DenseLayer(16, Activation.SiLU), new DenseLayer(1)], seed: 1);
            SetEdges(network, Numbers, 64);
            new NetworkTrainer(network, new TrainingOptions { Optimizer = new AdamW(), FunctionDecay = decay, LearningRate = 0.003f, WeightDecay = 0.3f, NumberOfEpochs = 20, Seed = 1 }).Train(data);
            return Enumerable.Range(0, Rows).Average(row => Math.Pow(network.Predict(features.AsSpan(row * Numbers, Numbers))[0] - steps[row], 2));
        }
    }

    /// <summary>Bins where the numbers are: the weights of empty ones stay 0.</summary>
    private static void SetEdges(Network network, int columns, int bins) =>
        NumericEmbeddingLayer.Set(network.Layers[0], [.. Enumerable.Range(0, columns * (bins + 1)).Select(edge => 2f * (edge % (bins + 1)) / bins - 1)]);

    private static float[] Weights(Network network) => network.Layers[0].Parameters[1].ToArray();

    private static Dataset Data(int rows)
    {
        var features = Samples.Numbers(rows * Columns, seed: 7);
        return Dataset.FromTargets(Columns, 1, features, Enumerable.Range(0, rows).Select(row => features[row * Columns] > 0 ? 1f : 0).ToArray());
    }
}
