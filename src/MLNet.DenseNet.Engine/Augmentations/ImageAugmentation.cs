using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Images that are shifted, turned, zoomed, mirrored, made brighter or darker and noisy at random, each image of each step anew. Every change is off by default; at least one has to be on.
/// </summary>
/// <remarks>
/// <para>
/// The features of a row are the pixels of an image in any units, in rows from top to bottom. The input shape of the network says how they lie: as (height, width, channels), or as (steps, channels) whose steps are
/// the rows of an image; sizes that are given must be the same. Features without a shape, of one dimension, lie channel after channel, and then the sizes have to be given.
/// </para>
/// <para>Turned and zoomed images are interpolated bilinearly.</para>
/// </remarks>
public sealed class ImageAugmentation : Augmentation
{
    private const string ShiftRange = "be at least 0 and below width and height";

    // Whether the channels of a pixel lie side by side.
    private bool _isInterleaved;

    /// <summary>The changes to make. Which of them leave an image what it is depends on the images, so none is on by default.</summary>
    /// <param name="width">Pixels in a row, at least 1; null, the default, for that of the network's input shape, (height, width, channels).</param>
    /// <param name="height">Rows of pixels, at least 1; null, the default, where the width is.</param>
    /// <param name="channels">Values of a pixel, at least 1; null, the default, for 1, or for those of the input shape where width and height are null. Width * height * channels is the number of features.</param>
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
        int? width = null, int? height = null, int? channels = null, int shift = 0, float rotation = 0, float zoom = 0, bool flipHorizontally = false, bool flipVertically = false,
        float brightness = 0, float noise = 0, float fill = 0)
        : base(noise)
    {
        Check(height, height is null == width is null, nameof(height), "be given where the width is, and nowhere else");
        Check(channels, channels is null || width is not null, nameof(channels), "be null where width and height are");
        Width = Check(width, width is null or >= 1, nameof(width), "be at least 1");
        Height = Check(height, height is null or >= 1, nameof(height), "be at least 1");
        Channels = Check(channels, channels is null or >= 1, nameof(channels), "be at least 1") ?? (width is null ? null : 1);
        Shift = Check(shift, shift >= 0, nameof(shift), ShiftRange);
        Rotation = Check(rotation, rotation is >= 0 and <= 180, nameof(rotation), "be in [0, 180]");
        Zoom = Check(zoom, zoom is >= 0 and < 1, nameof(zoom), "be in [0, 1)");
        if (Wrong() is var (value, name, requirement))
            Check(value, false, name, requirement);
        FlipHorizontally = flipHorizontally;
        FlipVertically = flipVertically;
        Brightness = Check(brightness, brightness is >= 0 and <= 1, nameof(brightness), "be in [0, 1]");
        Fill = Check(fill, float.IsFinite(fill), nameof(fill), "be finite");
    }

    /// <summary>Pixels in a row; null where the network's input shape says it.</summary>
    public int? Width { get; private set; }

    /// <summary>Rows of pixels; null where the network's input shape says it.</summary>
    public int? Height { get; private set; }

    /// <summary>Values of a pixel; null where the network's input shape says it.</summary>
    public int? Channels { get; private set; }

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

    internal override long ScratchLength => SamplingLength + (_isInterleaved ? 2L * Plane * Channels!.Value : 0);

    private bool IsInterpolated => Rotation > 0 || Zoom > 0;

    private int Plane => Width!.Value * Height!.Value;

    private long SamplingLength => IsInterpolated ? BilinearSampling.ScratchLength(Width!.Value, Height!.Value) : 0;

    /// <summary>Such as "images of 28 x 28 x 1, shift 2, rotation 10", with width, height and channels where they are known.</summary>
    public override string ToString()
    {
        var changes = new (string Name, float Size)[] { ("shift", Shift), ("rotation", Rotation), ("zoom", Zoom), ("brightness", Brightness), ("noise", Noise) };
        var flips = (FlipHorizontally ? ", flipped horizontally" : "") + (FlipVertically ? ", flipped vertically" : "");
        return (Width is null ? "images" : FormattableString.Invariant($"images of {Width} x {Height} x {Channels}"))
            + string.Concat(changes.Where(change => change.Size > 0).Select(change => FormattableString.Invariant($", {change.Name} {change.Size}"))) + flips;
    }

    internal override string? Mismatch(Shape inputShape)
    {
        if (SizesOf(inputShape) is not var (width, height, channels))
            return $"be told width, height and channels of the images, which the input shape of the network, {inputShape}, does not say: it is not (height, width, channels)";
        if ((long)width * height * channels != inputShape.Size)
            return $"be of images whose width * height * channels, here {(long)width * height * channels}, is the number of features, {inputShape.Size}";
        if (Width is not null && (width, height, channels) != (Width, Height, Channels))
            return $"be without sizes, or of images of {width} x {height} x {channels}, width x height x channels, as the input shape of the network, {inputShape}, says";
        return Fitted(width, height, channels).Wrong() is var (value, name, requirement) ? FormattableString.Invariant($"have {name} fit images of {width} x {height}: it is {value}, and must {requirement}") : null;
    }

    internal override Augmentation For(Shape inputShape)
    {
        var (width, height, channels) = SizesOf(inputShape)!.Value;
        var fitted = Fitted(width, height, channels);
        fitted._isInterleaved = inputShape.Dimensions.Length > 1 && channels > 1;
        return fitted;
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
        if (_isInterleaved && !placement.IsIdentity)
            PlaceInterleaved(placement, in row);
        else
            Place(placement, row.Source, row.Destination, row.Scratch);
        if (Brightness > 0)
            Elementwise.Scale(1 + Brightness * UniformNumbers.Of(light), row.Destination, row.Rows.Columns);
        row.AddNoise();
    }

    /// <summary>Places each channel of an image whose channels come one after the other.</summary>
    private unsafe void Place(ImagePlacement placement, float* source, float* destination, float* scratch)
    {
        var plane = Plane;
        for (var channel = 0; channel < Channels!.Value; channel++)
            placement.Apply(source + (nint)channel * plane, destination + (nint)channel * plane, Width!.Value, Height!.Value, Fill, scratch);
    }

    /// <summary>The same for an image whose pixels come one after the other, (height x width x channels).</summary>
    private unsafe void PlaceInterleaved(ImagePlacement placement, in AugmentedRow row)
    {
        var (values, plane, channels) = (row.Rows.Columns, Plane, Channels!.Value);
        var source = row.Scratch + SamplingLength;
        var placed = source + values;
        Transposition.ToColumns(row.Rows[row.Index], channels, source, plane);
        Place(placement, source, placed, row.Scratch);
        Transposition.ToRows(placed, plane, channels, new Span<float>(row.Destination, values));
    }

    /// <summary>Width, height and channels of images of this shape; null where it does not say them, and they are not given.</summary>
    private (int Width, int Height, int Channels)? SizesOf(Shape inputShape) => inputShape.Dimensions switch
    {
        [var height, var width, var channels] => (width, height, channels),
        // Each step is a row of pixels.
        [var steps, var values] when Width is not null && values % Channels!.Value == 0 => (values / Channels.Value, steps, Channels.Value),
        [_] when Width is not null => (Width.Value, Height!.Value, Channels!.Value),
        _ => null,
    };

    private ImageAugmentation Fitted(int width, int height, int channels)
    {
        var fitted = (ImageAugmentation)MemberwiseClone();
        (fitted.Width, fitted.Height, fitted.Channels) = (width, height, channels);
        return fitted;
    }

    /// <summary>What does not fit the sizes, where they are known; null where all fits.</summary>
    private (object Value, string Name, string Requirement)? Wrong()
    {
        if (Width is not { } width || Height is not { } height)
            return null;
        if ((Int128)width * height * Channels!.Value is var values && values > int.MaxValue)
            return (values, "width * height * channels", $"be at most {int.MaxValue}");
        if (Shift >= Math.Min(width, height))
            return (Shift, "shift", ShiftRange);
        return IsInterpolated && !BilinearSampling.CanTake(width, height)
            ? ((width, height), "width x height", $"be at most {BilinearSampling.MaxSide} pixels each and {AlignedBuffer.MaxLength / 2} in all where images are turned or zoomed, with their border")
            : null;
    }
}
