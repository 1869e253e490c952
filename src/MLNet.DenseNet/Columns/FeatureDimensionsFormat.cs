using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Columns;

/// <summary>The byte layout of the dimensions of the column that a model learned from. Numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDO"
/// uint16     version of the layout: 1
/// int32      number of dimensions, then an int32 for each
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal static class FeatureDimensionsFormat
{
    private const ushort Version = 1;

    private static readonly SavedFrame Frame = SavedFrame.InModel("MLDO"u8, "dimensions of features", Version);

    public static void Write(IReadOnlyList<int> dimensions, BinaryWriter destination) => Frame.Write(destination, writer =>
    {
        writer.Write(dimensions.Count);
        foreach (var length in dimensions)
            writer.Write(length);
    });

    /// <param name="source">At its beginning.</param>
    /// <param name="size">How many features there are.</param>
    /// <exception cref="FormatException">The data is damaged, or of a newer version.</exception>
    public static IReadOnlyList<int> Read(BinaryReader source, int size) => Frame.Read(source, (reader, _) =>
    {
        var dimensions = new List<int>();
        var values = 1L;
        for (var count = reader.ReadInt32(); dimensions.Count < count;)
        {
            dimensions.Add(reader.ReadInt32());
            values *= dimensions[^1];
            if (values < 1 || values > size)
                break;
        }

        return values == size ? dimensions : throw new DamageException($"they are those of {values} features, and the network takes {size}");
    });
}
