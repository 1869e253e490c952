namespace MLNet.DenseNet.Engine;

/// <summary>The checkpoint in a folder. Until this is disposed of, no other training may use the folder.</summary>
internal sealed class CheckpointFile : IDisposable
{
    // In milliseconds. On Windows, a file cannot be replaced while a virus scanner, an indexer or a backup has it open. They soon close it.
    private static readonly int[] Pauses = [20, 100, 300, 1000];

    private readonly string _folder;
    private readonly string _path;
    private readonly string _unfinished;
    private readonly string _fingerprint;
    private readonly FolderLock _lock;
    private bool _isOurs = true;

    /// <param name="folder">Where it lies.</param>
    /// <param name="fingerprint">What a training must have in common with the saved one to go on from it.</param>
    /// <exception cref="IOException">The folder cannot be used, or another training uses it.</exception>
    public CheckpointFile(string folder, string fingerprint)
    {
        _folder = folder;
        _path = Path.Combine(_folder, "training.checkpoint");
        _unfinished = _path + ".unfinished";
        _fingerprint = fingerprint;
        _lock = InFolder(() => new FolderLock(_folder));
        try
        {
            InFolder(CheckFiles);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Whether the latest save failed.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Replaces the checkpoint in one step of the file system: even where the process dies, the folder holds this one or the one before.</summary>
    /// <returns>Null, or why it could not be saved; then the one before is still there. It is returned and not thrown, since a training is worth more than its checkpoints.</returns>
    public IOException? TrySave(TrainingProgress progress, TrainingSettings settings)
    {
        try
        {
            _isOurs = _lock.Renew() && _isOurs;
            if (!_isOurs)
                CheckOwner();
            _isOurs = true;
            using (var file = new FileStream(_unfinished, FileMode.Create, FileAccess.Write))
            {
                CheckpointFormat.Write(file, _fingerprint, progress, settings);
                file.Flush(flushToDisk: true);
            }

            Replace();
            IsBehind = false;
            return null;
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            IsBehind = true;
            DeleteUnfinished();
            return new IOException($"The checkpoint '{_path}' could not be saved after epoch {progress.Epochs.Count}: {exception.Message}", exception);
        }
    }

    /// <summary>Brings a training that has not begun to where the checkpoint was saved. Where there is none, nothing changes.</summary>
    /// <exception cref="FormatException">It is damaged, or of a newer version.</exception>
    /// <exception cref="ArgumentException">It is of a training of other layers, options or data, or of another version of this library.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Load(TrainingProgress progress)
    {
        if (!File.Exists(_path))
            return;
        try
        {
            InFolder(() =>
            {
                using var file = OpenRead();
                CheckpointFormat.Read(file, _fingerprint, progress);
            });
        }
        catch (FormatException exception)
        {
            throw new FormatException($"The checkpoint '{_path}' cannot be read: {exception.Message.TrimEnd('.')}. Delete it to begin anew.", exception);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"The training cannot go on from the checkpoint '{_path}': {exception.Message}. Use another folder, or delete it.", exception);
        }
    }

    /// <summary>Lets another training use the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private FileStream OpenRead() => new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Finds before the first epoch, and not only after it, what would keep checkpoints from being saved.</summary>
    private void CheckFiles()
    {
        if (Directory.Exists(_path))
            throw new IOException($"'{_path}' is a folder.");
        File.WriteAllBytes(_unfinished, []);
        File.Delete(_unfinished);
    }

    /// <summary>Makes sure that no other training's checkpoint is overwritten: the folder was gone for a while, and another training may have used it.</summary>
    private void CheckOwner()
    {
        if (!File.Exists(_path))
            return;
        using var file = OpenRead();
        try
        {
            CheckpointFormat.CheckOwner(file, _fingerprint);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new IOException($"the folder was deleted or replaced while training, and of the checkpoint that is in it now, {exception.Message}", exception);
        }
    }

    private void Replace()
    {
        // After a save that failed it does not wait again, since the next epoch saves again anyway.
        for (var tries = 0; ; tries++)
        {
            try
            {
                File.Move(_unfinished, _path, overwrite: true);
                return;
            }
            catch (Exception exception) when (IsOfFiles(exception) && !IsBehind && tries < Pauses.Length)
            {
                Thread.Sleep(Pauses[tries]);
            }
        }
    }

    /// <summary>Gives the space back: a disk that is full has none for the model otherwise.</summary>
    private void DeleteUnfinished()
    {
        if (!_isOurs)
            return;
        try
        {
            File.Delete(_unfinished);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            // What could not be saved is told anyway.
        }
    }

    private void InFolder(Action action) => InFolder(() =>
    {
        action();
        return true;
    });

    private T InFolder<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            throw new IOException(
                $"The folder '{_folder}' of the option {nameof(TrainingOptions.Checkpoints)} cannot be used, or another training uses it: {exception.Message}", exception);
        }
    }

    private static bool IsOfFiles(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
