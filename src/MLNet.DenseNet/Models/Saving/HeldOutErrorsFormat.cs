using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>The byte layout of the errors on rows that a model did not learn from. Numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDE"
/// uint16     version of the layout: 1 where errors are as they are, which older versions of the library read; 2 where they are divided
/// float32    in version 2 alone: the power of the prediction that errors are divided by, in (0, 1]
/// int32      number of rows
/// int32      number of errors kept, at most 10,000 and no more than rows, then a float32 for each, ascending
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class HeldOutErrorsFormat
{
    private const ushort Undivided = 1;
    private const ushort Divided = 2;

    public static void Write(HeldOutErrors errors, BinaryWriter destination) => Frame(errors.DeviationPower == 0 ? Undivided : Divided).Write(destination, writer =>
    {
        if (errors.DeviationPower != 0)
            writer.Write(errors.DeviationPower);
        writer.Write(errors.Rows);
        writer.Write(errors.Magnitudes.Count);
        foreach (var magnitude in errors.Magnitudes)
            writer.Write(magnitude);
    });

    /// <param name="source">At its beginning.</param>
    /// <exception cref="FormatException">The data is damaged, or of a newer version.</exception>
    public static HeldOutErrors Read(BinaryReader source) => Frame(Divided).Read(source, (reader, version) =>
    {
        var power = version == Undivided ? 0 : reader.ReadSingle();
        if (version != Undivided && power is not (> 0 and <= 1))
            throw new DamageException(FormattableString.Invariant($"they are divided by predictions to the power {power}"));
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

        return new HeldOutErrors(rows, magnitudes, power);
    });

    private static SavedFrame Frame(ushort version) => SavedFrame.InModel("MLDE"u8, "errors of held-out rows", version);
}
