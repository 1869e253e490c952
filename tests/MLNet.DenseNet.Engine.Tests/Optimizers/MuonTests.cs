namespace MLNet.DenseNet.Engine.Tests.Optimizers;

public class MuonTests
{
    private const float Rate = 0.01f;
    private const float Decay = 0.3f;
    private const int Inputs = 7;
    private const int Units = 5;
    private const int Steps = 6;

    [Theory]
    [InlineData(1, 0.95f, 5, 1)]
    [InlineData(2, 0.8f, 3, 2)]
    [InlineData(0.5f, 0, 1, 3)]
    public void Hidden_weights_follow_the_formula_in_float64(float factor, float momentum, int iterations, int interval)
    {
        Follow(new DenseLayer(Units, Activation.Tanh), inputs: Inputs);
        // The inputs of a filter are those of a window.
        Follow(new ConvolutionLayer(3, kernelSize: 2), inputs: 2, new ReshapeLayer(new Shape(Inputs, 1)));

        void Follow(Layer hidden, int inputs, params Layer[] before) =>
            CheckSteps(new Muon(factor, momentum, iterations, interval), [.. before, hidden, new DenseLayer(2)], inputs);
    }

    private static void CheckSteps(Muon muon, Layer[] layers, int inputs)
    {
        var (trainer, momentum, rate) = (NewTrainer(muon, layers), (double)muon.Momentum, (double)Rate * muon.Interval);
        var weights = trainer.Network.Parameters[0];
        double[] expected = [.. weights.ToArray()];
        var units = expected.Length / inputs;
        var mean = new double[expected.Length];
        for (var step = 1; step <= Steps; step++)
        {
            trainer.ComputeGradient(Samples.Numbers(8 * Inputs, seed: step), Samples.Numbers(8 * 2, seed: 50 + step));
            var gradient = trainer.Gradient(weights);
            mean = [.. mean.Select((value, i) => momentum * value + (1 - momentum) * gradient[i])];
            var direction = NaiveMuon.Orthogonalized(mean.Select((value, i) => (float)(momentum * value + (1 - momentum) * gradient[i])), inputs, units, muon.Iterations);
            if (step % muon.Interval == 0)
                expected = [.. expected.Select((weight, i) => weight * (1 - rate * Decay) - rate * muon.Factor * 0.2 * Math.Sqrt(Math.Max(inputs, units)) * direction[i])];
            trainer.Step();

            var actual = weights.ToArray();
            for (var i = 0; i < expected.Length; i++)
                Assert.InRange(actual[i], expected[i] - 1e-5, expected[i] + 1e-5);
        }
    }

    /// <summary>Biases, the last layer, layers that are neither dense nor convolutions of one group, a layer of one unit, and all of a network with one layer.</summary>
    [Fact]
    public void All_other_parameters_take_the_steps_of_AdamW()
    {
        Compare(isOther: parameter => !parameter.IsLinearMap || parameter.Columns == 2, new DenseLayer(Units, Activation.Tanh), new DenseLayer(2));
        Compare(isOther: _ => true, new NumericEmbeddingLayer(2, bins: 4), new DenseLayer(2));
        Compare(isOther: _ => true, new DenseLayer(1), new DenseLayer(2));
        Compare(isOther: _ => true, new DenseLayer(2));
        Compare(isOther: parameter => !parameter.IsLinearMap || parameter.Rows == 10, new ReshapeLayer(new Shape(Inputs, 1)), new ConvolutionLayer(2, kernelSize: 2), new ConvolutionLayer(2, kernelSize: 2, groups: 2), new DenseLayer(2));

        static void Compare(Func<Parameter, bool> isOther, params Layer[] layers) => CompareBy(new Muon(), isOther, layers);
    }

    [Fact]
    public void The_first_layer_may_take_the_steps_of_AdamW_too()
    {
        CompareBy(new Muon(includesFirst: false), isOther: parameter => parameter.Rows != Units, new NumericEmbeddingLayer(2, bins: 4), new DenseLayer(Units, Activation.Tanh), new DenseLayer(Units + 1, Activation.Tanh), new DenseLayer(2));
        CompareBy(new Muon(includesFirst: false), isOther: _ => true, new DenseLayer(Units, Activation.Tanh), new DenseLayer(2));
    }

    private static void CompareBy(Muon muon, Func<Parameter, bool> isOther, params Layer[] layers)
    {
        var (trainer, adam) = (NewTrainer(muon, layers), NewTrainer(new AdamW(), layers));
        // One step: from the second on, other weights give other gradients.
        foreach (var either in new[] { trainer, adam })
        {
            either.ComputeGradient(Samples.Numbers(8 * Inputs, seed: 1), Samples.Numbers(8 * 2, seed: 2));
            either.Step();
        }

        foreach (var (parameter, other) in trainer.Network.Parameters.Zip(adam.Network.Parameters))
        {
            if (isOther(parameter))
                Assert.Equal(other.ToArray(), parameter.ToArray());
            else
                Assert.NotEqual(other.ToArray(), parameter.ToArray());
        }
    }

    /// <summary>Of sparse rows, only the weights of stored features have gradients.</summary>
    [Fact]
    public void Weights_on_sparse_rows_take_the_steps_of_AdamW()
    {
        Assert.Equal(FirstWeights(new AdamW()), FirstWeights(new Muon()));

        static float[] FirstWeights(Optimizer optimizer)
        {
            var network = Network.Create(Inputs, [new DenseLayer(Units, Activation.Tanh), new DenseLayer(1)], seed: 3);
            var rows = SparseSamples.Store(SparseSamples.Rows(2, Inputs, share: 0.4, seed: 6), Inputs);
            new NetworkTrainer(network, new TrainingOptions { Optimizer = optimizer, NumberOfEpochs = 1, BatchSize = 2 }).Train(Dataset.FromTargets(rows, outputs: 1, new float[] { 1, 2 }, weights: default));
            return network.Parameters[0].ToArray();
        }
    }

    /// <summary>Where rows are sparse, the weights on them are most of a network.</summary>
    [Fact]
    public void Sparse_rows_take_no_more_memory_than_with_AdamW()
    {
        const int Columns = 50_000;
        var (adam, muon) = (Allocated(new AdamW()), Allocated(new Muon()));
        Assert.InRange(muon, 0, adam + Columns * Units * sizeof(float));

        static long Allocated(Optimizer optimizer)
        {
            var network = Network.Create(Columns, [new DenseLayer(Units, Activation.Tanh), new DenseLayer(Units), new DenseLayer(1)], seed: 3);
            var data = Dataset.FromTargets(new SparseFeatures(Columns, new float[] { 1, 2 }, new[] { 5, 40_000 }, new[] { 0, 1, 2 }), 1, new float[] { 1, 2 }, default);
            var before = GC.GetAllocatedBytesForCurrentThread();
            new NetworkTrainer(network, new TrainingOptions { Optimizer = optimizer, NumberOfEpochs = 1, BatchSize = 2, NumberOfThreads = 1 }).Train(data);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void A_gradient_of_zero_leaves_weights_to_the_decay()
    {
        var trainer = NewTrainer(new Muon(), new DenseLayer(Units), new DenseLayer(2));
        var weights = trainer.Network.Parameters[0];
        var before = weights.ToArray();
        trainer.ComputeGradient(new float[3 * Inputs], new float[3 * 2]);
        trainer.Step();
        Assert.Equal(before.Select(weight => weight * (float)(1 - (double)Rate * Decay)), weights.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public void Iterations_outside_their_range_are_refused(int iterations) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(iterations), () => new Muon(iterations: iterations));

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Intervals_outside_their_range_are_refused(int interval) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(interval), () => new Muon(interval: interval));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Factors_outside_their_range_are_refused(float factor) => Assert.Throws<ArgumentOutOfRangeException>(nameof(factor), () => new Muon(factor));

    private static NetworkTrainer NewTrainer(Optimizer optimizer, params Layer[] layers) =>
        new(Network.Create(Inputs, layers, seed: 4), new TrainingOptions { Optimizer = optimizer, LearningRate = Rate, WeightDecay = Decay });
}
