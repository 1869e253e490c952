namespace MLNet.DenseNet.Engine.Tests.Augmentations;

/// <summary>Where a network's input has a shape, images lie as it says, and their sizes are taken from it.</summary>
public class ShapedImageTests
{
    private const int Rows = 40;
    private const int Width = 7;
    private const int Height = 5;

    public static TheoryData<int, Func<int?, int?, int?, ImageAugmentation>> ChannelsAndChanges
    {
        get
        {
            Func<int?, int?, int?, ImageAugmentation>[] changes =
            [
                (width, height, channels) => new(width, height, channels, shift: 2, flipHorizontally: true, flipVertically: true, fill: 0.5f),
                (width, height, channels) => new(width, height, channels, rotation: 40, zoom: 0.3f),
                (width, height, channels) => new(width, height, channels, shift: 1, rotation: 10, brightness: 0.4f),
            ];
            return new MatrixTheoryData<int, Func<int?, int?, int?, ImageAugmentation>>([1, 2, 3, 17], changes);
        }
    }

    /// <summary>The same random numbers move the same pixels, wherever these lie.</summary>
    [Theory]
    [MemberData(nameof(ChannelsAndChanges))]
    public void Images_with_channels_last_become_the_variants_of_those_channel_by_channel(int channels, Func<int?, int?, int?, ImageAugmentation> create)
    {
        var size = Width * Height * channels;
        var planes = Samples.Numbers(Rows * size, seed: 3);
        var expected = Augment(create(Width, Height, channels).For(size), planes);
        Assert.NotEqual(Samples.Bits(planes), Samples.Bits(expected));

        foreach (var augmentation in (ImageAugmentation[])[create(null, null, null), create(Width, Height, channels)])
            Assert.Equal(Samples.Bits(ChannelsLast(expected)), Samples.Bits(Augment(augmentation.For(new Shape(Height, Width, channels)), ChannelsLast(planes))));
        // A step of a sequence is a row of pixels.
        Assert.Equal(Samples.Bits(ChannelsLast(expected)), Samples.Bits(Augment(create(Width, Height, channels).For(new Shape(Height, Width * channels)), ChannelsLast(planes))));

        float[] Augment(Augmentation augmentation, float[] images) =>
            [.. AugmentedSamples.Augment(augmentation, Dataset.FromTargets(size, 1, images, new float[Rows]), 1, threads: 3).Features.SelectMany(row => row)];

        float[] ChannelsLast(float[] images)
        {
            var moved = new float[images.Length];
            for (var i = 0; i < images.Length; i++)
            {
                var (row, channel, pixel) = (i / size, i % size / (Width * Height), i % (Width * Height));
                moved[row * size + pixel * channels + channel] = images[i];
            }

            return moved;
        }
    }

    [Fact]
    public void A_trainer_takes_the_sizes_from_its_network_and_tells_them()
    {
        var history = Trainer(new Shape(Height, Width, 2), new ImageAugmentation(shift: 1)).Train(Dataset.FromTargets(Width * Height * 2, 1, Samples.Numbers(Rows * Width * Height * 2, seed: 1), new float[Rows]));
        Assert.Equal("images of 7 x 5 x 2, shift 1", history.Settings.Augmentation);
    }

    public static TheoryData<ImageAugmentation, Shape, string> Misfits => new()
    {
        { new(shift: 1), 70, "The option Augmentation is images, shift 1; it must be told width, height and channels of the images, which the input shape of the network, 70, does not say" },
        { new(shift: 1), new Shape(5, 14), "which the input shape of the network, 5 x 14, does not say" },
        { new(7, 5, shift: 1), 70, "The option Augmentation is images of 7 x 5 x 1, shift 1; it must be of images whose width * height * channels, here 35, is the number of features, 70" },
        { new(7, 5, 2, shift: 1), new Shape(7, 5, 2), "it must be without sizes, or of images of 5 x 7 x 2, width x height x channels, as the input shape of the network, 7 x 5 x 2, says" },
        { new(7, 5, 1, shift: 1), new Shape(5, 7, 2), "be without sizes, or of images of 7 x 5 x 2" },
        { new(7, 5, 2, shift: 1), new Shape(10, 8), "be without sizes, or of images of 4 x 10 x 2" },
        { new(7, 5, 2, shift: 1), new Shape(14, 5), "which the input shape of the network, 14 x 5, does not say" },
        { new(7, 5, 2, shift: 1), new Shape(5, 7, 2, 1), "which the input shape of the network, 5 x 7 x 2 x 1, does not say" },
        { new(shift: 5), new Shape(5, 7, 2), "have shift fit images of 7 x 5: it is 5, and must be at least 0 and below width and height" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Shapes_that_are_no_images_or_other_ones_are_refused(ImageAugmentation augmentation, Shape shape, string expected)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("Augmentation", () => Trainer(shape, augmentation));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static NetworkTrainer Trainer(Shape shape, Augmentation augmentation) =>
        new(Network.Create(shape, [new DenseLayer(1)], seed: 1), new TrainingOptions { Augmentation = augmentation, NumberOfEpochs = 1, Seed = 1 });
}
