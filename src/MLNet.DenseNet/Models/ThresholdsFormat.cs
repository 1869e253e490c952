using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>The byte layout of the thresholds of a multi-label classification, which follow its network. Numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDT"
/// uint16     version of the layout: 1
/// float32    for each label the probability above which it is predicted, in [0, 1]
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class ThresholdsFormat
{
    private const ushort Version = 1;

    private static readonly SavedFrame Frame = new("MLDT"u8, Version, oldest: Version)
    {
        NoSignature = "The thresholds of the saved model are damaged: their signature is missing.",
        OtherVersion = version => $"The thresholds of the saved model are of version {version}; this library reads version {Version}.",
        Damaged = how => $"The thresholds of the saved model are damaged: {how}.",
    };

    public static void Write(float[] thresholds, BinaryWriter destination) => Frame.Write(destination, writer =>
    {
        foreach (var threshold in thresholds)
            writer.Write(threshold);
    });

    /// <param name="source">At their beginning.</param>
    /// <param name="labels">How many there are.</param>
    /// <exception cref="FormatException">The data is damaged, or of a newer version.</exception>
    public static float[] Read(BinaryReader source, int labels) => Frame.Read(source, (reader, _) =>
    {
        var thresholds = new float[labels];
        for (var label = 0; label < labels; label++)
        {
            thresholds[label] = reader.ReadSingle();
            if (thresholds[label] is not (>= 0 and <= 1))
                throw new DamageException(FormattableString.Invariant($"that of label {label} is {thresholds[label]}"));
        }

        return thresholds;
    });
}
