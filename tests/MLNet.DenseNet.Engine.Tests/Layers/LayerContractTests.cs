using MLNet.DenseNet.Engine.Tests.Resuming;

namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>What a layer may ask for: memory for a batch, statistics that forward passes in training update, shapes and parameters of any rank.</summary>
public class LayerContractTests
{
    private const int Channels = 40;
    private const int Rows = 10;

    private static readonly Shape Input = new(2, 3, Channels);

    private static readonly Dataset Data = Dataset.FromTargets(Input.Size, 2, Samples.Numbers(Rows * Input.Size, seed: 1), Samples.Numbers(Rows * 2, seed: 2));

    [Fact]
    public void Shapes_of_any_rank_pass_through()
    {
        var network = NewNetwork(new CenteringLayer());
        Assert.Equal(["2 x 3 x 40 -> 2 x 3 x 40", "2 x 3 x 40 -> 4", "4 -> 2"], network.Layers.Select(layer => $"{layer.InputShape} -> {layer.OutputShape}"));
        Assert.Contains("2 x 3 x 40 -> 2 x 3 x 40", network.Summary().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_of_any_rank_are_row_major_for_whoever_reads_and_sets_them()
    {
        var network = NewNetwork(new CenteringLayer());
        var kernel = network.Parameters[0];
        Assert.Equal("1 x 2 x 3 x 40", $"{kernel.Shape}");
        var values = Samples.Numbers(kernel.Shape.Size, seed: 3);
        network.SetParameter(kernel, values);
        Assert.Equal(values, kernel.ToArray());
    }

    /// <summary>The layer does not say how its gradients are cut for threads; with weight decay, each parameter is changed by itself all the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Parameters_of_such_a_layer_are_trained(int threads)
    {
        var network = NewNetwork(new CenteringLayer());
        var before = network.Parameters.Where(parameter => parameter.IsTrained).Select(parameter => parameter.ToArray()).ToArray();
        new NetworkTrainer(network, new TrainingOptions { Optimizer = new AdamW(), WeightDecay = 0.1f, NumberOfEpochs = 1, NumberOfThreads = threads, Seed = 1 }).Train(Data);
        Assert.All(network.Parameters.Where(parameter => parameter.IsTrained).Zip(before), pair => Assert.NotEqual(pair.Second, pair.First.ToArray()));
    }

    [Fact]
    public void Gradients_through_such_a_layer_are_right()
    {
        const float Difference = 1e-2f;
        var network = NewNetwork(new CenteringLayer());
        var trainer = new NetworkTrainer(network, new TrainingOptions());
        var (features, targets) = (Samples.Numbers(Rows * Input.Size, seed: 1), Samples.Numbers(Rows * 2, seed: 2));
        trainer.ComputeGradient(features, targets);
        foreach (var parameter in network.Parameters.Where(parameter => parameter.IsTrained))
        {
            var gradient = trainer.Gradient(parameter);
            var values = parameter.ToArray();
            for (var i = 0; i < values.Length; i += 7)
            {
                var expected = (LossWith(i, Difference) - LossWith(i, -Difference)) / (2 * Difference);
                Assert.Equal(expected, gradient[i], 2e-3 * Math.Max(0.1, Math.Abs(expected)));
                network.SetParameter(parameter, values);
                trainer.ComputeGradient(features, targets);

                double LossWith(int index, float difference)
                {
                    var changed = (float[])values.Clone();
                    changed[index] += difference;
                    network.SetParameter(parameter, changed);
                    return new NetworkTrainer(network, new TrainingOptions()).ComputeGradient(features, targets);
                }
            }
        }
    }

    [Fact]
    public void Memory_is_that_of_the_rows_and_that_of_the_batch()
    {
        var layer = new CenteringLayer();
        new NetworkTrainer(NewNetwork(layer), Options(epochs: 1)).Train(Data, Data);
        // Ten rows in batches of four, and all at once to measure with.
        Assert.Equal([(true, 4, Channels, 4 + 2 * Channels), (true, 4, Channels, 4 + 2 * Channels), (true, 2, Channels, 2 + 2 * Channels), (false, 10, 0, 10 + 2 * Channels)], layer.Seen);
        layer.Seen.Clear();
        NewNetwork(layer).Predict(Samples.Numbers(3 * Input.Size, seed: 4));
        Assert.Equal([(false, 3, 0, 3 + 2 * Channels)], layer.Seen);
    }

    [Fact]
    public void Forward_passes_update_statistics_in_training_alone()
    {
        var network = NewNetwork(new CenteringLayer());
        var statistic = network.Parameters[1];
        Assert.Equal(("running mean", false), (statistic.Name, statistic.IsTrained));
        var features = Samples.Numbers(Rows * Input.Size, seed: 1);
        network.Predict(features);
        Assert.All(statistic.ToArray(), value => Assert.Equal(0, value));

        var trainer = new NetworkTrainer(network, Options(epochs: 1));
        trainer.ComputeGradient(features, Samples.Numbers(Rows * 2, seed: 2));
        for (var channel = 0; channel < Channels; channel++)
        {
            var mean = Enumerable.Range(0, features.Length).Where(i => i % Channels == channel).Average(i => (double)features[i]);
            Assert.Equal((1 - CenteringLayer.Momentum) * mean, statistic.ToArray()[channel], 1e-5);
        }

        Assert.All(trainer.Gradient(statistic), value => Assert.Equal(0, value));
        var before = statistic.ToArray();
        trainer.Step();
        Assert.Equal(before, statistic.ToArray());
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(2, true)]
    public void The_best_epoch_comes_back_with_its_statistics(int epochs, bool isInside)
    {
        var kept = new List<float[]>();
        var network = NewNetwork(Centering(isInside));
        var options = Options(epochs);
        options.LearningRate = 0.5f;
        options.RestoreBestWeights = true;
        options.EpochCompleted = _ => kept.Add(network.Parameters[1].ToArray());
        var history = new NetworkTrainer(network, options).Train(Data, Dataset.FromTargets(Input.Size, 2, Samples.Numbers(Rows * Input.Size, seed: 7), Samples.Numbers(Rows * 2, seed: 8)));
        Assert.NotEqual(epochs, history.RestoredEpoch);
        Assert.NotEqual(kept[^1], kept[history.RestoredEpoch!.Value - 1]);
        Assert.Equal(kept[history.RestoredEpoch.Value - 1], network.Parameters[1].ToArray());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public void A_resumed_training_goes_on_with_the_statistics(int members, bool isInside)
    {
        using var folder = new CheckpointFolder();
        var options = Options(epochs: 6);
        options.RestoreBestWeights = true;
        var whole = Train(options);

        options.Checkpoints = new Checkpoints(folder.Folder);
        options.EpochCompleted = epoch =>
        {
            if (epoch.Epoch == 3)
                throw new TimeoutException();
        };
        Assert.Throws<TimeoutException>(() => Train(options));
        options.EpochCompleted = null;
        options.NumberOfThreads = 3;
        Assert.Equal(whole, Train(options));

        int[] Train(TrainingOptions options)
        {
            // A kind that can be saved, since settings of layers are compared as they are saved.
            Layer layer = isInside ? new ResidualLayer([new BatchNormalizationLayer(), new DropoutLayer(0.1f)]) : new BatchNormalizationLayer();
            Layer[] layers = [layer, new DenseLayer(4, Activation.Tanh), new DenseLayer(2)];
            var network = Network.Create(Input, members == 1 ? layers : [new EnsembleLayer(members, layers)], seed: 1);
            new NetworkTrainer(network, options).Train(Data, Data);
            return Samples.ParameterBits(network);
        }
    }

    [Theory]
    [InlineData("running mean", false)]
    [InlineData("1.running mean", true)]
    public void Each_member_of_an_ensemble_has_statistics_of_its_own(string name, bool isInside)
    {
        var network = Network.Create(Input, [new EnsembleLayer(3, [new DenseLayer(7), Centering(isInside), new DenseLayer(2)])], seed: 1);
        new NetworkTrainer(network, Options(epochs: 2)).Train(Data);
        var statistics = network.Parameters.Where(parameter => parameter.Name.StartsWith(name, StringComparison.Ordinal)).ToArray();
        Assert.Equal([$"{name} 1.2", $"{name} 2.2", $"{name} 3.2"], statistics.Select(parameter => parameter.Name));
        Assert.Equal(3, statistics.Select(parameter => string.Join(' ', parameter.ToArray())).Distinct().Count());

        var alone = Network.Create(Input, [new DenseLayer(7), Centering(isInside), new DenseLayer(2)], seed: 1);
        new NetworkTrainer(alone, Options(epochs: 2)).Train(Data);
        Assert.Equal(Samples.ParameterBits(alone), Samples.ParameterBits(network.Members[0]));
    }

    /// <summary>Each member would update them.</summary>
    [Fact]
    public void Statistics_in_front_of_an_ensemble_are_refused() =>
        Assert.All((Layer[])[Centering(isInside: false), Centering(isInside: true)], layer =>
            Assert.Throws<ArgumentException>("layers", () => Network.Create(Input, [layer, new EnsembleLayer(2, [new DenseLayer(2)])], seed: 1)));

    private static Layer Centering(bool isInside) => isInside ? new ResidualLayer([new CenteringLayer(), new DropoutLayer(0.1f)]) : new CenteringLayer();

    private static Network NewNetwork(Layer layer) => Network.Create(Input, [layer, new DenseLayer(4, Activation.Tanh), new DenseLayer(2)], seed: 1);

    private static TrainingOptions Options(int epochs) => new() { Seed = 2, NumberOfEpochs = epochs, BatchSize = 4, LearningRate = 0.01f };
}
