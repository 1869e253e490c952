using System.Text;

namespace MLNet.DenseNet.Engine;

/// <summary>Texts as BinaryWriter writes them: the number of bytes, seven bits in each byte, then the bytes in UTF-8.</summary>
internal static class SavedText
{
    // The most bytes that are read at once. So reading a wrong length fails at the end of the data, before it takes much memory.
    private const int MaxSlice = 1 << 12;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="DamageException">The bytes are no text.</exception>
    /// <exception cref="EndOfStreamException">There are fewer bytes.</exception>
    public static string Read(BinaryReader reader)
    {
        var (length, shift) = (0L, 0);
        byte next;
        do
        {
            next = reader.ReadByte();
            length |= (long)(next & 0x7f) << shift;
            shift += 7;
        }
        while (next >= 0x80 && length <= int.MaxValue);
        if (length > int.MaxValue)
            throw new DamageException("a text is longer than any can be");

        var bytes = new List<byte>();
        while (bytes.Count < length)
        {
            var slice = reader.ReadBytes((int)Math.Min(length - bytes.Count, MaxSlice));
            bytes.AddRange(slice.Length == 0 ? throw new EndOfStreamException() : slice);
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw new DamageException("a text is not UTF-8");
        }
    }
}
