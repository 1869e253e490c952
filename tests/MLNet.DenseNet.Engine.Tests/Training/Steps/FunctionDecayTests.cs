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
            var update = new ParameterUpdate(network, new TrainingOptions { Optimizer = steps, WeightDecay = strength }) { PenalizesTotalVariation = hasTotalVariation };
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
    [InlineData(null, 0.9, 0.9, 0.2, double.NaN, false)]
    public void It_begins_once_a_tenth_is_learned(double? baseline, double loss, double? validationLoss, double? rSquared, double? validationRSquared, bool holds)
    {
        var epoch = new EpochSummary(1, 10, loss, null, rSquared, validationLoss, null, validationRSquared, 0.01f, 1000, TimeSpan.Zero, TimeSpan.Zero);
        Assert.Equal(holds, TotalVariationDecay.MayBeginAfter(epoch, baseline));
    }

    /// <summary>Rows learned by heart are told worse and worse when held out, and it is there that functions have to be held back.</summary>
    [Fact]
    public void It_goes_on_where_held_out_rows_are_told_worse_again()
    {
        var random = new Random(4);
        var (features, classes) = (new float[300 * Columns], new int[300]);
        for (var row = 0; row < classes.Length; row++)
        {
            for (var column = 0; column < Columns; column++)
                features[row * Columns + column] = 2 * random.NextSingle() - 1;
            classes[row] = features[row * Columns] + 1.6 * random.NextDouble() > 0.8 ? 1 : 0;
        }

        var network = Network.Create(Columns, [new NumericEmbeddingLayer(Units, Bins), new DenseLayer(64, Activation.SiLU), new DenseLayer(32, Activation.SiLU), new DenseLayer(2, Activation.Softmax)], seed: 1);
        SetEdges(network, Columns, Bins);
        var history = new NetworkTrainer(network, new TrainingOptions { Optimizer = new AdamW(), FunctionDecay = FunctionDecay.TotalVariation, LearningRate = 0.01f, WeightDecay = 0.1f, NumberOfEpochs = 80, ValidationFraction = 0.3f, Seed = 1 })
            .Train(Dataset.FromClasses(Columns, 2, features, classes));
        Assert.True(history[^1].ValidationLoss > history.BaselineLoss, string.Join(" ", history.Select(e => $"{e.ValidationLoss:F2}")));
        Assert.Contains(history, epoch => TotalVariationDecay.MayBeginAfter(epoch, history.BaselineLoss));
        Assert.InRange(Weights(network).Count(weight => weight == 0), 100, Columns * Bins * Units);
    }

    /// <summary>Squares until a tenth is learned, of noise to the end.</summary>
    [Fact]
    public void Where_nothing_is_learned_it_does_not_begin()
    {
        Assert.Equal(Weights(Train(FunctionDecay.Squares)), Weights(Train(FunctionDecay.TotalVariation)));

        static Network Train(FunctionDecay decay)
        {
            var network = Network.Create(Columns, [new NumericEmbeddingLayer(Units, Bins), new DenseLayer(1)], seed: 1);
            SetEdges(network, Columns, Bins);
            new NetworkTrainer(network, new TrainingOptions { Optimizer = new AdamW(), FunctionDecay = decay, WeightDecay = 1, NumberOfEpochs = 3, ValidationFraction = 0.3f, Seed = 1 })
                .Train(Dataset.FromTargets(Columns, 1, Samples.Numbers(300 * Columns, seed: 8), Samples.Numbers(300, seed: 9)));
            return network;
        }
    }

    /// <summary>A checkpoint is of the training with its own decay.</summary>
    [Fact]
    public void A_checkpoint_of_another_decay_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("densenet");
        try
        {
            Train(FunctionDecay.TotalVariation);
            Assert.Contains("decay of functions: TotalVariation", Assert.Throws<ArgumentException>(() => Train(null)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Train(FunctionDecay? decay) => new NetworkTrainer(
            Network.Create(Columns, [new NumericEmbeddingLayer(Units, Bins), new DenseLayer(1)], seed: 1),
            new TrainingOptions { Optimizer = new AdamW(), FunctionDecay = decay, NumberOfEpochs = 2, Seed = 1, Checkpoints = new Checkpoints(folder.FullName) }).Train(Data(100));
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
