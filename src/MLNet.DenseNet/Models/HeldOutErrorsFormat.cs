using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>The byte layout of the errors on rows that a model did not learn from. Numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDE"
/// uint16     version of the layout: 1
/// int32      number of rows
/// int32      number of errors kept, at most 10,000 and no more than rows, then a float32 for each, ascending
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class HeldOutErrorsFormat
{
    private const ushort Version = 1;

    private static readonly SavedFrame Frame = new("MLDE"u8, Version, oldest: Version)
    {
        NoSignature = "The errors in the saved model are damaged: their signature is missing.",
        OtherVersion = version => $"The errors in the saved model are of version {version}; this library reads version {Version}.",
        Damaged = how => $"The errors in the saved model are damaged: {how}.",
    };

    public static void Write(HeldOutErrors errors, BinaryWriter destination) => Frame.Write(destination, writer =>
    {
        writer.Write(errors.Rows);
        writer.Write(errors.Magnitudes.Count);
        foreach (var magnitude in errors.Magnitudes)
            writer.Write(magnitude);
    });

    /// <param name="source">At its beginning.</param>
    /// <exception cref="FormatException">The data is damaged, or of a newer version.</exception>
    public static HeldOutErrors Read(BinaryReader source) => Frame.Read(source, (reader, _) =>
    {
        var (rows, count) = (reader.ReadInt32(), reader.ReadInt32());
        if (count < 1 || count > HeldOutErrors.MostKept || count > rows)
            throw new DamageException($"there are {count} of {rows} rows");
        var magnitudes = new float[count];
        for (var i = 0; i < count; i++)
        {
            magnitudes[i] = reader.ReadSingle();
            if (!(magnitudes[i] >= (i == 0 ? 0 : magnitudes[i - 1])))
                throw new DamageException("they do not ascend");
        }

        return new HeldOutErrors(rows, magnitudes);
    });
}
