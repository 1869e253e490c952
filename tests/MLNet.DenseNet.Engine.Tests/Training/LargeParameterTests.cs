namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>Large parameters are changed while their gradient is computed, small ones at the end of a step.</summary>
public class LargeParameterTests
{
    private const int Rows = 300;
    private const int Inputs = 150;
    private const int BatchSize = 280;

    /// <summary>Layers large and small, columns that fill no panel, a batch longer than a block of the products' inner index.</summary>
    private static readonly Layer[] Layers =
    [
        new DenseLayer(250, Activation.Tanh), new DropoutLayer(0.1f), new DenseLayer(1030, Activation.GELU), new DenseLayer(40, Activation.ReLU), new DenseLayer(2),
    ];

    public static TheoryData<Optimizer, int> OptimizersAndThreads => new MatrixTheoryData<Optimizer, int>(
        [new StochasticGradientDescent(), new StochasticGradientDescent(0.9f, nesterov: true), new AdamW()], [1, 2, 3]);

    [Theory]
    [MemberData(nameof(OptimizersAndThreads))]
    public void Training_ends_as_single_steps_do(Optimizer optimizer, int threads)
    {
        var (features, targets) = (Samples.Numbers(Rows * Inputs, seed: 1), Samples.Numbers(Rows * 2, seed: 2));
        var options = new TrainingOptions
        {
            Optimizer = optimizer,
            LearningRate = 0.01f,
            WeightDecay = 0.1f,
            BatchSize = BatchSize,
            NumberOfEpochs = 1,
            NumberOfThreads = threads,
            Shuffle = false,
            Seed = 3,
        };

        var trained = Network.Create(Inputs, Layers, seed: 4);
        new NetworkTrainer(trained, options).Train(Dataset.FromTargets(Inputs, 2, features, targets));

        var stepped = Network.Create(Inputs, Layers, seed: 4);
        var trainer = new NetworkTrainer(stepped, options);
        foreach (var (first, end) in ((int, int)[])[(0, BatchSize), (BatchSize, Rows)])
        {
            trainer.ComputeGradient(features.AsSpan((first * Inputs)..(end * Inputs)), targets.AsSpan((first * 2)..(end * 2)));
            trainer.Step();
        }

        Assert.Contains(trained.Parameters, p => p.IsLarge);
        Assert.Equal(Samples.ParameterBits(stepped), Samples.ParameterBits(trained));
        Assert.NotEqual(Samples.ParameterBits(Network.Create(Inputs, Layers, seed: 4)), Samples.ParameterBits(trained));
    }
}
