namespace MLNet.DenseNet.Engine.Tests;

/// <summary>A regression of ten rows that is over in no time, for tests of how training goes rather than of what it reaches.</summary>
internal static class SmallTraining
{
    public const int Rows = 10;
    public const int Inputs = 3;
    public const int Outputs = 2;

    public static float[] Features { get; } = Samples.Numbers(Rows * Inputs, seed: 41);

    public static float[] Targets { get; } = Samples.Numbers(Rows * Outputs, seed: 42);

    public static float[] Weights { get; } = [1, 2, 0, 0.5f, 1, 3, 0, 0.25f, 1, 4];

    public static Dataset Data(bool weighted = false) => Dataset.FromTargets(Inputs, Outputs, Features, Targets, weighted ? Weights : default);

    public static Network NewNetwork(int seed = 1) =>
        Network.Create(Inputs, [new DenseLayer(6, Activation.Tanh), new DropoutLayer(0.3f), new DenseLayer(Outputs)], seed);

    public static TrainingOptions Options(int seed = 2) => new() { Seed = seed, NumberOfEpochs = 3, BatchSize = 4, LearningRate = 0.01f };

    /// <summary>Trains a new network.</summary>
    /// <returns>The bits of its parameters.</returns>
    public static int[] Train(TrainingOptions options, Dataset? data = null, Dataset? validation = null)
    {
        var network = NewNetwork();
        new NetworkTrainer(network, options).Train(data ?? Data(), validation);
        return Samples.ParameterBits(network);
    }
}
