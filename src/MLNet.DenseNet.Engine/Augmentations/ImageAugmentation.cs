using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Images that are shifted, turned, zoomed, mirrored, made brighter or darker and noisy at random, each image of each step anew. Every change is off by default; at least one has to be on.
/// </summary>
/// <remarks>
/// The features of a row are the pixels of an image in any units: channel after channel, in each the rows of pixels from top to bottom, as ML.NET's ExtractPixels gives them unless told to
/// interleave. Where the type of the feature column says another order (its dimensions height x width x channels, say), training refuses it; a column that went through Concatenate says
/// nothing any more, and interleaved pixels would be taken for others. Turned and zoomed images are interpolated bilinearly.
/// </remarks>
public sealed class ImageAugmentation : Augmentation
{
    /// <summary>The changes to make. Which of them leave an image what it is depends on the images, so none is on by default.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="channels">Values of a pixel, at least 1; 1 by default. Width * height * channels is the number of features.</param>
    /// <param name="shift">The most whole pixels that an image is shifted, to either side as up and down, at least 0 and below width and height; 0 by default. The same as padding by that many pixels and cropping at random.</param>
    /// <param name="rotation">The largest angle that an image is turned by about its center, in degrees, to either side, in [0, 180]; 0 by default.</param>
    /// <param name="zoom">The factor that an image grows by is drawn from [1 - zoom, 1 + zoom]; zoom in [0, 1), 0 by default.</param>
    /// <param name="flipHorizontally">Whether every second image, at random, is mirrored left to right; no by default.</param>
    /// <param name="flipVertically">Whether every second image, at random, is mirrored top to bottom; no by default.</param>
    /// <param name="brightness">The factor that all values of an image are multiplied by is drawn from [1 - brightness, 1 + brightness]; brightness in [0, 1], 0 by default.</param>
    /// <param name="noise">The standard deviation of normal noise, finite and at least 0, as a share of each pixel's own over the training rows; 0 by default.</param>
    /// <param name="fill">The value of what comes in from outside the image, in the units of the pixels, finite; 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public ImageAugmentation(
        int width, int height, int channels = 1, int shift = 0, float rotation = 0, float zoom = 0, bool flipHorizontally = false, bool flipVertically = false,
        float brightness = 0, float noise = 0, float fill = 0)
        : base(noise)
    {
        Width = Check(width, width >= 1, nameof(width), "be at least 1");
        Height = Check(height, height >= 1, nameof(height), "be at least 1");
        Channels = Check(channels, channels >= 1, nameof(channels), "be at least 1");
        var values = (Int128)width * height * channels;
        Check(values, values <= int.MaxValue, "width * height * channels", $"be at most {int.MaxValue}");
        Shift = Check(shift, shift >= 0 && shift < Math.Min(width, height), nameof(shift), "be at least 0 and below width and height");
        Rotation = Check(rotation, rotation is >= 0 and <= 180, nameof(rotation), "be in [0, 180]");
        Zoom = Check(zoom, zoom is >= 0 and < 1, nameof(zoom), "be in [0, 1)");
        Check(
            (width, height), !IsInterpolated || BilinearSampling.CanTake(width, height), "width x height",
            $"be at most {BilinearSampling.MaxSide} pixels each and {AlignedBuffer.MaxLength / 2} in all where images are turned or zoomed, with their border");
        FlipHorizontally = flipHorizontally;
        FlipVertically = flipVertically;
        Brightness = Check(brightness, brightness is >= 0 and <= 1, nameof(brightness), "be in [0, 1]");
        Fill = Check(fill, float.IsFinite(fill), nameof(fill), "be finite");
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Values of a pixel.</summary>
    public int Channels { get; }

    /// <summary>The most whole pixels that an image is shifted, to either side as up and down.</summary>
    public int Shift { get; }

    /// <summary>The largest angle that an image is turned by, in degrees, to either side.</summary>
    public float Rotation { get; }

    /// <summary>How far the factor that an image grows by may be from 1.</summary>
    public float Zoom { get; }

    /// <summary>Whether every second image is mirrored left to right.</summary>
    public bool FlipHorizontally { get; }

    /// <summary>Whether every second image is mirrored top to bottom.</summary>
    public bool FlipVertically { get; }

    /// <summary>How far the factor that the values are multiplied by may be from 1.</summary>
    public float Brightness { get; }

    /// <summary>The value of what comes in from outside the image.</summary>
    public float Fill { get; }

    internal override bool IsIdle => Shift == 0 && Rotation == 0 && Zoom == 0 && !FlipHorizontally && !FlipVertically && Brightness == 0 && Noise == 0;

    internal override int? Inputs => Width * Height * Channels;

    internal override long ScratchLength => IsInterpolated ? BilinearSampling.ScratchLength(Width, Height) : 0;

    private bool IsInterpolated => Rotation > 0 || Zoom > 0;

    /// <summary>Such as "images of 28 x 28 x 1, shift 2, rotation 10".</summary>
    public override string ToString()
    {
        var changes = new (string Name, float Size)[] { ("shift", Shift), ("rotation", Rotation), ("zoom", Zoom), ("brightness", Brightness), ("noise", Noise) };
        var flips = (FlipHorizontally ? ", flipped horizontally" : "") + (FlipVertically ? ", flipped vertically" : "");
        return FormattableString.Invariant($"images of {Width} x {Height} x {Channels}")
            + string.Concat(changes.Where(change => change.Size > 0).Select(change => FormattableString.Invariant($", {change.Name} {change.Size}"))) + flips;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Apply(in AugmentedRow row)
    {
        var (right, down, angle, growth) = row.Random[row.Position];
        var (mirrorX, mirrorY, light, _) = row.Random[row.Position + 1];
        var placement = new ImagePlacement(
            UniformNumbers.Index(right, 2 * Shift + 1) - Shift, UniformNumbers.Index(down, 2 * Shift + 1) - Shift,
            FlipHorizontally && UniformNumbers.Index(mirrorX, 2) == 1, FlipVertically && UniformNumbers.Index(mirrorY, 2) == 1,
            Rotation / 180.0 * UniformNumbers.Of(angle), 1 + (double)Zoom * UniformNumbers.Of(growth));
        var plane = Width * Height;
        for (var channel = 0; channel < Channels; channel++)
            placement.Apply(row.Source + channel * plane, row.Destination + channel * plane, Width, Height, Fill, row.Scratch);
        if (Brightness > 0)
            Elementwise.Run(new Scaling(1 + Brightness * UniformNumbers.Of(light), row.Destination), row.Rows.Columns);
        row.AddNoise();
    }

    private readonly unsafe struct Scaling(float factor, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => (TV.Load(values + index) * TV.Broadcast(factor)).Store(values + index);
    }
}
