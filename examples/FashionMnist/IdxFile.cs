using System.Buffers.Binary;
using System.IO.Compression;

namespace FashionMnist;

/// <summary>Reads gzipped IDX files of bytes: two zero bytes, the type (8: unsigned byte), the number of dimensions, each as a big-endian int32, then the values.</summary>
internal static class IdxFile
{
    private const byte UnsignedByte = 8;

    /// <summary>The extents and the values, row-major.</summary>
    public static (int[] Dimensions, byte[] Values) Read(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var word = new byte[sizeof(int)];
        stream.ReadExactly(word);
        if (word[0] != 0 || word[1] != 0 || word[2] != UnsignedByte)
            throw new FormatException($"{path} is not an IDX file of bytes.");

        var dimensions = new int[word[3]];
        for (var i = 0; i < dimensions.Length; i++)
        {
            stream.ReadExactly(word);
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(word);
        }

        var values = new byte[dimensions.Aggregate(1, (product, dimension) => checked(product * dimension))];
        stream.ReadExactly(values);
        return (dimensions, values);
    }
}
