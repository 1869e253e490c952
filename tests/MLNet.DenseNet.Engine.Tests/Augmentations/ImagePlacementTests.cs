using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Augmentations;

public class ImagePlacementTests
{
    private const float Outside = -7;

    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 3, 5 }, { 8, 8 }, { 9, 4 }, { 28, 28 }, { 17, 16 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_placement_that_leaves_all_as_it_is_changes_no_bit(int width, int height)
    {
        var image = Samples.Numbers(width * height, seed: 1);
        Assert.Equal(Samples.Bits(image), Samples.Bits(Place(image, width, height, default(ImagePlacement) with { Zoom = 1 })));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Shifts_and_mirrors_move_whole_pixels(int width, int height)
    {
        var image = Samples.Numbers(width * height, seed: 2);
        foreach (var placement in
            from right in (int[])[-2, 0, 1] from down in (int[])[-1, 0, 3] from x in (bool[])[false, true] from y in (bool[])[false, true] select new ImagePlacement(right, down, x, y))
        {
            var expected = new float[image.Length];
            for (var i = 0; i < expected.Length; i++)
            {
                var (x, y) = (i % width - placement.ShiftX, i / width - placement.ShiftY);
                expected[i] = x < 0 || x >= width || y < 0 || y >= height
                    ? Outside
                    : image[(placement.MirrorsY ? height - 1 - y : y) * width + (placement.MirrorsX ? width - 1 - x : x)];
            }

            Assert.Equal(expected, Place(image, width, height, placement));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Turned_and_zoomed_images_are_those_of_the_reference(int width, int height)
    {
        var image = Samples.Numbers(width * height, seed: 3);
        foreach (var placement in new ImagePlacement[]
        {
            new(0, 0, false, false, 30 / 180.0), new(0, 0, false, false, -1), new(0, 0, false, false, -100 / 180.0, 0.7), new(2, -1, false, false, 10 / 180.0, 1.3),
            new(-1, 2, true, false, 0.1, 0.9), new(1, 1, false, true, -0.2, 1.1), new(0, 0, true, true, 0, 1.5),
        })
        {
            var (expected, actual) = (Reference(image, width, height, placement), Place(image, width, height, placement));
            // A place is off by some units in the last place of a coordinate, and the image changes by up to 8 from pixel to pixel.
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 8 * 16 * Tolerance.Of(1, 2 * Math.Max(width, height))));
        }
    }

    [Fact]
    public void A_quarter_turn_is_clockwise()
    {
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        Assert.All(((float[])[7, 4, 1, 8, 5, 2, 9, 6, 3]).Zip(Place(image, 3, 3, new ImagePlacement(0, 0, false, false, 0.5))), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    /// <summary>Every pixel of the result, taken back step by step in float64.</summary>
    private static double[] Reference(float[] image, int width, int height, ImagePlacement placement)
    {
        var (centerX, centerY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        var (sine, cosine) = Math.SinCos(-Math.PI * placement.HalfTurns);
        return [.. Enumerable.Range(0, image.Length).Select(i =>
        {
            var (x, y) = (i % width - placement.ShiftX - centerX, i / width - placement.ShiftY - centerY);
            (x, y) = (x * cosine - y * sine, x * sine + y * cosine);
            (x, y) = (x / placement.Zoom, y / placement.Zoom);
            (x, y) = ((placement.MirrorsX ? -x : x) + centerX, (placement.MirrorsY ? -y : y) + centerY);
            var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
            var (right, down) = (x - left, y - top);
            return (1 - down) * ((1 - right) * Pixel(left, top) + right * Pixel(left + 1, top)) + down * ((1 - right) * Pixel(left, top + 1) + right * Pixel(left + 1, top + 1));
        })];

        double Pixel(int x, int y) => x >= 0 && x < width && y >= 0 && y < height ? image[y * width + x] : Outside;
    }

    private static unsafe float[] Place(float[] image, int width, int height, ImagePlacement placement)
    {
        const int Around = 16;
        var memory = Enumerable.Repeat(float.MaxValue, image.Length + 2 * Around).ToArray();
        fixed (float* source = image, destination = memory, scratch = new float[BilinearSampling.ScratchLength(width, height)])
            placement.Apply(source, destination + Around, width, height, Outside, scratch);
        Assert.All(memory[..Around].Concat(memory[^Around..]), value => Assert.Equal(float.MaxValue, value));
        return memory[Around..^Around];
    }
}
