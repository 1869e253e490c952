namespace MLNet.DenseNet.Engine.Tests.Training;

public class ConcurrentTrainingTests
{
    /// <summary>Each with threads of its own, more of them than the machine has cores.</summary>
    [Fact]
    public void Trainings_at_once_end_as_each_alone()
    {
        int[] seeds = [1, 2, 3, 4, 5, 6];
        var alone = seeds.Select(Train).ToArray();
        Assert.Equal(seeds.Length, alone.Select(bits => string.Join(' ', bits)).Distinct().Count());

        var together = new int[seeds.Length][];
        var threads = seeds.Select((seed, i) => new Thread(() => together[i] = Train(seed))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(alone, together);
    }

    /// <summary>Products large enough for several threads, dropout, and the memory for copies that belongs to a thread.</summary>
    private static int[] Train(int seed)
    {
        var network = Network.Create(300, [new DenseLayer(200, Activation.ReLU), new DropoutLayer(0.3f), new DenseLayer(70, Activation.Tanh), new DenseLayer(5, Activation.Softmax)], seed);
        var data = Dataset.FromClasses(300, 5, Samples.Numbers(200 * 300, seed), Enumerable.Range(0, 200).Select(i => (i + seed) % 5).ToArray());
        new NetworkTrainer(network, new TrainingOptions { BatchSize = 64, NumberOfEpochs = 3, NumberOfThreads = 3, Seed = seed }).Train(data);
        return Samples.ParameterBits(network);
    }
}
