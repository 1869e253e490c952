using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Columns;

/// <summary>The byte layout of what the columns of a trained model stand for. Numbers are little-endian, strings as BinaryWriter writes them.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDM"
/// uint16     version of the layout: 1 or 2
/// string     type of the key values, empty for none; int32 their number, then a string for each
/// int32      number of features with a name, then for each: int32 slot, string name
/// int32      number of outputs with a name, likewise
/// string     from version 2 on, type of the values of keys that an embedding looks up, empty for none; then as above
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class ColumnMeaningsFormat
{
    private const ushort Version = 2;

    private static readonly SavedFrame Frame = SavedFrame.InModel("MLDM"u8, "meanings of columns", Version);

    public static void Write(ColumnMeanings meanings, BinaryWriter destination) => Frame.Write(destination, writer =>
    {
        WriteValues(meanings.Classes, writer);
        foreach (var names in (SlotNames?[])[meanings.Features, meanings.Outputs])
        {
            writer.Write(names?.Named.Count ?? 0);
            foreach (var (slot, name) in names?.Named ?? [])
            {
                writer.Write(slot);
                writer.Write(name);
            }
        }

        WriteValues(meanings.LookedUp, writer);
    });

    /// <param name="source">At its beginning.</param>
    /// <param name="network">The model's network, which the numbers have to fit.</param>
    /// <exception cref="FormatException">The data is damaged, or of a newer version.</exception>
    public static ColumnMeanings Read(BinaryReader source, Network network) =>
        Frame.Read(source, (reader, version) => ReadContents(reader, version, network.InputShape.Size, network.OutputShape.Size));

    private static void WriteValues(KeyValues? keys, BinaryWriter writer)
    {
        writer.Write(keys?.Type ?? "");
        writer.Write(keys?.Values.Count ?? 0);
        foreach (var value in keys?.Values ?? [])
            writer.Write(value);
    }

    private static ColumnMeanings ReadContents(BinaryReader reader, ushort version, int inputs, int outputs)
    {
        var classes = ReadValues(reader);
        // The keys of a ranking are relevances, however many, for which there is one output.
        if (outputs > 1 && classes is not null && classes.Values.Count != outputs)
            throw new DamageException($"there are {classes.Values.Count} classes, and the network has {outputs} outputs");
        return new ColumnMeanings(classes, ReadNames(reader, inputs), ReadNames(reader, outputs), version == 1 ? null : ReadValues(reader));
    }

    private static KeyValues? ReadValues(BinaryReader reader)
    {
        var type = SavedText.Read(reader);
        var count = reader.ReadInt32();
        if (type.Length == 0 ? count != 0 : count < 0)
            throw new DamageException($"there are {count} values of keys");
        var values = new List<string>();
        while (values.Count < count)
            values.Add(SavedText.Read(reader));
        return type.Length == 0 ? null : KeyValues.Saved(type, values);
    }

    private static SlotNames? ReadNames(BinaryReader reader, int slots)
    {
        var count = reader.ReadInt32();
        if (count < 0 || count > slots)
            throw new DamageException($"there are {count} names of {slots} slots");
        var named = new List<(int Slot, string Name)>();
        while (named.Count < count)
        {
            var slot = reader.ReadInt32();
            if (slot >= slots || slot <= (named.Count == 0 ? -1 : named[^1].Slot))
                throw new DamageException($"there is a name of slot {slot}");
            named.Add((slot, SavedText.Read(reader)));
        }

        return count == 0 ? null : new SlotNames([.. named]);
    }
}
