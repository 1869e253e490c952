namespace MLNet.DenseNet.Engine.Tests.Layers;

public class EmbeddingLayerTests
{
    private const int Vocabulary = 5;

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 1)]
    [InlineData(33, 4)]
    [InlineData(70, 2)]
    [InlineData(3, 4, 1)]
    [InlineData(3, 1, 1)]
    public void Vectors_and_their_gradients_agree_with_a_lookup(int units, params int[] shape)
    {
        const int Rows = 6;
        // A number that is there several times in a row, and one that is nowhere.
        float[] numbers = [.. Enumerable.Range(0, Rows * shape[0]).Select(i => (float)(i * i % (Vocabulary - 1)))];
        new LayerCheck(new EmbeddingLayer(Vocabulary, units), new Shape(shape), (x, _, parameters) => [.. x.SelectMany(number => parameters[0].Skip((int)number * units).Take(units))])
        {
            Rows = Rows,
            Features = numbers,
            HasInputGradient = false,
        }.Run();
        Assert.Equal(new Shape(shape[0], units), Network.Create(new Shape(shape), [new EmbeddingLayer(Vocabulary, units)], seed: 1).OutputShape);
    }

    /// <summary>Threads share the columns of wide tables, and the rows of long ones.</summary>
    [Theory]
    [InlineData(10, 200)]
    [InlineData(5000, 20)]
    public void Gradients_have_the_same_bits_on_any_number_of_threads(int vocabulary, int units)
    {
        const int Rows = 200, Numbers = 15;
        float[] numbers = [.. Samples.Numbers(Rows * Numbers, seed: 1).Select(value => MathF.Floor((value + 1) / 2 * vocabulary))];
        var gradients = ((int[])[1, 2, 3, 7]).Select(threads =>
        {
            var network = Network.Create(Numbers, [new EmbeddingLayer(vocabulary, units)], seed: 2);
            var trainer = new NetworkTrainer(network, new TrainingOptions { NumberOfThreads = threads, AdaptsThreads = false });
            trainer.ComputeGradient(numbers, Samples.Numbers(Rows * Numbers * units, seed: 3));
            return Samples.Bits(trainer.Gradient(network.Parameters[0]));
        }).ToArray();
        Assert.Contains(gradients[0], bits => bits != 0);
        Assert.All(gradients, bits => Assert.Equal(gradients[0], bits));
    }

    public static TheoryData<string> Optimizers => [.. Samples.Optimizers.Keys];

    /// <summary>Also under weight decay, and where momentum goes on: vectors that are not looked up are as in a table without them.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Vectors_that_are_not_looked_up_stay_as_they_are(string optimizer)
    {
        const int Units = 40;
        float[] numbers = [1, 3, 3, 1, 1, 1];
        var (initial, _) = Table(Vocabulary);
        var (_, network) = Table(Vocabulary);
        Train(network, numbers);
        var trained = network.Parameters[0].ToArray().Chunk(Units).ToArray();
        for (var number = 0; number < Vocabulary; number++)
            Assert.Equal(number is 1 or 3, !initial[number].SequenceEqual(trained[number]));

        var (_, small) = Table(2);
        small.SetParameter(small.Parameters[0], [.. initial[1], .. initial[3]]);
        foreach (var (parameter, same) in small.Parameters.Zip(Table(Vocabulary).Network.Parameters).Skip(1))
            small.SetParameter(parameter, same.ToArray());
        Train(small, [.. numbers.Select(number => number == 1 ? 0f : 1)]);
        Assert.Equal((float[])[.. trained[1], .. trained[3]], small.Parameters[0].ToArray());

        (float[][] Rows, Network Network) Table(int vocabulary)
        {
            var created = Network.Create(2, [new EmbeddingLayer(vocabulary, Units), new GlobalAveragePoolingLayer(), new DenseLayer(1)], seed: 1);
            return ([.. created.Parameters[0].ToArray().Chunk(Units)], created);
        }

        void Train(Network learner, float[] rows) =>
            new NetworkTrainer(learner, new TrainingOptions { Optimizer = Samples.Optimizers[optimizer], WeightDecay = 0.1f, LearningRate = 0.05f, BatchSize = 1, NumberOfEpochs = 3, Shuffle = false, Seed = 1 })
                .Train(Dataset.FromTargets(2, 1, rows, new float[] { 1, -1, 2 }));
    }

    [Fact]
    public void Words_that_decide_are_learned()
    {
        // A row is positive where it holds the word 3.
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, 400 * 4).Select(_ => (float)random.Next(12))];
        float[] targets = [.. features.Chunk(4).Select(row => row.Contains(3) ? 1f : 0)];
        var network = Network.Create(4, [new EmbeddingLayer(12, 2), new GlobalMaxPoolingLayer(), new DenseLayer(1, Activation.Sigmoid)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions { Seed = 2, NumberOfEpochs = 40, LearningRate = 0.05f }).Train(Dataset.FromTargets(4, 1, features, targets));
        Assert.All(network.Predict(features).Zip(targets), pair => Assert.Equal(pair.Second, MathF.Round(pair.First)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(-1)]
    [InlineData(0.5f)]
    [InlineData(5)]
    [InlineData(4.9999995f)]
    [InlineData(3e9f)]
    [InlineData(-3e9f)]
    public void A_value_that_is_none_of_the_numbers_is_refused_at_prediction_and_in_training(float value)
    {
        var network = Network.Create(3, [new EmbeddingLayer(Vocabulary, 2), new DenseLayer(1)], seed: 1);
        var message = FormattableString.Invariant($"Layer 0, Embedding 5 x 2, takes whole numbers from 0 to 4; row 1 of the batch has {value} at position 2.");
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => network.Predict([0, 1, 2, 3, 4, value])).Message);
        using var workspace = network.CreateWorkspace(2, threads: 2);
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => network.Forward([0, 1, 2, 3, 4, value], workspace)).Message);
        if (!float.IsFinite(value))
            return;
        var trainer = new NetworkTrainer(network, new TrainingOptions { Shuffle = false });
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => trainer.Train(Dataset.FromTargets(3, 1, new float[] { 0, 1, 2, 3, 4, value }, new float[] { 1, 2 }))).Message);
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => trainer.ComputeGradient([0, 1, 2, 3, 4, value], [1, 2])).Message);
    }

    /// <summary>Many rows go through the layers in blocks, which threads share.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void Of_many_rows_the_one_with_the_value_is_named(int threads, bool isEnsemble)
    {
        const int Rows = 2000, Wrong = 1700;
        Layer[] layers = [new EmbeddingLayer(Vocabulary, 2), new DenseLayer(1)];
        var network = Network.Create(3, isEnsemble ? [new EnsembleLayer(2, layers)] : layers, seed: 1);
        var features = new float[Rows * 3];
        features[Wrong * 3 + 1] = 9;
        using var workspace = network.CreateWorkspace(Rows, threads, keepsOutputs: false);
        var error = Assert.ThrowsAny<Exception>(() => network.Forward(features, workspace));
        // A thread's error comes inside another one.
        Assert.Contains(FormattableString.Invariant($"row {Wrong} of the batch has 9 at position 1."), (error.InnerException ?? error).Message, StringComparison.Ordinal);
        if (threads == 1)
            Assert.Equal(error.Message, Assert.ThrowsAny<ArgumentException>(() => network.Predict(features)).Message);
    }

    [Fact]
    public void Sparse_rows_are_numbers_too()
    {
        var network = Network.Create(3, [new EmbeddingLayer(Vocabulary, 2)], seed: 1);
        Assert.Equal(network.Predict([0, 4, 0, 2, 0, 0]), network.Predict(new SparseFeatures(3, new float[] { 4, 2 }, new[] { 1, 0 }, new[] { 0, 1, 2 })));
    }

    [Fact]
    public void Vectors_begin_small_and_different()
    {
        var weights = Network.Create(1, [new EmbeddingLayer(1000, 3)], seed: 1).Parameters[0];
        Assert.Equal(("weights", new Shape(1000, 3), true), (weights.Name, weights.Shape, weights.IsDecayed));
        Assert.All(weights.ToArray(), value => Assert.InRange(value, -0.05f, 0.05f));
        Assert.Equal(0.05 / Math.Sqrt(3), Math.Sqrt(weights.ToArray().Average(value => (double)value * value)), 1e-3);
        Assert.InRange(weights.ToArray().Distinct().Count(), 2990, 3000);
    }

    [Fact]
    public void Options_are_told_and_limited()
    {
        var layer = new EmbeddingLayer(1000, 16);
        Assert.Equal((1000, 16, "Embedding 1000 x 16"), (layer.Vocabulary, layer.Units, layer.ToString()));
        foreach (var vocabulary in (int[])[0, -1, 16_777_217])
            Assert.Throws<ArgumentOutOfRangeException>("vocabulary", () => new EmbeddingLayer(vocabulary, 1));
        Assert.Throws<ArgumentOutOfRangeException>("units", () => new EmbeddingLayer(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Network.Create(3, [new EmbeddingLayer(16_777_216, 1000)], seed: 1));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(3, 2, 1)]
    public void Shapes_of_several_values_a_step_are_refused(params int[] shape) =>
        Assert.StartsWith(
            $"Layer 0, Embedding 5 x 2, cannot take {new Shape(shape)}. It needs a plain row of numbers, or a sequence of one number a step, steps x 1.",
            Assert.Throws<ArgumentException>(() => Network.Create(new Shape(shape), [new EmbeddingLayer(Vocabulary, 2)], seed: 1)).Message, StringComparison.Ordinal);
}
