using System.Buffers.Binary;
using System.Text;

namespace MLNet.DenseNet.Engine;

/// <summary>What is around every kind of saved data: a signature and the version of its layout before it, a checksum behind it. Numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// bytes 4    signature
/// uint16     version of the layout
///            the contents
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal sealed class SavedFrame
{
    private const string EndsTooEarly = "it ends too early";
    private const string WrongChecksum = "its checksum does not fit its bytes";

    private readonly byte[] _signature;
    private readonly ushort _oldest;
    private readonly ushort _current;

    /// <param name="signature">The first bytes, by which the kind of data is known.</param>
    /// <param name="current">The version that is written.</param>
    /// <param name="oldest">The first version that is read.</param>
    public SavedFrame(ReadOnlySpan<byte> signature, ushort current, ushort oldest)
    {
        _signature = signature.ToArray();
        _current = current;
        _oldest = oldest;
    }

    /// <summary>Around something that is saved with a network in the model of a pipeline.</summary>
    /// <param name="signature">The first bytes, by which the kind of data is known.</param>
    /// <param name="what">What it is, in the plural, for messages.</param>
    /// <param name="current">The version that is written.</param>
    /// <param name="oldest">The first version that is read.</param>
    public static SavedFrame InModel(ReadOnlySpan<byte> signature, string what, ushort current, ushort oldest = 1) => new(signature, current, oldest)
    {
        NoSignature = $"The {what} in the saved model are damaged: their signature is missing.",
        OtherVersion = version => $"The {what} in the saved model are of version {version}; this library reads version{(current > oldest ? $"s {oldest} to" : "")} {current}.",
        Damaged = how => $"The {what} in the saved model are damaged: {how}.",
    };

    /// <summary>The message about data of another kind.</summary>
    public required string NoSignature { get; init; }

    /// <summary>The message about a version that is not read.</summary>
    public required Func<ushort, string> OtherVersion { get; init; }

    /// <summary>The message about damage, made of what is wrong, such as "it ends too early".</summary>
    public required Func<string, string> Damaged { get; init; }

    public void Write(BinaryWriter destination, Action<BinaryWriter> writeContents)
    {
        destination.Flush();
        var stream = new ChecksumStream(destination.BaseStream);
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(_signature);
            writer.Write(_current);
            writeContents(writer);
        }

        destination.Write(stream.Checksum);
    }

    /// <summary>Reads data of a length that is not known before.</summary>
    /// <param name="source">At its beginning.</param>
    /// <param name="readContents">Is given a reader and the version. What readers and constructors throw for bytes that make no sense is taken for damage.</param>
    /// <param name="check">Throws a <see cref="DamageException"/> for contents that are wrong as a whole; null where there is nothing to check.</param>
    /// <exception cref="FormatException">The data is of another kind, damaged, or of a version that is not read.</exception>
    public T Read<T>(BinaryReader source, Func<BinaryReader, ushort, T> readContents, Action<T>? check = null)
    {
        var stream = new ChecksumStream(source.BaseStream);
        T contents;
        try
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            contents = readContents(reader, ReadVersion(reader));
        }
        // Nothing was saved that constructors of shapes and layers refuse, or that cannot be decompressed.
        catch (Exception exception) when (exception is DamageException or EndOfStreamException or ArgumentException or OverflowException or InvalidDataException)
        {
            throw new FormatException(Damaged(FormattableString.Invariant($"{(exception is EndOfStreamException ? EndsTooEarly : exception.Message)}, at byte {stream.Count}")), exception);
        }

        try
        {
            if (source.ReadUInt32() != stream.Checksum)
                throw new DamageException(WrongChecksum);
            check?.Invoke(contents);
            return contents;
        }
        catch (Exception exception) when (exception is DamageException or EndOfStreamException or InvalidDataException)
        {
            throw new FormatException(Damaged(exception is DamageException ? exception.Message : "it ends before its checksum"), exception);
        }
    }

    /// <summary>Reads data that is all of a stream, once its checksum is found right: nothing is taken from a damaged one.</summary>
    /// <param name="source">Seekable, at its beginning.</param>
    /// <param name="readContents">Is given a reader and the version.</param>
    /// <exception cref="FormatException">The data is of another kind, damaged, or of a version that is not read.</exception>
    public void ReadWhole(Stream source, Action<BinaryReader, ushort> readContents)
    {
        Guard(() => CheckChecksum(source));
        source.Position = 0;
        ReadBeginning(source, readContents);
    }

    /// <summary>Reads the beginning of the contents, without looking at the rest.</summary>
    /// <inheritdoc cref="ReadWhole"/>
    public void ReadBeginning(Stream source, Action<BinaryReader, ushort> readContents) => Guard(() =>
    {
        using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
        readContents(reader, ReadVersion(reader));
    });

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
        if (source.Length < checksum.Length)
            throw new DamageException(FormattableString.Invariant($"it has {source.Length} bytes"));
        source.ReadExactly(checksum);
        if (BinaryPrimitives.ReadUInt32LittleEndian(checksum) != stream.Checksum)
            throw new DamageException(WrongChecksum);
    }

    private ushort ReadVersion(BinaryReader reader)
    {
        Span<byte> signature = stackalloc byte[_signature.Length];
        reader.BaseStream.ReadExactly(signature);
        if (!signature.SequenceEqual(_signature))
            throw new FormatException(NoSignature);
        var version = reader.ReadUInt16();
        return version >= _oldest && version <= _current ? version : throw new FormatException(OtherVersion(version));
    }

    private void Guard(Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is DamageException or EndOfStreamException)
        {
            throw new FormatException(Damaged(exception is EndOfStreamException ? EndsTooEarly : exception.Message), exception);
        }
    }
}
