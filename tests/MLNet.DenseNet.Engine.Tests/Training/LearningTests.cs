namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>Networks learn, from any of a few seeds.</summary>
public class LearningTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Exclusive_or_with_sigmoids_and_plain_descent(int seed)
    {
        var network = Network.Create(2, [new DenseLayer(4, Activation.Sigmoid), new DenseLayer(1, Activation.Sigmoid)], seed);
        Train(network, LearningData.Xor, seed, new TrainingOptions
        {
            Loss = new MeanSquaredError(),
            Optimizer = new StochasticGradientDescent(),
            LearningRate = 4,
            BatchSize = TrainingOptions.FullBatch,
            NumberOfEpochs = 4000,
        });
        var outputs = network.Predict([0, 0, 0, 1, 1, 0, 1, 1]);
        Assert.All(outputs.Zip((float[])[0, 1, 1, 0]), p => Assert.Equal(p.Second, p.First, 0.15f));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_spirals_with_rectifiers_and_Adam(int seed)
    {
        var hidden = new DenseLayer(32, Activation.ReLU);
        var network = Network.Create(2, [hidden, hidden, new DenseLayer(1, Activation.Sigmoid)], seed);
        var history = Train(
            network, LearningData.Spirals(300, seed: 1), seed, new TrainingOptions { LearningRate = 0.01f, NumberOfEpochs = 120 },
            LearningData.Spirals(300, seed: 2));
        Assert.True(history[^1].ValidationAccuracy >= 0.97, history[^1].ToString());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Sine_by_regression(int seed)
    {
        var network = Network.Create(1, [new DenseLayer(16, Activation.Tanh), new DenseLayer(1)], seed);
        var history = Train(
            network, LearningData.Functions(60, x => Math.Sin(Math.PI * x)), seed, new TrainingOptions { LearningRate = 0.02f, NumberOfEpochs = 150 },
            LearningData.Functions(77, x => Math.Sin(Math.PI * x)));
        Assert.True(history[^1].ValidationLoss < 0.01, history[^1].ToString());
    }

    [Theory]
    [InlineData(1e4f)]
    [InlineData(1e6f)]
    [InlineData(1.6e7f)]
    public void A_feature_whose_mean_is_far_larger_than_its_spread(float mean)
    {
        // From mean to mean + 10 in steps of 1, which float32 still tells apart.
        var features = Enumerable.Range(0, 110).Select(i => mean + i % 11).ToArray();
        var data = Dataset.FromTargets(1, 1, features, Enumerable.Range(0, 110).Select(i => (float)Math.Cos(i % 11 / 3.0)).ToArray());
        var network = Network.Create(1, [new StandardizationLayer(), new DenseLayer(24, Activation.Tanh), new DenseLayer(1)], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions { LearningRate = 0.02f, NumberOfEpochs = 300, Seed = 1 });
        trainer.Standardize(data);
        Assert.True(trainer.Train(data)[^1].RSquared > 0.98);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Three_functions_at_once(int seed)
    {
        var network = Network.Create(1, [new DenseLayer(24, Activation.GELU), new DenseLayer(3)], seed);
        Train(
            network, LearningData.Functions(60, x => Math.Sin(3 * x), x => x * x, x => -2 * x), seed,
            new TrainingOptions { LearningRate = 0.02f, NumberOfEpochs = 150 });
        foreach (var x in (float[])[-0.77f, -0.31f, 0.05f, 0.66f])
        {
            var outputs = network.Predict([x]);
            Assert.Equal(MathF.Sin(3 * x), outputs[0], 0.15f);
            Assert.Equal(x * x, outputs[1], 0.15f);
            Assert.Equal(-2 * x, outputs[2], 0.15f);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Five_clouds_with_softmax(int seed) =>
        CheckClouds(seed, Activation.Softmax, loss: null);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Five_clouds_the_textbook_way_with_sigmoids_and_squared_error(int seed) =>
        CheckClouds(seed, Activation.Sigmoid, new MeanSquaredError());

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Spirals_under_dropout_and_weight_decay(int seed)
    {
        var network = Network.Create(2, [new DenseLayer(64, Activation.SiLU), new DropoutLayer(0.1f), new DenseLayer(2, Activation.Softmax)], seed);
        var history = Train(
            network, LearningData.Spirals(300, seed: 1), seed,
            new TrainingOptions
            {
                Optimizer = new StochasticGradientDescent(0.9f, nesterov: true),
                LearningRate = 0.2f,
                WeightDecay = 1e-5f,
                NumberOfEpochs = 120,
            },
            LearningData.Spirals(300, seed: 2));
        Assert.True(history[^1].ValidationAccuracy >= 0.95, history[^1].ToString());
    }

    private static void CheckClouds(int seed, Activation output, Loss? loss)
    {
        var network = Network.Create(2, [new DenseLayer(12, Activation.Tanh), new DenseLayer(5, output)], seed);
        var history = Train(
            network, LearningData.Clouds(5, 300, seed: 1), seed, new TrainingOptions { Loss = loss, LearningRate = 0.02f, NumberOfEpochs = 60 },
            LearningData.Clouds(5, 300, seed: 2));
        Assert.True(history[^1].ValidationAccuracy >= 0.97, history[^1].ToString());
    }

    private static TrainingHistory Train(Network network, Dataset data, int seed, TrainingOptions options, Dataset? validation = null)
    {
        options.Seed = seed;
        return new NetworkTrainer(network, options).Train(data, validation);
    }
}
