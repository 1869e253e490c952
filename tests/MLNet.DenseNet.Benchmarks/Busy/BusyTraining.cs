using System.Diagnostics;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>A training that is timed from its first batch to its last.</summary>
internal sealed record BusyTraining(string Name, int Rows, int[] Units, int BatchSize, int Epochs, int Members = 1)
{
    private readonly Dataset _data = CreateData(Rows, Units[0], Units[^1]);

    /// <param name="threads">Exactly so many; null for the default.</param>
    /// <param name="atOnce">How many such trainings begin together.</param>
    /// <returns>The seconds until all are over.</returns>
    public double Time(int? threads, int atOnce)
    {
        var trainers = Enumerable.Range(0, atOnce).Select(_ => NewTrainer(threads)).ToArray();
        var start = Stopwatch.GetTimestamp();
        var others = trainers.Skip(1).Select(trainer => new Thread(() => trainer.Train(_data))).ToArray();
        foreach (var other in others)
            other.Start();
        trainers[0].Train(_data);
        foreach (var other in others)
            other.Join();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private NetworkTrainer NewTrainer(int? threads)
    {
        Layer[] layers = [.. Units[1..^1].Select(units => new DenseLayer(units, Activation.ReLU)), new DenseLayer(Units[^1])];
        var network = Network.Create(Units[0], Members == 1 ? layers : [new EnsembleLayer(Members, layers)], seed: 1);
        return new NetworkTrainer(network, new TrainingOptions
        {
            Optimizer = new AdamW(),
            BatchSize = BatchSize,
            NumberOfEpochs = Epochs,
            Seed = 1,
            NumberOfThreads = threads,
            AdaptsThreads = threads is null,
        });
    }

    private static Dataset CreateData(int rows, int inputs, int outputs)
    {
        var random = new Random(1);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
        return Dataset.FromTargets(inputs, outputs, Numbers(rows * inputs), Numbers(rows * outputs));
    }
}
