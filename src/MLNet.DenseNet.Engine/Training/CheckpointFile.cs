using System.Buffers.Binary;
using System.Text;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The checkpoint in a folder. Numbers are little-endian, strings as BinaryWriter writes them.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDC"
/// uint16     version of the layout: 1
/// string     what was trained: layers, options, initial weights, data (TrainingFingerprint)
/// int64      steps taken
///            the complete epochs, as a training history (TrainingHistoryFormat)
/// int32      number of blocks, then each parameter of each as float32: the network's, the optimizer's, the best weights
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
/// <param name="folder">Where it lies.</param>
/// <param name="fingerprint">What a training must have in common with the saved one to go on from it.</param>
internal sealed class CheckpointFile(string folder, string fingerprint) : IDisposable
{
    private const ushort Version = 1;

    private readonly string _path = Path.Combine(folder, "training.checkpoint");
    private readonly FileStream _lock = Lock(folder);

    private static ReadOnlySpan<byte> Signature => "MLDC"u8;

    /// <summary>Replaces the checkpoint. Whenever the process dies, the folder holds this one or the one before.</summary>
    public void Save(TrainingProgress progress, TrainingSettings settings)
    {
        var unfinished = _path + ".unfinished";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            var stream = new ChecksumStream(file);
            using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(Signature);
                writer.Write(Version);
                writer.Write(fingerprint);
                writer.Write(progress.Update.Steps);
                TrainingHistoryFormat.Write(new TrainingHistory(progress.Epochs, TrainingEnd.Canceled, null, settings), writer);
                var blocks = Blocks(progress);
                writer.Write(blocks.Count);
                foreach (var block in blocks)
                {
                    foreach (var parameter in progress.Network.TrainedParameters)
                        FloatBytes.Write(parameter.In(block), writer);
                }
            }

            Span<byte> checksum = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, stream.Checksum);
            file.Write(checksum);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, _path, overwrite: true);
    }

    /// <summary>Brings a training that has not begun to where the checkpoint was saved.</summary>
    /// <returns>Whether there is a checkpoint.</returns>
    /// <exception cref="FormatException">It is damaged, or of a newer version.</exception>
    /// <exception cref="ArgumentException">It is of a training of other layers, options or data.</exception>
    public bool TryLoad(TrainingProgress progress)
    {
        if (!File.Exists(_path))
            return false;
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read);
        CheckWhole(file);
        file.Position = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8);
        try
        {
            Load(reader, progress);
        }
        catch (Exception exception) when (exception is EndOfStreamException or IOException)
        {
            throw Damaged(exception.Message);
        }

        return true;
    }

    /// <summary>Lets another training use the folder.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Keeps the folder for one training. The system lets go of it when the process dies, however it dies.</summary>
    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "training.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The folder '{folder}' of the option {nameof(TrainingOptions.Checkpoints)} cannot be used, or another training uses it: {exception.Message}", exception);
        }
    }

    private void Load(BinaryReader reader, TrainingProgress progress)
    {
        if (!reader.ReadBytes(Signature.Length).AsSpan().SequenceEqual(Signature))
            throw Damaged("its signature is missing");
        var version = reader.ReadUInt16();
        if (version != Version)
            throw new FormatException($"The checkpoint '{_path}' is of version {version}; this library reads version {Version}.");
        var saved = reader.ReadString();
        if (saved != fingerprint)
            throw new ArgumentException($"The checkpoint '{_path}' is of another training ({TrainingFingerprint.Difference(saved, fingerprint)}). Use another folder, or delete it.");

        progress.Update.Steps = reader.ReadInt64();
        foreach (var epoch in TrainingHistoryFormat.Read(reader))
            progress.Repeat(epoch);
        var blocks = Blocks(progress);
        if (reader.ReadInt32() != blocks.Count)
            throw Damaged("it has another number of blocks than its training");
        foreach (var block in blocks)
        {
            foreach (var parameter in progress.Network.TrainedParameters)
                FloatBytes.Read(reader.BaseStream, parameter.In(block));
        }
    }

    /// <summary>Looks at the checksum before anything is changed.</summary>
    private void CheckWhole(FileStream file)
    {
        var stream = new ChecksumStream(file);
        var buffer = new byte[1 << 16];
        for (var left = file.Length - sizeof(uint); left > 0;)
        {
            var count = stream.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
            left = count == 0 ? throw Damaged("it ended while it was read") : left - count;
        }

        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        if (file.Length < sizeof(uint) || file.ReadAtLeast(checksum, checksum.Length, throwOnEndOfStream: false) < checksum.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(checksum) != stream.Checksum)
            throw Damaged("its checksum does not fit its bytes");
    }

    /// <summary>The network's parameters and the blocks laid out like them.</summary>
    private static IReadOnlyList<AlignedBuffer> Blocks(TrainingProgress progress) =>
        progress.Best is { } best ? [progress.Network.Block, .. progress.Update.State, best.Copy] : [progress.Network.Block, .. progress.Update.State];

    private FormatException Damaged(string how) => new($"The checkpoint '{_path}' is damaged: {how}. Delete it to begin anew.");
}
