using MLNet.DenseNet.Engine.Tests.Gradients;

namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>The members of an ensemble train as each would alone; what is reported is the metric of their mean prediction.</summary>
public class EnsembleTests
{
    private const int Inputs = 5;
    private const int Classes = 3;
    private const int Rows = 50;
    private const int Members = 3;

    private static readonly float[] Features = Samples.Numbers(Rows * Inputs, seed: 1);

    public static TheoryData<string, int> OptimizersAndThreads => new MatrixTheoryData<string, int>(Samples.Optimizers.Keys, [1, 2, 3, 8]);

    [Theory]
    [InlineData("softmax", false)]
    [InlineData("softmax", true)]
    [InlineData("sigmoid", true)]
    [InlineData("identity", false)]
    [InlineData("GELU", true)]
    public void Gradient_of_each_member_agrees_with_differences_of_its_own_loss(string output, bool isWeighted)
    {
        var loss = Loss.For(Samples.Activations[output]);
        var network = Network.Create(
            Inputs, [new StandardizationLayer(), new EnsembleLayer(Members, [new DenseLayer(6, Activation.Tanh), new DenseLayer(Classes, Samples.Activations[output])])], seed: 1);
        var examples = Examples.For(loss, Inputs, Classes, isWeighted);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = loss });
        trainer.ComputeGradient(examples.Features, examples.Targets, examples.Weights);
        foreach (var member in network.Members)
        {
            var gradients = member.Parameters.Select(trainer.Gradient).ToList();
            Assert.Null(GradientCheck.Disagreement(gradients, new ReferenceNetwork(member, loss).Gradient(examples)));
            Assert.True(gradients[2].Max(Math.Abs) > 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(OptimizersAndThreads))]
    public void Members_end_with_the_bits_that_each_has_trained_alone(string optimizer, int threads)
    {
        // One parameter is changed while its gradient is computed, the others are not, and there is enough work for threads to share.
        Layer[] layers = [new DenseLayer(300, Activation.GELU), new DenseLayer(120, Activation.ReLU), new DenseLayer(Classes, Activation.Softmax)];
        var network = Network.Create(Inputs, [new StandardizationLayer(), new EnsembleLayer(Members, layers)], seed: 1);
        var options = new TrainingOptions { Optimizer = Samples.Optimizers[optimizer], WeightDecay = 0.1f, LearningRate = 0.01f, BatchSize = 32, NumberOfEpochs = 3, Seed = 2, NumberOfThreads = threads };
        Assert.Contains(network.Parameters, p => p.IsLarge);
        CheckMembers(network, [new StandardizationLayer(), .. layers], options, Data(isWeighted: true));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(2, 0.05f)]
    public void Members_train_on_sparse_rows_as_each_alone(int threads, float? gradientNormLimit)
    {
        const int SparseInputs = 400;
        var features = SparseSamples.Rows(Rows, SparseInputs, share: 0.05, seed: 1);
        Layer[] layers = [new DenseLayer(70, Activation.SiLU), new DenseLayer(Classes, Activation.Softmax)];
        var network = Network.Create(SparseInputs, [new EnsembleLayer(Members, layers)], seed: 1);
        Assert.Equal(Samples.Bits(network.Predict(features)), Samples.Bits(network.Predict(SparseSamples.Store(features, SparseInputs))));

        var options = new TrainingOptions { Optimizer = new AdamW(), GradientNormLimit = gradientNormLimit, BatchSize = 16, NumberOfEpochs = 3, Seed = 2, NumberOfThreads = threads };
        CheckMembers(network, layers, options, Dataset.FromClasses(SparseSamples.Store(features, SparseInputs), Classes, Labels.ToArray(), default));
        var trainer = new NetworkTrainer(network, new TrainingOptions());
        trainer.ComputeGradient(features, [.. Labels.SelectMany(label => Enumerable.Range(0, Classes).Select(j => j == label ? 1f : 0))]);
        Assert.All(network.Parameters, parameter => Assert.Contains(trainer.Gradient(parameter), g => g != 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gradients_are_limited_member_by_member(int threads)
    {
        Layer[] layers = [new DenseLayer(200, Activation.Tanh), new DenseLayer(50, Activation.Tanh), new DenseLayer(Classes, Activation.Softmax)];
        var options = new TrainingOptions
        {
            Optimizer = new StochasticGradientDescent(),
            GradientNormLimit = 0.05f,
            GradientValueLimit = 0.01f,
            NumberOfEpochs = 2,
            Seed = 2,
            NumberOfThreads = threads,
        };
        CheckMembers(Network.Create(Inputs, [new EnsembleLayer(Members, layers)], seed: 1), layers, options, Data());
    }

    [Fact]
    public void The_first_member_trains_as_a_network_alone_under_dropout_too()
    {
        Layer[] layers = [new DropoutLayer(0.1f), new DenseLayer(8, Activation.ReLU), new DropoutLayer(0.5f), new DenseLayer(Classes, Activation.Softmax)];
        var options = new TrainingOptions { NumberOfEpochs = 3, BatchSize = 8, Seed = 2 };
        var (network, alone) = (Network.Create(Inputs, [new EnsembleLayer(Members, layers)], seed: 1), Network.Create(Inputs, layers, seed: 1));
        foreach (var each in (Network[])[network, alone])
            new NetworkTrainer(each, options).Train(Data());
        Assert.Equal(Samples.ParameterBits(alone), Samples.ParameterBits(network.Members[0]));
    }

    [Fact]
    public void Members_draw_dropout_masks_of_their_own()
    {
        const int Units = 1000;
        var network = Network.Create(1, [new EnsembleLayer(2, [new DenseLayer(Units), new DropoutLayer(0.5f)])], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Seed = 3 });
        trainer.ComputeGradient([1], [.. Enumerable.Repeat(100f, Units)]);
        var dropped = network.Members.ToArray().Select(member => trainer.Gradient(member.Parameters[1]).Select(g => g == 0)).ToList();
        Assert.InRange(dropped[0].Zip(dropped[1]).Count(pair => pair.First == pair.Second), Units * 4 / 10, Units * 6 / 10);
    }

    public static TheoryData<string> OutputActivations => [.. Samples.Activations.Keys];

    /// <summary>The prediction is the activation of the mean of logits, and not the mean of activations.</summary>
    [Theory]
    [MemberData(nameof(OutputActivations))]
    public void Losses_are_those_of_the_prediction_where_the_output_activation_is_no_part_of_the_loss(string activation)
    {
        var network = Network.Create(Inputs, [new EnsembleLayer(Members, [new DenseLayer(8, Activation.Tanh), new DenseLayer(Classes, Samples.Activations[activation])])], seed: 1);
        var options = new TrainingOptions { Loss = new MeanSquaredError(), Optimizer = new StochasticGradientDescent(), LearningRate = 1e-30f, NumberOfEpochs = 1, Seed = 2, BatchSize = 16 };
        var data = Dataset.FromTargets(Inputs, Classes, Features, Samples.Numbers(Features.Length / Inputs * Classes, seed: 3));
        var epoch = new NetworkTrainer(network, options).Train(data, data)[0];
        Assert.Equal(epoch.ValidationLoss!.Value, epoch.Loss, 1e-6);
        Assert.Equal(epoch.ValidationRSquared!.Value, epoch.RSquared!.Value, 1e-5);
    }

    [Fact]
    public void Losses_and_accuracies_are_those_of_the_mean_prediction()
    {
        // A rate at which nothing happens.
        var network = Network.Create(Inputs, [new EnsembleLayer(Members, [new DenseLayer(8, Activation.Tanh), new DenseLayer(Classes, Activation.Softmax)])], seed: 1);
        var options = new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 1e-30f, NumberOfEpochs = 1, Seed = 2, BatchSize = 16 };
        var epoch = new NetworkTrainer(network, options).Train(Data(), Data())[0];
        var rows = network.Predict(Features).Chunk(Classes).Zip(Labels).ToList();
        Assert.Equal(rows.Average(row => -Math.Log(row.First[row.Second])), epoch.Loss, 1e-6);
        Assert.Equal(epoch.Loss, epoch.ValidationLoss!.Value, 1e-6);
        Assert.Equal(rows.Average(row => row.First.Max() == row.First[row.Second] ? 1.0 : 0), epoch.Accuracy!.Value, 1e-9);
        Assert.Equal(epoch.Accuracy, epoch.ValidationAccuracy);
    }

    [Fact]
    public void Targets_are_scaled_for_each_member_and_reported_in_their_own_units()
    {
        Layer[] layers = [new DenseLayer(6, Activation.Tanh), new DenseLayer(2)];
        var scaling = new TargetScaling([1000, -3], [50, 0.5]);
        var network = Network.Create(Inputs, [new EnsembleLayer(Members, layers)], seed: 1);
        var before = network.Predict(Features);
        scaling.Fold(network);
        Assert.Equal(before[0] * 50 + 1000, network.Predict(Features)[0], 1e-2f);
        scaling.Unfold(network);
        Assert.Equal(before[0], network.Predict(Features)[0], 1e-4f);

        var data = Dataset.FromTargets(Inputs, 2, Features, Samples.Numbers(Rows * 2, seed: 2).Select((y, i) => i % 2 == 0 ? 1000 + 50 * y : y / 2 - 3).ToArray());
        var options = new TrainingOptions { Seed = 2, NumberOfEpochs = 20, BatchSize = 10, NumberOfThreads = 2 };
        CheckMembers(network, layers, options, data, scaling);
        scaling.Unfold(network);
        var history = new NetworkTrainer(network, options) { TargetScaling = scaling }.Train(data, data);
        var rSquared = new NetworkTrainer(network, new TrainingOptions { Seed = 2, NumberOfEpochs = 1, LearningRate = 1e-30f, Optimizer = new StochasticGradientDescent() }).Train(data)[0].RSquared;
        Assert.Equal(history[^1].ValidationRSquared!.Value, rSquared!.Value, 1e-4);
    }

    [Fact]
    public void A_member_that_diverges_ends_the_training_though_the_mean_is_finite()
    {
        var network = Network.Create(1, [new EnsembleLayer(2, [new DenseLayer(1)])], seed: 1);
        foreach (var (member, bias) in network.Members.ToArray().Zip((float[])[1e30f, -1e30f]))
            member.Parameters[1].Set([bias]);
        Assert.Throws<TrainingDivergedException>(() => new NetworkTrainer(network, new TrainingOptions()).Train(Dataset.FromTargets(1, 1, new float[] { 1 }, new float[] { 2 })));
    }

    [Fact]
    public void A_custom_loss_is_called_by_one_thread_at_a_time_and_its_exception_comes_unchanged()
    {
        var network = Network.Create(Inputs, [new EnsembleLayer(4, [new DenseLayer(300, Activation.ReLU), new DenseLayer(300, Activation.ReLU), new DenseLayer(Classes)])], seed: 1);
        var thread = Environment.CurrentManagedThreadId;
        var options = new TrainingOptions { Loss = new OfThread(thread), NumberOfThreads = 3, NumberOfEpochs = 2, BatchSize = Rows };
        Assert.Equal(2, new NetworkTrainer(network, options).Train(Data()).Count);
        options.Loss = new OfThread(thread + 1);
        Assert.Throws<TimeoutException>(() => new NetworkTrainer(network, options).Train(Data()));
    }

    [Fact]
    public void A_training_interrupted_goes_on_to_the_same_bits()
    {
        var folder = Directory.CreateTempSubdirectory("densenet").FullName;
        try
        {
            var options = new TrainingOptions { NumberOfEpochs = 6, Seed = 2, BatchSize = 8, ValidationFraction = 0.2f, RestoreBestWeights = true };
            var whole = Trained(options);
            options.Checkpoints = new Checkpoints(folder);
            options.EpochCompleted = epoch => _ = epoch.Epoch == 3 ? throw new TimeoutException() : epoch;
            Assert.Throws<TimeoutException>(() => Trained(options));
            var resumed = new List<int>();
            options.EpochCompleted = epoch => resumed.Add(epoch.Epoch);
            options.NumberOfThreads = 3;
            Assert.Equal(whole, Trained(options));
            Assert.Equal([3, 4, 5, 6], resumed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static int[] Trained(TrainingOptions options)
        {
            var network = Network.Create(Inputs, [new EnsembleLayer(Members, [new DenseLayer(9, Activation.ReLU), new DropoutLayer(0.2f), new DenseLayer(Classes, Activation.Softmax)])], seed: 1);
            new NetworkTrainer(network, options).Train(Data());
            return Samples.ParameterBits(network);
        }
    }

    [Fact]
    public void The_search_for_a_rate_leaves_the_ensemble_as_it_is()
    {
        var network = Network.Create(Inputs, [new EnsembleLayer(Members, [new DenseLayer(9, Activation.ReLU), new DenseLayer(Classes, Activation.Softmax)])], seed: 1);
        var before = Samples.ParameterBits(network);
        var curve = LearningRateFinder.Find(network, Data(), new TrainingOptions { Seed = 2 }, lowest: 1e-4f, highest: 0.1f, steps: 60);
        Assert.True(curve.Points.Min(point => point.Loss) < curve.Points[0].Loss / 2);
        Assert.Equal(before, Samples.ParameterBits(network));
    }

    private static IEnumerable<int> Labels => Enumerable.Range(0, Rows).Select(row => Features[row * Inputs] > 0.3f ? 2 : Features[row * Inputs + 1] > 0 ? 1 : 0);

    private static Dataset Data(bool isWeighted = false) =>
        Dataset.FromClasses(Inputs, Classes, Features, Labels.ToArray(), isWeighted ? Enumerable.Range(0, Rows).Select(row => row % 3 / 2f).ToArray() : default);

    /// <summary>Trains an ensemble, and networks of the same layers that begin with the weights of each member.</summary>
    private static void CheckMembers(Network ensemble, Layer[] layers, TrainingOptions options, Dataset data, TargetScaling? scaling = null)
    {
        var alone = new List<Network>();
        foreach (var member in ensemble.Members)
        {
            alone.Add(Network.Create(ensemble.InputShape, layers, seed: 0));
            Samples.CopyParameters(member, alone[^1]);
        }

        var untrained = Samples.ParameterBits(alone[0]);
        new NetworkTrainer(ensemble, options) { TargetScaling = scaling }.Train(data);
        foreach (var (member, network) in ensemble.Members.ToArray().Zip(alone))
        {
            new NetworkTrainer(network, options) { TargetScaling = scaling }.Train(data);
            Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(member));
        }

        Assert.NotEqual(untrained, Samples.ParameterBits(ensemble.Members[0]));
    }

    /// <summary>A squared error for one thread.</summary>
    private sealed class OfThread(int thread) : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            if (Environment.CurrentManagedThreadId != thread)
                throw new TimeoutException();
            double sum = 0;
            for (var j = 0; j < prediction.Length; j++)
            {
                gradient[j] = 2 * (prediction[j] - target[j]);
                sum += Math.Pow(prediction[j] - target[j], 2);
            }

            return sum;
        }
    }
}
