using Microsoft.ML.Data;

namespace FashionMnist;

/// <summary>A grey image of a piece of clothing, and which of ten kinds it is.</summary>
internal sealed class FashionImage
{
    public const int Side = 28;

    private const int Pixels = Side * Side;

    private static readonly string[] Files = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];

    /// <summary>The light of each pixel, from 0 to 1.</summary>
    [VectorType(Pixels)]
    public float[] Features { get; set; } = [];

    public byte Label { get; set; }

    /// <summary>The file that is not in a folder of the data; null where all are.</summary>
    public static string? MissingFile(string folder) => Files.FirstOrDefault(name => !File.Exists(Path.Combine(folder, name)));

    /// <summary>60,000 images to learn from, 10,000 to test with.</summary>
    public static (List<FashionImage> Training, List<FashionImage> Test) Load(string folder) => (Read(folder, Files[0], Files[1]), Read(folder, Files[2], Files[3]));

    private static List<FashionImage> Read(string folder, string imageFile, string labelFile)
    {
        var images = IdxFile.Read(Path.Combine(folder, imageFile)).Values;
        var labels = IdxFile.Read(Path.Combine(folder, labelFile)).Values;
        return [.. labels.Select((label, i) => new FashionImage
        {
            Features = Array.ConvertAll(images[(i * Pixels)..((i + 1) * Pixels)], pixel => pixel / 255f),
            Label = label,
        })];
    }
}
