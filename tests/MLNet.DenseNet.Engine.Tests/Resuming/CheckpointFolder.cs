namespace MLNet.DenseNet.Engine.Tests.Resuming;

/// <summary>A folder for the checkpoints of a small training, deleted in the end.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("densenet").FullName;

    public CheckpointFolder() => Folder = Path.Combine(_parent, "checkpoints");

    public string Folder { get; }

    public string File => Path.Combine(Folder, "training.checkpoint");

    public string Unfinished => File + ".unfinished";

    public string Lock => Path.Combine(Folder, "training.lock");

    public TrainingOptions Options(int epochs = 3, int everyEpochs = 1)
    {
        var options = SmallTraining.Options();
        options.NumberOfEpochs = epochs;
        options.Checkpoints = new Checkpoints(Folder, everyEpochs);
        return options;
    }

    public static (int[] Bits, TrainingHistory History) Train(TrainingOptions options, Dataset? data = null)
    {
        var network = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(network, options).Train(data ?? SmallTraining.Data());
        return (Samples.ParameterBits(network), history);
    }

    /// <summary>Trains until an epoch is done and saved, as if the process had died then.</summary>
    public static void TrainUntil(int epoch, TrainingOptions options)
    {
        options.EpochCompleted = e =>
        {
            if (e.Epoch == epoch)
                throw new TimeoutException();
        };
        Assert.Throws<TimeoutException>(() => Train(options));
        options.EpochCompleted = null;
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
