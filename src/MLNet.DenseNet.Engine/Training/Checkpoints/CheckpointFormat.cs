using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The byte layout of a checkpoint. Numbers are little-endian, strings as BinaryWriter writes them.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDC"
/// uint16     version of the layout: 2; version 1 has no library version
/// string     version of this library
/// string     what was trained: layers, options, initial weights, data (TrainingFingerprint)
/// int64      steps taken
///            the complete epochs, as a training history (TrainingHistoryFormat)
/// int32      number of blocks, then each parameter of each as float32: the network's, the best weights where they are kept, the optimizer's
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class CheckpointFormat
{
    private const ushort Version = 2;
    private const ushort FirstVersion = 1;

    /// <summary>The version of this library: with another one, a training need not go on to the same bits.</summary>
    public static string LibraryVersion { get; } = typeof(CheckpointFormat).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static ReadOnlySpan<byte> Signature => "MLDC"u8;

    /// <summary>Writes a checkpoint.</summary>
    public static void Write(Stream destination, string fingerprint, TrainingProgress progress, TrainingSettings settings)
    {
        var stream = new ChecksumStream(destination);
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Signature);
            writer.Write(Version);
            writer.Write(LibraryVersion);
            writer.Write(fingerprint);
            writer.Write(progress.Update.Steps);
            TrainingHistoryFormat.Write(new TrainingHistory(progress.Epochs, TrainingEnd.Canceled, null, settings), writer);
            AlignedBuffer[] blocks = [.. Weights(progress), .. progress.Update.State];
            writer.Write(blocks.Length);
            foreach (var block in blocks)
            {
                foreach (var parameter in progress.Network.TrainedParameters)
                    FloatBytes.Write(parameter.In(block), writer);
            }
        }

        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, stream.Checksum);
        destination.Write(checksum);
    }

    /// <summary>Brings a training that has not begun to where the checkpoint was saved. Nothing is changed before everything is found right.</summary>
    /// <param name="source">The whole checkpoint and nothing else; seekable.</param>
    /// <param name="fingerprint">Of the training.</param>
    /// <param name="progress">Of the training.</param>
    /// <exception cref="FormatException">It is damaged, or of a newer version; without its name.</exception>
    /// <exception cref="ArgumentException">It is of another training, or of another version of this library; without its name.</exception>
    public static void Read(Stream source, string fingerprint, TrainingProgress progress) => Read(source, reader =>
    {
        CheckChecksum(source);
        source.Position = 0;
        ReadOwner(reader, fingerprint);
        ReadBody(reader, progress);
    });

    /// <summary>Looks at whose a checkpoint is.</summary>
    /// <inheritdoc cref="Read(Stream, string, TrainingProgress)"/>
    public static void CheckOwner(Stream source, string fingerprint) => Read(source, reader => ReadOwner(reader, fingerprint));

    private static void Read(Stream source, Action<BinaryReader> read)
    {
        using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
        try
        {
            read(reader);
        }
        catch (EndOfStreamException)
        {
            throw Damaged("it ends too early");
        }
        catch (DamageException exception)
        {
            throw Damaged(exception.Message);
        }
    }

    private static void ReadBody(BinaryReader reader, TrainingProgress progress)
    {
        var source = reader.BaseStream;
        var steps = reader.ReadInt64();
        var epochs = TrainingHistoryFormat.Read(reader);
        Check(epochs.Count >= 1 && epochs.Count <= progress.Rate.Epochs && epochs.Settings.NumberOfEpochs == progress.Rate.Epochs,
            $"it has {epochs.Count} of {epochs.Settings.NumberOfEpochs} epochs, where {progress.Rate.Epochs} are planned");
        Check(steps == progress.Update.Steps + epochs.Count * progress.Rate.StepsPerEpoch, $"it has taken {steps} steps in {epochs.Count} epochs of {progress.Rate.StepsPerEpoch}");
        var (weights, state) = (Weights(progress), progress.Update.State);
        var count = reader.ReadInt32();
        Check(count == weights.Count + state.Count, $"it has {count} blocks of values, where its training has {weights.Count + state.Count}");
        var parameters = progress.Network.TrainedParameters;
        var values = 0L;
        foreach (var parameter in parameters)
            values += parameter.Shape.Size;
        Check(source.Length - source.Position == count * values * sizeof(float) + sizeof(uint), $"{source.Length - source.Position} bytes are left for {count} blocks of {values} values");
        var start = source.Position;
        CheckValues(source, weights.Count * values, isStateOfOptimizer: false);
        CheckValues(source, state.Count * values, isStateOfOptimizer: true);

        source.Position = start;
        foreach (var block in weights.Concat(state))
        {
            foreach (var parameter in parameters)
                FloatBytes.Read(source, parameter.In(block));
        }

        progress.Update.Steps = steps;
        foreach (var epoch in epochs)
            progress.Repeat(epoch);
    }

    private static void ReadOwner(BinaryReader reader, string fingerprint)
    {
        if (!reader.ReadBytes(Signature.Length).AsSpan().SequenceEqual(Signature))
            throw new FormatException("it is no checkpoint, as its signature is missing");
        var version = reader.ReadUInt16();
        if (version is < FirstVersion or > Version)
            throw new FormatException($"it is of version {version} of the layout, of which this library reads version {Version}");
        var library = version == FirstVersion ? null : SavedText.Read(reader);
        if (library != LibraryVersion)
            throw new ArgumentException($"it was saved by {(library is null ? "an older version" : $"version {library}")} of this library; this is version {LibraryVersion}, which need not compute the same bits");
        var saved = SavedText.Read(reader);
        if (saved != fingerprint)
            throw new ArgumentException($"it is of another training ({TrainingFingerprint.Difference(saved, fingerprint)})");
    }

    /// <summary>What has to be finite as long as a training has not diverged.</summary>
    private static IReadOnlyList<AlignedBuffer> Weights(TrainingProgress progress) => progress.Best is { } best ? [progress.Network.Block, best.Copy] : [progress.Network.Block];

    private static void CheckChecksum(Stream source)
    {
        var stream = new ChecksumStream(source);
        var buffer = new byte[1 << 16];
        for (var left = source.Length - sizeof(uint); left > 0;)
        {
            var read = stream.Read(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
            left = read == 0 ? throw new EndOfStreamException() : left - read;
        }

        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        Check(source.Length >= sizeof(uint), $"it has {source.Length} bytes");
        source.ReadExactly(checksum);
        Check(BinaryPrimitives.ReadUInt32LittleEndian(checksum) == stream.Checksum, "its checksum does not fit its bytes");
    }

    private static void CheckValues(Stream source, long count, bool isStateOfOptimizer)
    {
        var buffer = new float[1 << 14];
        for (; count > 0; count -= buffer.Length)
        {
            var values = buffer.AsSpan(0, (int)Math.Min(count, buffer.Length));
            FloatBytes.Read(source, values);
            Check(isStateOfOptimizer ? AreNumbers(values) : FiniteValues.All(values), "it has values that are not finite");
        }
    }

    /// <remarks>A mean of squared gradients may have become infinite where the weights, whose steps are 0 from then on, did not.</remarks>
    private static bool AreNumbers(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!(value >= float.MinValue))
                return false;
        }

        return true;
    }

    private static void Check(bool isRight, string otherwise)
    {
        if (!isRight)
            throw Damaged(otherwise);
    }

    private static FormatException Damaged(string how) => new($"it is damaged, as {how}");
}
