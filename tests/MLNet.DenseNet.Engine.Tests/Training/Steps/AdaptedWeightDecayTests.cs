namespace MLNet.DenseNet.Engine.Tests.Training.Steps;

/// <summary>A regression's weight decay by what it has not learned yet.</summary>
public sealed class AdaptedWeightDecayTests : IDisposable
{
    private const float Decay = 0.5f;

    private const int Rows = 30_000;

    private static readonly Dataset Line = Dataset.FromTargets(1, 1, Samples.Numbers(Rows, seed: 1), Samples.Numbers(Rows, seed: 1).Select(x => 2 * x).ToArray());

    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0.0, 25_000, 0.5f)]
    [InlineData(0.0, 50_000, 0.25f)]
    [InlineData(-3.0, 50_000, 0.5f)]
    [InlineData(double.NaN, 50_000, 0.5f)]
    [InlineData(0.99, 250, 0.5f)]
    [InlineData(0.99, 1000, 0.125f)]
    [InlineData(1.0, 10, 0f)]
    [InlineData(1 + 1e-12, 10, 0f)]
    public void It_is_less_the_less_is_noise_and_the_more_rows_there_are(double rSquared, int rows, float expected)
    {
        Assert.Equal(expected, AdaptedWeightDecay.Of(Options(), Epoch(rSquared), rows), 1e-6f);
        Assert.Equal(Decay, AdaptedWeightDecay.Of(Options(o => o.AdaptWeightDecay = false), Epoch(rSquared), rows));
        Assert.Equal(Decay, AdaptedWeightDecay.Of(Options(o => o.AdaptWeightDecay = null), Epoch(rSquared), rows));
    }

    [Fact]
    public void It_is_whole_in_the_first_epoch_and_without_rows_to_measure_with()
    {
        Assert.Equal(Decay, AdaptedWeightDecay.Of(Options(), before: null, int.MaxValue));
        Assert.Equal(Decay, AdaptedWeightDecay.Of(Options(), Epoch(validationRSquared: null), int.MaxValue));
    }

    /// <summary>Gradient descent keeps no state, so that each epoch may be a training of its own.</summary>
    [Fact]
    public void Each_epoch_is_one_with_the_decay_of_what_the_one_before_left()
    {
        var network = NewNetwork();
        var history = new NetworkTrainer(network, Options()).Train(Line, Line);

        var expected = NewNetwork();
        var decay = Decay;
        foreach (var epoch in history)
        {
            var own = new NetworkTrainer(expected, Options(o => (o.NumberOfEpochs, o.WeightDecay, o.AdaptWeightDecay) = (1, decay, null))).Train(Line, Line)[0];
            Assert.Equal(own.ValidationRSquared!.Value, epoch.ValidationRSquared!.Value, 1e-5);
            decay = Decay * (float)Math.Min(1, 25_000 * (1 - own.ValidationRSquared.Value) / Rows);
        }

        Assert.InRange(decay, 0.001f * Decay, 0.9f * Decay);
        // Of the last epoch, for whoever wants to set another one.
        Assert.Equal(AdaptedWeightDecay.Of(Options(), history[^2], Rows), history.Settings.WeightDecay);
        var constant = NewNetwork();
        new NetworkTrainer(constant, Options(o => o.AdaptWeightDecay = false)).Train(Line, Line);
        Assert.True(network.Predict([1])[0] > constant.Predict([1])[0] + 0.05, $"{network.Predict([1])[0]}, {constant.Predict([1])[0]}");
    }

    [Fact]
    public void Members_of_an_ensemble_have_it_too()
    {
        var (adapted, constant) = (Train(true), Train(false));
        Assert.All(Enumerable.Range(0, 2), member => Assert.True(Weight(adapted, member) > Weight(constant, member) + 0.01));

        static Network Train(bool adapts)
        {
            var network = Network.Create(1, [new EnsembleLayer(2, [new DenseLayer(1)])], seed: 1);
            new NetworkTrainer(network, Options(o => o.AdaptWeightDecay = adapts)).Train(Line, Line);
            return network;
        }

        static float Weight(Network network, int member) => network.Members[member].Parameters[0].ToArray()[0];
    }

    /// <summary>Where all is learned, the last epoch has nearly no decay. A step from no gradient at all shows the one in force.</summary>
    [Fact]
    public void Single_steps_after_a_training_have_the_whole_decay()
    {
        var options = Options(o => o.NumberOfEpochs = 20);
        var network = NewNetwork();
        var trainer = new NetworkTrainer(network, options);
        trainer.Train(Line, Line);
        var weight = network.Parameters[0].ToArray()[0];
        trainer.ComputeGradient(new float[] { 0 }, [network.Parameters[1].ToArray()[0]]);
        trainer.Step();
        Assert.Equal(weight * (1 - options.LearningRate!.Value * Decay), network.Parameters[0].ToArray()[0], 1e-5f);
    }

    [Fact]
    public void A_classification_keeps_its_own()
    {
        var data = LearningData.Clouds(3, 60, seed: 1);
        Assert.Equal(Bits(false), Bits(true));

        int[] Bits(bool adapts)
        {
            var network = Network.Create(2, [new DenseLayer(3, Activation.Softmax)], seed: 1);
            new NetworkTrainer(network, Options(o => o.AdaptWeightDecay = adapts)).Train(data, data);
            return Samples.ParameterBits(network);
        }
    }

    [Fact]
    public void A_resumed_training_goes_on_with_it()
    {
        var expected = Train(Options());
        var options = Options(o => o.Checkpoints = new Checkpoints(_folder));
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 3)
                throw new TimeoutException();
        };
        Assert.Throws<TimeoutException>(() => Train(options));
        options.EpochCompleted = null;
        Assert.Equal(expected, Train(options));

        options.AdaptWeightDecay = false;
        Assert.Contains("AdaptWeightDecay: True", Assert.Throws<ArgumentException>(() => Train(options)).Message, StringComparison.Ordinal);

        static int[] Train(TrainingOptions options)
        {
            var network = NewNetwork();
            new NetworkTrainer(network, options).Train(Line, Line);
            return Samples.ParameterBits(network);
        }
    }

    private static Network NewNetwork() => Network.Create(1, [new DenseLayer(1)], seed: 1);

    private static TrainingOptions Options(Action<TrainingOptions>? change = null)
    {
        var options = new TrainingOptions
        {
            Optimizer = new StochasticGradientDescent(),
            LearningRate = 0.02f,
            WeightDecay = Decay,
            AdaptWeightDecay = true,
            BatchSize = 1000,
            Shuffle = false,
            NumberOfEpochs = 5,
            Seed = 1,
        };
        change?.Invoke(options);
        return options;
    }

    private static EpochSummary Epoch(double? validationRSquared) => new(1, 10, 1, null, null, 1, null, validationRSquared, 0.1f, 100, TimeSpan.Zero, TimeSpan.Zero);
}
