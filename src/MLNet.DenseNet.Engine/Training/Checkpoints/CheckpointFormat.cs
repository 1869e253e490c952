using System.Reflection;
using System.Text;

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
/// int32      number of buffers of values, then each parameter of each as float32: the network's, the best weights where they are kept, those behind
///            an average of weights, the optimizer's
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class CheckpointFormat
{
    private const ushort Version = 2;
    private const ushort FirstVersion = 1;

    /// <summary>The version of this library. Another version need not compute the same bits, so that no training goes on with it.</summary>
    public static string LibraryVersion { get; } = typeof(CheckpointFormat).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static readonly SavedFrame Frame = new("MLDC"u8, Version, FirstVersion)
    {
        NoSignature = "it is no checkpoint, as its signature is missing",
        OtherVersion = version => $"it is of version {version} of the layout, of which this library reads version {Version}",
        Damaged = how => $"it is damaged, as {how}",
    };

    /// <summary>Writes a checkpoint.</summary>
    public static void Write(Stream destination, string fingerprint, TrainingProgress progress, TrainingSettings settings)
    {
        using var file = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        Frame.Write(file, writer =>
        {
            writer.Write(LibraryVersion);
            writer.Write(fingerprint);
            writer.Write(progress.Learners.Steps);
            TrainingHistoryWriter.Write(new TrainingHistory(progress.Epochs, progress.IsStopped ? TrainingEnd.StoppedByCallback : TrainingEnd.Canceled, null, settings), writer);
            new CheckpointValues(progress).Write(writer);
        });
    }

    /// <summary>Brings a training that has not begun to where the checkpoint was saved. Nothing is changed before everything has been checked.</summary>
    /// <param name="source">The whole checkpoint and nothing else; seekable.</param>
    /// <param name="fingerprint">Of the training.</param>
    /// <param name="progress">Of the training.</param>
    /// <exception cref="FormatException">It is damaged, or of a newer version. The message leaves its path to the caller.</exception>
    /// <exception cref="ArgumentException">It is of another training, or of another version of this library. The message leaves its path to the caller.</exception>
    public static void Read(Stream source, string fingerprint, TrainingProgress progress) => Frame.ReadWhole(source, (reader, version) =>
    {
        CheckOwner(reader, version, fingerprint);
        ReadProgress(reader, progress);
    });

    /// <summary>Checks that a checkpoint is of this training.</summary>
    /// <inheritdoc cref="Read(Stream, string, TrainingProgress)"/>
    public static void CheckOwner(Stream source, string fingerprint) => Frame.ReadBeginning(source, (reader, version) => CheckOwner(reader, version, fingerprint));

    private static void CheckOwner(BinaryReader reader, ushort version, string fingerprint)
    {
        var library = version == FirstVersion ? null : SavedText.Read(reader);
        if (library != LibraryVersion)
            throw new ArgumentException($"it was saved by {(library is null ? "an older version" : $"version {library}")} of this library; this is version {LibraryVersion}, which need not compute the same bits");
        var saved = SavedText.Read(reader);
        if (saved != fingerprint)
            throw new ArgumentException($"it is of another training ({TrainingFingerprint.Difference(saved, fingerprint)})");
    }

    private static void ReadProgress(BinaryReader reader, TrainingProgress progress)
    {
        var steps = reader.ReadInt64();
        var epochs = TrainingHistoryReader.Read(reader);
        var (planned, stepsPerEpoch) = (progress.Rate.Epochs, progress.Rate.StepsPerEpoch);
        if (epochs.Count < 1 || epochs.Count > planned || epochs.Settings.NumberOfEpochs != planned)
            throw new DamageException($"it has {epochs.Count} of {epochs.Settings.NumberOfEpochs} epochs, where {planned} are planned");
        if (steps != progress.Learners.Steps + epochs.Count * stepsPerEpoch)
            throw new DamageException($"it has taken {steps} steps in {epochs.Count} epochs of {stepsPerEpoch}");
        // The last step that can fail, so that the training is not left half changed.
        new CheckpointValues(progress).Read(reader);

        progress.Learners.Steps = steps;
        progress.IsStopped = epochs.End == TrainingEnd.StoppedByCallback;
        foreach (var epoch in epochs)
            progress.Repeat(epoch);
    }
}
