using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>The byte layout of a number that stands for a part of a model, such as an output or a layer: in a frame "MLDX" of version 1, with a checksum, an int32, little-endian.</summary>
internal static class SavedPlace
{
    private const ushort Version = 1;

    private static readonly SavedFrame Frame = SavedFrame.InModel("MLDX"u8, "places of parts", Version);

    public static void Write(int place, BinaryWriter destination) => Frame.Write(destination, writer => writer.Write(place));

    /// <param name="source">At its beginning.</param>
    /// <param name="what">What there are, such as "outputs".</param>
    /// <param name="count">How many of them.</param>
    /// <exception cref="FormatException">The data is damaged, of a newer version, or there is no such part.</exception>
    public static int Read(BinaryReader source, string what, int count) => Frame.Read(source, (reader, _) =>
    {
        var place = reader.ReadInt32();
        return place >= 0 && place < count ? place : throw new DamageException($"there is number {place} of {count} {what}");
    });
}
