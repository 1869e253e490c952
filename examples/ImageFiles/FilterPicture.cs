using Microsoft.ML.Data;

namespace ImageFiles;

/// <summary>The filters of a convolution over images in colours: each is itself a little image, of the weights that it multiplies reds, greens and blues with.</summary>
/// <param name="weights">Height x width x 3 colours x filters.</param>
/// <param name="size">Height and width.</param>
internal sealed class FilterPicture(float[] weights, int size)
{
    private const int Columns = 8;
    private const int PixelSize = 12;
    private const int Margin = 6;

    private readonly int _filters = weights.Length / (size * size * 3);

    /// <summary>A weight of 0 is a middle grey in each colour; the largest of a filter is full light, and as far below 0 darkness.</summary>
    public void Save(string path)
    {
        var (width, height) = (Columns * (size * PixelSize + Margin) + Margin, Rows * (size * PixelSize + Margin) + Margin);
        var pixels = new byte[4 * width * height];
        Array.Fill(pixels, byte.MaxValue);
        for (var filter = 0; filter < _filters; filter++)
        {
            var (left, top) = (Margin + filter % Columns * (size * PixelSize + Margin), Margin + filter / Columns * (size * PixelSize + Margin));
            var largest = Weights(filter).Max(Math.Abs);
            for (var i = 0; i < size * size * PixelSize * PixelSize; i++)
            {
                var (x, y) = (i % (size * PixelSize), i / (size * PixelSize));
                for (var colour = 0; colour < 3; colour++)
                    pixels[4 * ((top + y) * width + left + x) + 2 - colour] = (byte)(127.5 * (1 + Weight(y / PixelSize, x / PixelSize, colour, filter) / largest));
            }
        }

        using var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
    }

    /// <summary>The colours' sums: from the least, a blank, to the most, "@".</summary>
    public void Print()
    {
        for (var row = 0; row < Rows * (size + 1); row++)
        {
            var (first, y) = (row / (size + 1) * Columns, row % (size + 1));
            Console.WriteLine(y == size ? "" : "  " + string.Join("   ", Enumerable.Range(first, Math.Min(Columns, _filters - first)).Select(filter => Line(filter, y))));
        }
    }

    private int Rows => (_filters + Columns - 1) / Columns;

    private string Line(int filter, int y)
    {
        var light = Enumerable.Range(0, size * size).Select(i => Sum(filter, i / size, i % size)).ToArray();
        var (least, most) = (light.Min(), light.Max());
        return string.Concat(light[(y * size)..((y + 1) * size)].Select(sum => new string(" .:-=+*#%@"[(int)(9 * (sum - least) / (most - least))], 2)));
    }

    private float Sum(int filter, int y, int x) => Enumerable.Range(0, 3).Sum(colour => Weight(y, x, colour, filter));

    private IEnumerable<float> Weights(int filter) => weights.Where((_, i) => i % _filters == filter);

    private float Weight(int y, int x, int colour, int filter) => weights[((y * size + x) * 3 + colour) * _filters + filter];
}
