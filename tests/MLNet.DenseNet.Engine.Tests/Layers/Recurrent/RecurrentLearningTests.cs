namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>Recurrent layers learn what asks for a memory.</summary>
public class RecurrentLearningTests
{
    private const int Steps = 12;
    private const int Rows = 400;

    public static TheoryData<string> Kinds => [.. Layers.Keys];

    private static readonly Dictionary<string, Layer> Layers = new Layer[]
    {
        new LstmLayer(12), new GruLayer(12), new BidirectionalLayer(new LstmLayer(8)), new RecurrentLayer(12),
    }.ToDictionary(layer => $"{layer}");

    /// <summary>The value beside the one mark in a sequence, which is somewhere in its first half.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_marked_value_is_remembered(string kind)
    {
        var random = new Random(1);
        var (features, targets) = (new float[Rows * Steps * 2], new float[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            var marked = random.Next(Steps / 2);
            for (var step = 0; step < Steps; step++)
                features[(row * Steps + step) * 2] = 2 * random.NextSingle() - 1;
            features[(row * Steps + marked) * 2 + 1] = 1;
            targets[row] = features[(row * Steps + marked) * 2];
        }

        var network = Network.Create(new Shape(Steps, 2), [Layers[kind], new DenseLayer(1)], seed: 2);
        var history = new NetworkTrainer(network, new TrainingOptions { Optimizer = new Adam(), LearningRate = 0.02f, BatchSize = 32, NumberOfEpochs = 60, Seed = 3, GradientNormLimit = 1, NumberOfThreads = 2 })
            .Train(Dataset.FromTargets(Steps * 2, 1, features, targets));
        // The variance of the targets, which a prediction without memory is left with, is 1/3.
        Assert.InRange(history[^1].Loss, 0, 0.03);
    }
}
