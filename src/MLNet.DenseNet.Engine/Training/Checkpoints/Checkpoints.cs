namespace MLNet.DenseNet;

/// <summary>
/// Where training saves how far it is, so that one that was interrupted, even by a crash, can go on to the same bits as if it had never been.
/// </summary>
/// <remarks>
/// <para>
/// A training that finds a checkpoint in its folder goes on from it, given the same options, seed, initial weights and data, and the same version of this library, as another one need not compute the same bits; of
/// another training it is an error. Everything that decides the bits is compared: layers, options with their constants, weights, rows. What cannot be seen is not, such as numbers that a <see cref="CustomLoss"/> takes from elsewhere.
/// </para>
/// <para>
/// Each checkpoint replaces the one before in one step of the file system, so that there is a whole one at any time. It holds the weights, the optimizer's state, the best weights where they are kept, and the history.
/// One that cannot be saved, as the disk is full or another program has the file open, does not end the training: <see cref="EpochSummary.CheckpointError"/> says why, in a pipeline a warning in the log too, and the next epoch
/// saves again.
/// </para>
/// <para>
/// Only one training at a time may use a folder; a second one is an error. A folder that is deleted while training is made again for the next checkpoint, unless another training has taken it.
/// </para>
/// </remarks>
public sealed class Checkpoints
{
    /// <summary>Saves to a folder of its own for each training.</summary>
    /// <param name="folder">The folder, which is made where there is none.</param>
    /// <param name="everyEpochs">After how many epochs each is saved, at least 1; 1 by default. The last epoch is saved as well.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty, or no path.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="everyEpochs"/> is below 1.</exception>
    public Checkpoints(string folder, int everyEpochs = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (everyEpochs < 1)
            throw new ArgumentOutOfRangeException(nameof(everyEpochs), FormattableString.Invariant($"everyEpochs must be at least 1; {everyEpochs} was given."));
        Folder = Path.GetFullPath(folder);
        EveryEpochs = everyEpochs;
    }

    /// <summary>The folder, with its whole path.</summary>
    public string Folder { get; }

    /// <summary>After how many epochs each is saved.</summary>
    public int EveryEpochs { get; }
}
