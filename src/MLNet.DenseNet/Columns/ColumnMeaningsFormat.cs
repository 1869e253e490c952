using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Columns;

/// <summary>The byte layout of what the columns of a trained model stand for. Numbers are little-endian, strings as BinaryWriter writes them.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDM"
/// uint16     version of the layout: 1
/// string     type of the key values, empty for none; int32 their number, then a string for each
/// int32      number of features with a name, then for each: int32 slot, string name
/// int32      number of outputs with a name, likewise
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class ColumnMeaningsFormat
{
    private const ushort Version = 1;

    private static readonly SavedFrame Frame = new("MLDM"u8, Version, oldest: Version)
    {
        NoSignature = "What the columns of the saved model stand for is damaged: its signature is missing.",
        OtherVersion = version => $"What the columns of the saved model stand for is of version {version}; this library reads version {Version}.",
        Damaged = how => $"What the columns of the saved model stand for is damaged: {how}.",
    };

    public static void Write(ColumnMeanings meanings, BinaryWriter destination) => Frame.Write(destination, writer =>
    {
        writer.Write(meanings.Classes?.Type ?? "");
        writer.Write(meanings.Classes?.Values.Count ?? 0);
        foreach (var value in meanings.Classes?.Values ?? [])
            writer.Write(value);
        foreach (var names in (SlotNames?[])[meanings.Features, meanings.Outputs])
        {
            writer.Write(names?.Named.Count ?? 0);
            foreach (var (slot, name) in names?.Named ?? [])
            {
                writer.Write(slot);
                writer.Write(name);
            }
        }
    });

    /// <param name="source">At its beginning.</param>
    /// <param name="network">The model's network, which the numbers have to fit.</param>
    /// <exception cref="FormatException">The data is damaged, or of a newer version.</exception>
    public static ColumnMeanings Read(BinaryReader source, Network network) =>
        Frame.Read(source, (reader, _) => ReadContents(reader, network.InputShape.Size, network.OutputShape.Size));

    private static ColumnMeanings ReadContents(BinaryReader reader, int inputs, int outputs)
    {
        var type = SavedText.Read(reader);
        var count = reader.ReadInt32();
        // The keys of a ranking are relevances, however many, for which there is one output.
        if (type.Length == 0 ? count != 0 : count < 0 || (outputs > 1 && count != outputs))
            throw new DamageException($"it has {count} classes, and the network {outputs} outputs");
        var values = new List<string>();
        while (values.Count < count)
            values.Add(SavedText.Read(reader));
        return new ColumnMeanings(type.Length == 0 ? null : new KeyValues(type, [.. values]), ReadNames(reader, inputs), ReadNames(reader, outputs));
    }

    private static SlotNames? ReadNames(BinaryReader reader, int slots)
    {
        var count = reader.ReadInt32();
        if (count < 0 || count > slots)
            throw new DamageException($"it has {count} names of {slots} slots");
        var named = new List<(int Slot, string Name)>();
        while (named.Count < count)
        {
            var slot = reader.ReadInt32();
            if (slot >= slots || slot <= (named.Count == 0 ? -1 : named[^1].Slot))
                throw new DamageException($"it has a name of slot {slot}");
            named.Add((slot, SavedText.Read(reader)));
        }

        return count == 0 ? null : new SlotNames([.. named]);
    }
}
