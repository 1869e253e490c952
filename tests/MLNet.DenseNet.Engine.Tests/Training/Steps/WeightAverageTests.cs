namespace MLNet.DenseNet.Engine.Tests.Training.Steps;

/// <summary>The exponential moving average of weights, beside one in float64 of the weights that each step led to.</summary>
public class WeightAverageTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(7, 3)]
    [InlineData(37, 1)]
    public void It_is_that_of_the_weights_after_each_step(int units, int members)
    {
        var network = Network.Create(SmallTraining.Inputs, [new EnsembleLayer(members, [new DenseLayer(units, Activation.Tanh), new BatchNormalizationLayer(), new DenseLayer(SmallTraining.Outputs)])], seed: 1);
        // Running statistics are averaged too: those of the latest step are of other weights.
        var learned = network.Members.ToArray().SelectMany(member => member.LearnedParameters).ToArray();
        var expected = new double[learned.Sum(parameter => parameter.Shape.Size)];
        var (steps, checks) = (0, 0);
        var options = SmallTraining.Options();
        (options.AverageWeights, options.NumberOfEpochs) = (true, 4);
        options.BatchCompleted = batch =>
        {
            var share = 1.0 / Math.Min(++steps, 2 * batch.NumberOfBatches);
            foreach (var (index, weight) in Values().Index())
                expected[index] += share * (weight - expected[index]);
        };
        options.EpochCompleted = _ =>
        {
            checks++;
            Assert.All(Values().Index(), pair => Assert.Equal(expected[pair.Index], pair.Item, 1e-6));
        };
        new NetworkTrainer(network, options).Train(SmallTraining.Data());
        Assert.Equal(4, checks);
        Assert.All(Values().Index(), pair => Assert.Equal(expected[pair.Index], pair.Item, 1e-6));

        float[] Values() => [.. learned.SelectMany(parameter => parameter.ToArray())];
    }

    /// <summary>As in every other end, and a further training begins with the weights that steps led to.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void After_an_exception_of_a_callback_the_network_is_the_average(int epoch, int batch)
    {
        var thrown = Run((_, progress) =>
        {
            if ((progress.Epoch, progress.Batch) == (epoch, batch))
                throw new TimeoutException();
        });
        var canceled = Run((cancellation, progress) =>
        {
            if ((progress.Epoch, progress.Batch) == (epoch, batch))
                cancellation.Cancel();
        });
        Assert.Equal(canceled, thrown);

        static (string, string) Run(Action<CancellationTokenSource, BatchProgress> completed)
        {
            using var cancellation = new CancellationTokenSource();
            var network = SmallTraining.NewNetwork();
            var options = SmallTraining.Options();
            var isFirst = true;
            (options.AverageWeights, options.NumberOfEpochs, options.CancellationToken) = (true, 4, cancellation.Token);
            options.BatchCompleted = progress =>
            {
                if (isFirst)
                    completed(cancellation, progress);
            };
            var trainer = new NetworkTrainer(network, options);
            Assert.ThrowsAny<Exception>(() => trainer.Train(SmallTraining.Data()));
            isFirst = false;
            var first = string.Join(' ', Samples.ParameterBits(network));
            trainer.ComputeGradient(SmallTraining.Features, SmallTraining.Targets);
            trainer.Step();
            return (first, string.Join(' ', Samples.ParameterBits(network)));
        }
    }

    /// <summary>Steps go on from the weights themselves: their losses are the same, those of the average are not.</summary>
    [Fact]
    public void It_changes_what_is_measured_and_not_what_is_learned()
    {
        var ((_, averaged), (_, plain)) = (Train(o => o.AverageWeights = true), Train(_ => { }));
        Assert.Equal(plain.Select(epoch => epoch.Loss), averaged.Select(epoch => epoch.Loss));
        Assert.All(plain.Zip(averaged), pair => Assert.NotEqual(pair.First.ValidationLoss, pair.Second.ValidationLoss));
        Assert.Equal($"{plain.Settings.Optimizer}, weights averaged", averaged.Settings.Optimizer);
    }

    [Fact]
    public void The_network_in_a_callback_is_what_was_measured()
    {
        var (data, network) = (SmallTraining.Data(), SmallTraining.NewNetwork());
        var options = SmallTraining.Options();
        options.AverageWeights = true;
        options.EpochCompleted = epoch => Assert.Equal(Loss(), epoch.ValidationLoss!.Value, 1e-6);
        new NetworkTrainer(network, options).Train(data, data);

        double Loss()
        {
            var copy = SmallTraining.NewNetwork();
            foreach (var (to, from) in copy.Parameters.Zip(network.Parameters))
                to.CopyFrom(from);
            return new NetworkTrainer(copy, new TrainingOptions { NumberOfEpochs = 1, LearningRate = 1e-30f }).Train(data, data)[0].ValidationLoss!.Value;
        }
    }

    /// <summary>At the rate of an annealing the last weights are the best; it goes on from the average that was.</summary>
    [Fact]
    public void An_annealing_takes_none()
    {
        var network = SmallTraining.NewNetwork();
        var last = Array.Empty<int>();
        var options = SmallTraining.Options();
        (options.AverageWeights, options.NumberOfEpochs, options.EarlyStopping, options.RestoreBestWeights) = (true, 6, new EarlyStopping(patience: 100) { AnnealingEpochs = 2 }, false);
        options.BatchCompleted = _ => last = Samples.ParameterBits(network);
        options.EpochCompleted = epoch => Assert.Equal(epoch.Epoch > 4, last.SequenceEqual(Samples.ParameterBits(network)));
        new NetworkTrainer(network, options).Train(SmallTraining.Data(), SmallTraining.Data());
    }

    [Fact]
    public void Interrupted_in_any_epoch_it_gives_the_same_bits()
    {
        var (expected, whole) = Train(Annealed);
        Assert.True(whole.Count is > 8 and < 40, $"{whole.Count} epochs");
        for (var interrupted = 1; interrupted < whole.Count; interrupted++)
        {
            var folder = Directory.CreateTempSubdirectory("densenet");
            try
            {
                Assert.Throws<TimeoutException>(() => Train(options =>
                {
                    Annealed(options);
                    options.Checkpoints = new Checkpoints(folder.FullName);
                    options.EpochCompleted = epoch =>
                    {
                        if (epoch.Epoch == interrupted + 1)
                            throw new TimeoutException();
                    };
                }));
                var (bits, history) = Train(options =>
                {
                    Annealed(options);
                    options.Checkpoints = new Checkpoints(folder.FullName);
                });
                Assert.Equal(expected, bits);
                Assert.Equal(whole.Select(epoch => epoch.ValidationLoss), history.Select(epoch => epoch.ValidationLoss));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        static void Annealed(TrainingOptions options) =>
            (options.AverageWeights, options.LearningRate, options.NumberOfEpochs, options.EarlyStopping) = (true, 0.05f, 40, new EarlyStopping(patience: 2) { AnnealingEpochs = 3 });
    }

    [Fact]
    public void A_training_that_is_canceled_returns_it()
    {
        var (whole, network) = (SmallTraining.NewNetwork(), SmallTraining.NewNetwork());
        using var source = new CancellationTokenSource();
        var options = SmallTraining.Options();
        (options.AverageWeights, options.NumberOfEpochs, options.CancellationToken, options.CancellationBehavior) = (true, 5, source.Token, CancellationBehavior.ReturnModel);
        var last = Array.Empty<int>();
        options.BatchCompleted = batch =>
        {
            last = Samples.ParameterBits(network);
            if (batch is { Epoch: 3, Batch: 1 })
                source.Cancel();
        };
        Assert.Equal(TrainingEnd.Canceled, new NetworkTrainer(network, options).Train(SmallTraining.Data()).End);
        Assert.NotEqual(last, Samples.ParameterBits(network));
    }

    [Fact]
    public void Each_training_begins_one_anew()
    {
        var network = SmallTraining.NewNetwork();
        var options = SmallTraining.Options();
        (options.AverageWeights, options.NumberOfEpochs, options.BatchSize) = (true, 1, TrainingOptions.FullBatch);
        var last = Array.Empty<int>();
        options.BatchCompleted = _ => last = Samples.ParameterBits(network);
        var trainer = new NetworkTrainer(network, options);
        for (var training = 0; training < 2; training++)
        {
            trainer.Train(SmallTraining.Data());
            // The average of a single step.
            Assert.Equal(last, Samples.ParameterBits(network));
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var data = LearningData.Clouds(3, 64, seed: 1);
        Assert.Equal(Bits(1), Bits(3));

        int[] Bits(int threads)
        {
            var network = Network.Create(2, [new DenseLayer(300, Activation.ReLU), new DenseLayer(301, Activation.ReLU), new DenseLayer(3, Activation.Softmax)], seed: 1);
            new NetworkTrainer(network, new TrainingOptions { AverageWeights = true, NumberOfEpochs = 3, NumberOfThreads = threads, Seed = 1 }).Train(data);
            return Samples.ParameterBits(network);
        }
    }

    private static (int[] Bits, TrainingHistory History) Train(Action<TrainingOptions> change)
    {
        var network = SmallTraining.NewNetwork();
        var options = SmallTraining.Options();
        options.ValidationFraction = 0.3f;
        change(options);
        var history = new NetworkTrainer(network, options).Train(SmallTraining.Data());
        return (Samples.ParameterBits(network), history);
    }
}
