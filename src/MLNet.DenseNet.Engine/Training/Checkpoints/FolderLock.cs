namespace MLNet.DenseNet.Engine;

/// <summary>Reserves a folder for one training by a file in it that is held open. The operating system closes it when the process dies, however it dies.</summary>
/// <remarks>
/// On Unix, a file can be deleted while it is held. Another training can then make a file of the same name and hold that one. So before the folder is written to, it is checked that the file
/// at this path is still the one that is held.
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    private const int MaxTries = 100;

    private readonly string _folder;
    private readonly string _path;
    private FileStream _file;

    /// <param name="folder">Made where there is none.</param>
    /// <exception cref="IOException">It cannot be made or written to, or is another training's.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public FolderLock(string folder)
    {
        _folder = folder;
        _path = Path.Combine(folder, "training.lock");
        _file = Open();
    }

    /// <summary>Makes sure that the folder is still there and still ours.</summary>
    /// <returns>Whether it was so all the time. If not, it has been reserved anew, and what lies in it may be another training's.</returns>
    /// <exception cref="IOException">It cannot be made or written to, or another training has taken it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public bool Renew()
    {
        if (IsInPlace(_file))
            return true;
        var lost = _file;
        _file = Open();
        lost.Dispose();
        return false;
    }

    public void Dispose() => _file.Dispose();

    private FileStream Open()
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            Directory.CreateDirectory(_folder);
            var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // It may have been deleted after it was opened and before it was held.
            if (IsInPlace(file))
                return file;
            file.Dispose();
        }

        throw new IOException($"'{_path}' is deleted again and again.");
    }

    /// <summary>Whether the file at this path is the one that is held, told by its times: a file that took its place was made later.</summary>
    private bool IsInPlace(FileStream file)
    {
        try
        {
            return File.Exists(_path)
                && File.GetCreationTimeUtc(_path) == File.GetCreationTimeUtc(file.SafeFileHandle)
                && File.GetLastWriteTimeUtc(_path) == File.GetLastWriteTimeUtc(file.SafeFileHandle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
