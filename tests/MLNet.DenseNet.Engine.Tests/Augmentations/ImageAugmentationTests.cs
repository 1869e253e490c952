namespace MLNet.DenseNet.Engine.Tests.Augmentations;

public class ImageAugmentationTests
{
    private const int Rows = 300;
    private const int Width = 6;
    private const int Height = 5;
    private const int Values = Width * Height * 2;

    private static readonly float[] Images = Samples.Numbers(Rows * Values, seed: 1);
    private static readonly Dataset Data = Dataset.FromTargets(Values, 1, Images, new float[Rows]);

    public static TheoryData<string, Func<ImageAugmentation>> Wrong => new()
    {
        { "width", () => new(0, 8) },
        { "height", () => new(8, -1) },
        { "channels", () => new(8, 8, 0) },
        { "channels", () => new(channels: 3, shift: 1) },
        { "height", () => new(8) },
        { "height", () => new(height: 8) },
        { "shift", () => new(shift: -1) },
        { "width * height * channels", () => new(1 << 20, 1 << 20) },
        { "shift", () => new(8, 8, shift: -1) },
        { "shift", () => new(8, 4, shift: 4) },
        { "rotation", () => new(8, 8, rotation: -1) },
        { "rotation", () => new(8, 8, rotation: 180.1f) },
        { "rotation", () => new(8, 8, rotation: float.NaN) },
        { "zoom", () => new(8, 8, zoom: 1) },
        { "zoom", () => new(8, 8, zoom: -0.1f) },
        { "zoom", () => new(8, 8, zoom: float.NaN) },
        { "brightness", () => new(8, 8, brightness: 1.01f) },
        { "brightness", () => new(8, 8, brightness: -0.01f) },
        { "noise", () => new(8, 8, noise: -1) },
        { "noise", () => new(8, 8, noise: float.PositiveInfinity) },
        { "noise", () => new(8, 8, noise: float.NaN) },
        { "fill", () => new(8, 8, fill: float.NaN) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Arguments_outside_their_range_are_named(string argument, Func<ImageAugmentation> create)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(argument, () => create());
        Assert.StartsWith($"{argument} is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("; it must be ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_what_it_does()
    {
        Assert.Equal("images of 28 x 28 x 1", new ImageAugmentation(28, 28).ToString());
        Assert.Equal("images of 8 x 9 x 3, shift 1, rotation 10, zoom 0.1, brightness 0.2, noise 0.3, flipped horizontally, flipped vertically",
            new ImageAugmentation(8, 9, 3, 1, 10, 0.1f, true, true, 0.2f, 0.3f, 1).ToString());
        Assert.Equal("images, shift 2", new ImageAugmentation(shift: 2).ToString());
        Assert.Equal("images of 28 x 20 x 3, shift 2", new ImageAugmentation(shift: 2).For(new Shape(20, 28, 3)).ToString());
    }

    [Fact]
    public void Without_any_change_no_bit_changes()
    {
        var (features, _, _) = AugmentedSamples.Augment(new ImageAugmentation(Width, Height, 2), Data, 1, threads: 2);
        Assert.Equal(Samples.Bits(Images), Samples.Bits([.. features.SelectMany(row => row)]));
    }

    [Fact]
    public void Each_shift_and_flip_comes_about_equally_often_and_all_channels_move_together()
    {
        var augmentation = new ImageAugmentation(Width, Height, 2, shift: 1, flipHorizontally: true, flipVertically: true, fill: 3);
        var (features, _, _) = AugmentedSamples.Augment(augmentation, Data, 1);
        var placements = (from right in (int[])[-1, 0, 1]
                          from down in (int[])[-1, 0, 1]
                          from x in (bool[])[false, true]
                          from y in (bool[])[false, true]
                          select (right, down, x, y)).ToArray();
        var found = features.Select((row, i) => placements.Single(p => Expected(Images.AsSpan(i * Values, Values), p).SequenceEqual(row))).ToArray();
        Assert.All(((int[])[-1, 0, 1]).SelectMany(shift => (int[])[found.Count(p => p.right == shift), found.Count(p => p.down == shift)]), count => Assert.InRange(count, 65, 135));
        Assert.InRange(found.Count(p => p.x), 115, 185);
        Assert.InRange(found.Count(p => p.y), 115, 185);

        static float[] Expected(ReadOnlySpan<float> image, (int Right, int Down, bool X, bool Y) p)
        {
            var result = new float[Values];
            for (var i = 0; i < Values; i++)
            {
                var (channel, x, y) = (i / (Width * Height), i % Width - p.Right, i / Width % Height - p.Down);
                result[i] = x is < 0 or >= Width || y is < 0 or >= Height ? 3 : image[(channel * Height + (p.Y ? Height - 1 - y : y)) * Width + (p.X ? Width - 1 - x : x)];
            }

            return result;
        }
    }

    [Fact]
    public void Brightness_multiplies_each_image_by_a_factor_of_its_range()
    {
        var (features, _, _) = AugmentedSamples.Augment(new ImageAugmentation(Width, Height, 2, brightness: 0.25f), Data, 1);
        var factors = features.Select((row, i) =>
        {
            var ratios = row.Select((value, j) => value / Images[i * Values + j]).ToArray();
            Assert.Equal(ratios.Min(), ratios.Max(), 1e-5f);
            return ratios[0];
        }).ToArray();
        Assert.InRange(factors.Min(), 0.75f, 0.78f);
        Assert.InRange(factors.Max(), 1.22f, 1.25f);
    }

    [Fact]
    public void Angles_and_factors_fill_their_ranges()
    {
        // A single bright pixel off the center tells where it went.
        const int Size = 21;
        var image = new float[Size * Size];
        for (var i = 0; i < image.Length; i++)
            image[i] = MathF.Exp(-((i % Size - 16) * (i % Size - 16) + (i / Size - 10) * (i / Size - 10)) / 2f);
        var data = Dataset.FromTargets(Size * Size, 1, Enumerable.Repeat(image, Rows).SelectMany(x => x).ToArray(), new float[Rows]);
        var places = AugmentedSamples.Augment(new ImageAugmentation(Size, Size, rotation: 40, zoom: 0.3f), data, 1).Features.Select(Center).ToArray();
        var angles = places.Select(p => Math.Atan2(p.Y, p.X) * 180 / Math.PI).ToArray();
        var distances = places.Select(p => Math.Sqrt(p.X * p.X + p.Y * p.Y) / 6).ToArray();
        Assert.InRange(angles.Min(), -41, -37);
        Assert.InRange(angles.Max(), 37, 41);
        Assert.InRange(distances.Min(), 0.68, 0.74);
        Assert.InRange(distances.Max(), 1.26, 1.32);

        static (double X, double Y) Center(float[] picture)
        {
            var sum = picture.Sum(x => (double)x);
            return (picture.Select((x, i) => (double)x * (i % Size - 10)).Sum() / sum, picture.Select((x, i) => (double)x * (i / Size - 10)).Sum() / sum);
        }
    }
}
