namespace MLNet.DenseNet;

/// <summary>
/// Where training saves how far it is, so that one that was interrupted, even by a crash, can go on to the same bits as if it had never been.
/// </summary>
/// <remarks>
/// A training that finds a checkpoint in its folder goes on from it, given the same options, seed, initial weights and data; of another one it is an error. Each checkpoint replaces the one before in one step
/// of the file system, so that there is a whole one at any time. Only one training at a time may use a folder; a second one is an error. It holds the weights, the optimizer's state, the best weights where they are kept, and the history.
/// </remarks>
public sealed class Checkpoints
{
    /// <summary>Saves to a folder of its own for each training.</summary>
    /// <param name="folder">The folder; made where there is none.</param>
    /// <param name="everyEpochs">After how many epochs each is saved, at least 1; the last epoch is saved as well.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="everyEpochs"/> is below 1.</exception>
    public Checkpoints(string folder, int everyEpochs = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (everyEpochs < 1)
            throw new ArgumentOutOfRangeException(nameof(everyEpochs), everyEpochs, "everyEpochs must be at least 1.");
        Folder = folder;
        EveryEpochs = everyEpochs;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>After how many epochs each is saved.</summary>
    public int EveryEpochs { get; }
}
