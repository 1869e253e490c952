namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>Trainings on sparse rows against those on the same rows written out. They promise the same result to rounding; where a zero adds nothing, the bits are equal.</summary>
public sealed class SparseTrainingTests : IDisposable
{
    private const int Rows = 60;
    private const int Inputs = 300;
    private const int Classes = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;

    /// <summary>Muon changes the weights of dense rows as a whole, and those of sparse rows one by one.</summary>
    public static TheoryData<string> Optimizers => [.. Samples.Optimizers.Keys.Where(name => Samples.Optimizers[name] is not Muon)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(33, 0)]
    [InlineData(64, 0.2f)]
    [InlineData(5, 0)]
    public void Plain_gradient_descent_equals_that_on_dense_rows(int units, float validationFraction)
    {
        var options = Options(new StochasticGradientDescent());
        options.ValidationFraction = validationFraction;
        options.ClassWeights = ClassWeights.Balanced;
        options.RestoreBestWeights = true;
        options.NumberOfThreads = 2;
        Layer[] layers = [new DenseLayer(units, Activation.ReLU), new DropoutLayer(0.3f), new DenseLayer(Classes, Activation.Softmax)];
        var (dense, denseHistory) = Train(layers, options, Features(0.05), isSparse: false);
        var (sparse, history) = Train(layers, options, Features(0.05), isSparse: true);
        Assert.Equal(dense, sparse);
        Assert.Equal(denseHistory.Select(e => (e.Loss, e.Accuracy, e.ValidationLoss)), history.Select(e => (e.Loss, e.Accuracy, e.ValidationLoss)));
        Assert.Equal(denseHistory.RestoredEpoch, history.RestoredEpoch);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Every_optimizer_equals_that_on_dense_rows_where_every_batch_holds_every_column(string optimizer)
    {
        var options = Options(Samples.Optimizers[optimizer]);
        options.WeightDecay = 0.01f;
        // About six rows of 15 hold a column; the last of them holds all.
        var features = Features(0.4);
        for (var i = 0; i < features.Length; i++)
            features[i] = features[i] == 0 && i / Inputs % 15 == 14 ? 0.5f : features[i];
        options.Shuffle = false;
        Layer[] layers = [new DenseLayer(40, Activation.Tanh), new DenseLayer(Classes, Activation.Softmax)];
        Assert.Equal(Train(layers, options, features, isSparse: false).Parameters, Train(layers, options, features, isSparse: true).Parameters);
    }

    [Theory]
    [InlineData(0.05f, null)]
    [InlineData(null, 0.001f)]
    [InlineData(0.05f, 0.002f)]
    public void Gradient_clipping_goes_by_what_is_touched(float? norm, float? value)
    {
        var options = Options(new StochasticGradientDescent());
        (options.GradientNormLimit, options.GradientValueLimit) = (norm, value);
        Layer[] layers = [new DenseLayer(40, Activation.Tanh), new DenseLayer(Classes, Activation.Softmax)];
        var (expected, actual) = (Train(layers, options, Features(0.05), isSparse: false).Parameters, Train(layers, options, Features(0.05), isSparse: true).Parameters);
        Assert.NotEqual(expected, Train(layers, Options(new StochasticGradientDescent()), Features(0.05), isSparse: true).Parameters);
        // The squares of the norm are added in another order.
        foreach (var (x, y) in expected.Zip(actual))
            Assert.Equal(x, y, 1e-6);
    }

    /// <summary>Two batches: the first holds columns 0 and 1, the second columns 1 and 2. What column 0 learnt and remembers is as after the first, and that of
    /// column 2 as if its batch had been all, but for the number of the step.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Columns_that_a_batch_does_not_hold_stay_as_they_are(string optimizer)
    {
        var options = new TrainingOptions { Optimizer = Samples.Optimizers[optimizer], WeightDecay = 0.1f, LearningRate = 0.05f, BatchSize = 1, NumberOfEpochs = 1, Shuffle = false, Seed = 1 };
        var first = new SparseFeatures(4, new float[] { 1, -2 }, new[] { 0, 1 }, new[] { 0, 2 });
        var both = new SparseFeatures(4, new float[] { 1, -2, 3, 4 }, new[] { 0, 1, 1, 2 }, new[] { 0, 2, 4 });
        var initial = NewNetwork().Parameters[0].ToArray();
        var (afterFirst, stateAfterFirst) = Train(first, new float[] { 1 });
        var (afterBoth, stateAfterBoth) = Train(both, new float[] { 1, -1 });
        Assert.NotEqual(initial[0], afterFirst[0]);
        Assert.Equal(afterFirst[0], afterBoth[0]);
        Assert.NotEqual(afterFirst[1], afterBoth[1]);
        Assert.NotEqual(initial[2], afterBoth[2]);
        Assert.Equal(initial[3], afterBoth[3]);
        foreach (var (stateFirst, stateBoth) in stateAfterFirst.Zip(stateAfterBoth))
        {
            Assert.Equal(stateFirst[0], stateBoth[0]);
            Assert.NotEqual(0, stateBoth[2]);
            Assert.Equal(0, stateBoth[3]);
        }

        (float[] Weights, float[][] State) Train(SparseFeatures features, float[] targets)
        {
            var network = NewNetwork();
            var update = new ParameterUpdate(network, options);
            var backpropagation = new Backpropagation(network, new MeanSquaredError(), maxRows: 1);
            using var batch = new MiniBatch(inputs: 4, rows: 1, hasWeights: false, new BatchLayout(Outputs: 1, MaxRows: 1)) { Data = Dataset.FromTargets(features, 1, targets, default) };
            for (var row = 0; row < features.Rows; row++)
            {
                batch.Take([row]);
                var step = new TrainingStep(1, row);
                backpropagation.Forward(batch.Features, batch.Targets, step, team: null, countsCorrect: false);
                backpropagation.Backward(step, team: null, update.Begin(0.05f, rows: 1));
                update.End(backpropagation.Gradients, team: null);
            }

            return (network.Parameters[0].ToArray(), [.. update.State.Select(network.Parameters[0].ToArray)]);
        }

        static Network NewNetwork() => Network.Create(4, [new DenseLayer(1)], seed: 5);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_batch_that_stores_nothing_leaves_all_weights_as_they_are(string optimizer)
    {
        var network = Network.Create(4, [new DenseLayer(40)], seed: 5);
        var initial = network.Parameters[0].ToArray();
        new NetworkTrainer(network, new TrainingOptions { Loss = new MeanSquaredError(), Optimizer = Samples.Optimizers[optimizer], WeightDecay = 0.1f, NumberOfEpochs = 2, Seed = 1 })
            .Train(Dataset.FromTargets(new SparseFeatures(4, default, default, new[] { 0, 0, 0 }), 40, Samples.Numbers(80, seed: 2), default));
        Assert.Equal(initial, network.Parameters[0].ToArray());
        Assert.DoesNotContain(0, network.Parameters[1].ToArray());
    }

    /// <summary>The means over steps are corrected by the number of all steps, as in PyTorch's SparseAdam.</summary>
    [Fact]
    public void Adam_counts_all_steps()
    {
        // Column 0 in the first and the third batch.
        var features = new SparseFeatures(2, new float[] { 1, 1, 1 }, new[] { 0, 1, 0 }, new[] { 0, 1, 2, 3 });
        float[] targets = [1, 0, -1];
        var network = Network.Create(2, [new DenseLayer(1)], seed: 5);
        double weight = network.Parameters[0].ToArray()[0], other = network.Parameters[0].ToArray()[1], bias = 0;
        new NetworkTrainer(network, new TrainingOptions { Optimizer = new Adam(), LearningRate = 0.1f, BatchSize = 1, NumberOfEpochs = 1, Shuffle = false, Seed = 1 })
            .Train(Dataset.FromTargets(features, 1, targets, default));

        double m = 0, v = 0, biasM = 0, biasV = 0, otherM = 0, otherV = 0;
        for (var t = 1; t <= 3; t++)
        {
            var g = 2 * ((t == 2 ? other : weight) + bias - targets[t - 1]);
            if (t == 2)
                Step(ref other, ref otherM, ref otherV, g, t);
            else
                Step(ref weight, ref m, ref v, g, t);
            Step(ref bias, ref biasM, ref biasV, g, t);
        }

        Assert.Equal(weight, network.Parameters[0].ToArray()[0], 1e-6);
        Assert.Equal(other, network.Parameters[0].ToArray()[1], 1e-6);
        Assert.Equal(bias, network.Parameters[1].ToArray()[0], 1e-6);

        static void Step(ref double parameter, ref double m, ref double v, double g, int t)
        {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            parameter -= 0.1 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
        }
    }

    [Fact]
    public void Layers_that_take_no_sparse_rows_get_them_written_out()
    {
        Layer[] layers = [new DropoutLayer(0.4f), new DenseLayer(20, Activation.ReLU), new DenseLayer(Classes, Activation.Softmax)];
        var options = Options(new Adam());
        Assert.Equal(Train(layers, options, Features(0.05), isSparse: false).Parameters, Train(layers, options, Features(0.05), isSparse: true).Parameters);
    }

    /// <summary>Where means are 0, the rows stay sparse; where they are not, a zero no longer is one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Standardized_rows_equal_dense_ones(bool isShifted)
    {
        Layer[] layers = [new StandardizationLayer(limit: 0.5f), new DenseLayer(20, Activation.ReLU), new DenseLayer(Classes, Activation.Softmax)];
        var options = Options(new StochasticGradientDescent());
        var (dense, sparse) = (Train(false), Train(true));
        Assert.Equal(dense.Parameters, sparse.Parameters);
        Assert.Equal(isShifted ? 0 : 1, sparse.FirstLayer);

        (float[] Parameters, int FirstLayer) Train(bool isSparse)
        {
            var network = NewNetwork(layers);
            network.SetParameter(network.Parameters[1], [.. Samples.Numbers(Inputs, seed: 8).Select(x => 3 * x)]);
            if (isShifted)
                network.SetParameter(network.Parameters[0], Samples.Numbers(Inputs, seed: 9));
            new NetworkTrainer(network, options).Train(Data(Features(0.05), isSparse));
            var workspace = network.CreateWorkspace(Rows);
            if (isSparse)
                Assert.Equal(network.Predict(Features(0.05)), network.Forward(SparseSamples.Store(Features(0.05), Inputs), workspace).ToArray());
            return ([.. network.Parameters.SelectMany(p => p.ToArray())], workspace.Entry);
        }
    }

    /// <summary>Batches of 15 rows miss more values or fewer, and some none.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void Rows_that_miss_values_equal_dense_ones(int members, int threads)
    {
        var features = Features(0.05);
        for (var i = 20 * Inputs; i < features.Length; i++)
            features[i] = features[i] != 0 && i % 3 == 0 && i % Inputs != 5 ? float.NaN : features[i];
        Layer[] inner = [new DenseLayer(20, Activation.ReLU), new DenseLayer(Classes, Activation.Softmax)];
        Layer[] layers = [new MissingValueLayer([.. Enumerable.Range(0, Inputs).Where(column => column != 5)]), new StandardizationLayer(), .. members == 1 ? inner : [new EnsembleLayer(members, inner)]];
        var options = Options(new StochasticGradientDescent());
        (options.Shuffle, options.NumberOfThreads) = (false, threads);
        var (dense, sparse) = (Train(false), Train(true));
        Assert.Equal(dense, sparse);

        float[] Train(bool isSparse)
        {
            var network = NewNetwork(layers);
            network.SetParameter(network.Parameters[0], Samples.Numbers(Inputs - 1, seed: 4));
            new NetworkTrainer(network, options).Train(Data(features, isSparse));
            return [.. network.Parameters.SelectMany(p => p.ToArray()), .. isSparse ? network.Predict(SparseSamples.Store(features, Inputs)) : network.Predict(features)];
        }
    }

    [Fact]
    public void Predictions_equal_those_of_dense_rows()
    {
        var network = NewNetwork([new DenseLayer(70, Activation.GELU), new DenseLayer(Classes, Activation.Softmax)]);
        var sparse = SparseSamples.Store(Features(0.3), Inputs);
        var expected = network.Predict(Features(0.3));
        Assert.Equal(expected, network.Predict(sparse));
        using var workspace = network.CreateWorkspace(Rows, threads: 3);
        Assert.Equal(expected, network.Forward(sparse, workspace).ToArray());
        Assert.Empty(network.Predict(new SparseFeatures(Inputs, default, default, new[] { 0 })));
    }

    [Fact]
    public void A_resumed_training_gives_the_bits_of_one_that_was_not_interrupted()
    {
        var options = Options(new Adam());
        Layer[] layers = [new DenseLayer(20, Activation.ReLU), new DenseLayer(Classes, Activation.Softmax)];
        var expected = Train(layers, options, Features(0.05), isSparse: true).Parameters;
        options.Checkpoints = new Checkpoints(_folder);
        options.EpochCompleted = epoch => _ = epoch.Epoch == 3 ? throw new TimeoutException() : epoch;
        Assert.Throws<TimeoutException>(() => Train(layers, options, Features(0.05), isSparse: true));
        options.EpochCompleted = null;
        var changed = Features(0.05);
        changed[Array.FindLastIndex(changed, x => x != 0)] += 1;
        Assert.Contains("training rows", Assert.Throws<ArgumentException>(() => Train(layers, options, changed, isSparse: true)).Message, StringComparison.Ordinal);
        Assert.Equal(expected, Train(layers, options, Features(0.05), isSparse: true).Parameters);
    }

    [Fact]
    public void Gradient_norms_are_those_of_dense_rows()
    {
        var options = Options(new StochasticGradientDescent());
        options.RecordDiagnostics = true;
        Layer[] layers = [new DenseLayer(40, Activation.ReLU), new DenseLayer(Classes, Activation.Softmax)];
        var (expected, actual) = (Norms(isSparse: false), Norms(isSparse: true));
        Assert.True(expected[0] > 0);
        foreach (var (x, y) in expected.Zip(actual))
            Assert.Equal(x, y, x * 1e-6);

        double[] Norms(bool isSparse) => [.. Train(layers, options, Features(0.05), isSparse).History.SelectMany(epoch => epoch.Diagnostics.Select(layer => layer.GradientNorm))];
    }

    [Fact]
    public void A_learning_rate_is_found_as_on_dense_rows()
    {
        var options = Options(new StochasticGradientDescent());
        Layer[] layers = [new DenseLayer(20, Activation.ReLU), new DenseLayer(Classes, Activation.Softmax)];
        Assert.Equal(
            LearningRateFinder.Find(NewNetwork(layers), Data(Features(0.05), isSparse: false), options, steps: 30).Points,
            LearningRateFinder.Find(NewNetwork(layers), Data(Features(0.05), isSparse: true), options, steps: 30).Points);
    }

    private static TrainingOptions Options(Optimizer optimizer) => new() { Optimizer = optimizer, BatchSize = 15, NumberOfEpochs = 5, Seed = 3 };

    private static (float[] Parameters, TrainingHistory History) Train(Layer[] layers, TrainingOptions options, float[] features, bool isSparse)
    {
        var network = NewNetwork(layers);
        var history = new NetworkTrainer(network, options).Train(Data(features, isSparse));
        return ([.. network.Parameters.SelectMany(p => p.ToArray())], history);
    }

    private static Network NewNetwork(Layer[] layers) => Network.Create(Inputs, layers, seed: 1);

    private static float[] Features(double share) => SparseSamples.Rows(Rows, Inputs, share, seed: 6);

    private static Dataset Data(float[] features, bool isSparse)
    {
        var classes = Enumerable.Range(0, Rows).Select(row => row * row % Classes).ToArray();
        var weights = Enumerable.Range(0, Rows).Select(row => row % 4 + 0.5f).ToArray();
        return isSparse
            ? Dataset.FromClasses(SparseSamples.Store(features, Inputs), Classes, classes, weights)
            : Dataset.FromClasses(Inputs, Classes, features, classes, weights);
    }
}
