namespace MLNet.DenseNet;

/// <summary>
/// Where a training saves its progress. If it is interrupted, even by a crash, it can go on from there and comes to the same bits as without the interruption.
/// </summary>
/// <remarks>
/// <para>
/// A training that finds a checkpoint in its folder goes on from it. Everything that determines the bits has to be the same, and is compared: layers, options with their constants, seed, initial weights, rows. A checkpoint of
/// another training is an error, and so is one of another version of this library, which need not compute the same bits. What cannot be seen is not compared, such as numbers that a <see cref="CustomLoss"/> takes from elsewhere.
/// </para>
/// <para>
/// Each checkpoint replaces the one before in one step of the file system, so that there is a whole one at any time. It holds the weights, the optimizer's state, the best weights where they are kept, and the history.
/// A checkpoint that cannot be saved does not end the training, such as where the disk is full or another program has the file open. <see cref="EpochSummary.CheckpointError"/> says why, in a pipeline a warning in the log
/// does too, and the next epoch saves again.
/// </para>
/// <para>
/// A training that has ended, also by <see cref="EpochSummary.Stop"/>, stays so: the same training again learns nothing and comes to the same network. One that was cancelled goes on.
/// </para>
/// <para>
/// Only one training at a time may use a folder; a second one is an error. Where the folder is deleted meanwhile, the next checkpoint makes it anew, unless another training has taken it.
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
