using System.Globalization;
using System.IO.Compression;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Images or sequences with classes, the first of them to learn from.</summary>
/// <param name="Name">The name in the table and on the command line.</param>
/// <param name="Dimensions">(side, side, channels) of an image, (steps, channels) of a sequence.</param>
/// <param name="Classes">How many there are.</param>
/// <param name="Training">How many rows are learned from; the others are measured with.</param>
/// <param name="Values">(rows x dimensions).</param>
/// <param name="Labels">(rows).</param>
internal sealed record ShapedSet(string Name, int[] Dimensions, int Classes, int Training, float[] Values, int[] Labels)
{
    private const string FashionFolder = "/usr/share/datasets/fashion-mnist";

    public int Length => Dimensions.Aggregate(1, (product, size) => product * size);

    /// <summary>Images from 8 x 8 to 64 x 64; Fashion-MNIST only where Debian's dataset-fashion-mnist is installed.</summary>
    public static IEnumerable<ShapedSet> Images()
    {
        yield return Digits();
        if (Directory.Exists(FashionFolder))
        {
            var (pixels, labels) = (Read("train-images-idx3-ubyte", 16), Read("train-labels-idx1-ubyte", 8));
            yield return Fashion("fashion-14", 14, training: 3000, (image, y, x) => (Pixel(image, 2 * y, 2 * x) + Pixel(image, 2 * y, 2 * x + 1) + Pixel(image, 2 * y + 1, 2 * x) + Pixel(image, 2 * y + 1, 2 * x + 1)) / 4);
            yield return Fashion("fashion-28-few", 28, training: 300, Pixel);
            yield return Fashion("fashion-28", 28, training: 3000, Pixel);
            // Anywhere in a larger image, over noise.
            yield return Fashion("fashion-48", 48, training: 3000, (image, y, x) =>
            {
                var random = new Random(image);
                var (top, left) = (random.Next(21), random.Next(21));
                var inside = y >= top && y < top + 28 && x >= left && x < left + 28;
                return Math.Max(0.2f * new Random(image * 5000 + y * 48 + x).NextSingle(), inside ? Pixel(image, y - top, x - left) : 0);
            });

            float Pixel(int image, int y, int x) => pixels[image * 784 + y * 28 + x] / 255f;

            ShapedSet Fashion(string name, int side, int training, Func<int, int, int, float> pixel) => Create(name, side, 1, 10, training, test: 2000, image => labels[image], (image, _, y, x, _) => pixel(image, y, x));
        }

        yield return Shapes();
        yield return Gratings();
    }

    private static byte[] Read(string name, int header)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(FashionFolder, name + ".gz")), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        file.CopyTo(memory);
        return memory.ToArray()[header..];
    }

    private static ShapedSet Digits()
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "digits.csv")).Skip(1).Select(line => line.Split(',').Select(value => float.Parse(value, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        new Random(1).Shuffle(rows);
        return new ShapedSet("digits-8", [8, 8, 1], 10, 1200, [.. rows.SelectMany(row => row[..^1])], [.. rows.Select(row => (int)row[^1])]);
    }

    /// <summary>A disk, a square, a triangle, a cross or a ring of any color, size, place and turn on any other color, with noise.</summary>
    private static ShapedSet Shapes() => Create("shapes-32", 32, 3, classes: 5, training: 1500, test: 1000, image => image % 5, (image, kind, y, x, channel) =>
    {
        var random = new Random(image);
        var (centerX, centerY, size, turn) = (8 + 16 * random.NextDouble(), 8 + 16 * random.NextDouble(), 4 + 5 * random.NextDouble(), 0.8 * random.NextDouble());
        var colors = Enumerable.Range(0, 6).Select(_ => random.NextSingle()).ToArray();
        var u = ((x - centerX) * Math.Cos(turn) + (y - centerY) * Math.Sin(turn)) / size;
        var v = ((y - centerY) * Math.Cos(turn) - (x - centerX) * Math.Sin(turn)) / size;
        var radius = u * u + v * v;
        var isInside = kind switch
        {
            0 => radius < 1,
            1 => Math.Abs(u) < 0.85 && Math.Abs(v) < 0.85,
            2 => v > -0.7 && v < 0.9 - 1.8 * Math.Abs(u),
            3 => Math.Min(Math.Abs(u), Math.Abs(v)) < 0.3 && Math.Max(Math.Abs(u), Math.Abs(v)) < 1,
            _ => radius is < 1 and > 0.45,
        };
        return colors[channel + (isInside ? 3 : 0)] + 0.5f * (new Random(image * 4000 + (y * 32 + x) * 3 + channel).NextSingle() - 0.5f);
    });

    /// <summary>Waves of two lengths in three directions, under noise several times as strong.</summary>
    private static ShapedSet Gratings() => Create("gratings-64", 64, 1, classes: 6, training: 800, test: 800, image => image % 6, (image, kind, y, x, _) =>
    {
        var random = new Random(image);
        var (angle, frequency, phase) = (kind % 3 * Math.PI / 3 + 0.5 * (random.NextDouble() - 0.5), (kind < 3 ? 0.5 : 0.8) * (0.9 + 0.2 * random.NextDouble()), 6 * random.NextDouble());
        return (float)(0.4 * Math.Sin(frequency * (y * Math.Sin(angle) + x * Math.Cos(angle)) + phase) + 3 * (new Random(image * 5000 + y * 64 + x).NextDouble() - 0.5));
    });

    private static ShapedSet Create(string name, int side, int channels, int classes, int training, int test, Func<int, int> label, Func<int, int, int, int, int, float> pixel)
    {
        var labels = Enumerable.Range(0, training + test).Select(label).ToArray();
        var pixels = new float[labels.Length * side * side * channels];
        Parallel.For(0, labels.Length, image =>
        {
            for (var i = 0; i < side * side * channels; i++)
                pixels[image * side * side * channels + i] = pixel(image, labels[image], i / channels / side, i / channels % side, i % channels);
        });
        return new ShapedSet(name, [side, side, channels], classes, training, pixels, labels);
    }
}
