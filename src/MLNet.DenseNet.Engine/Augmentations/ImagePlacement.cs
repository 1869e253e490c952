using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>How an image is placed in its frame: mirrored, then turned and zoomed about its center, then shifted.</summary>
/// <param name="ShiftX">Pixels to the right.</param>
/// <param name="ShiftY">Pixels down.</param>
/// <param name="MirrorsX">Whether it is mirrored left to right.</param>
/// <param name="MirrorsY">Whether it is mirrored top to bottom.</param>
/// <param name="HalfTurns">The angle that it is turned clockwise, in units of 180 degrees; in [-1, 1].</param>
/// <param name="Zoom">The factor by which the image grows, above 0.</param>
internal readonly record struct ImagePlacement(int ShiftX, int ShiftY, bool MirrorsX, bool MirrorsY, double HalfTurns = 0, double Zoom = 1)
{
    /// <summary>Whether the image stays as it is.</summary>
    public bool IsIdentity => this == new ImagePlacement(0, 0, false, false);

    /// <summary>Writes one channel of the placed image.</summary>
    /// <param name="source">(height x width).</param>
    /// <param name="destination">(height x width).</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="outside">The value of the image outside the source.</param>
    /// <param name="scratch"><see cref="BilinearSampling.ScratchLength"/> values; not used where the image is neither turned nor zoomed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Apply(float* source, float* destination, int width, int height, float outside, float* scratch)
    {
        if (IsIdentity)
            new ReadOnlySpan<float>(source, width * height).CopyTo(new Span<float>(destination, width * height));
        else if (HalfTurns == 0 && Zoom == 1)
            Move(source, destination, width, height, outside);
        else
            BilinearSampling.Run(source, destination, width, height, Map(width, height), outside, scratch);
    }

    /// <summary>Mirrors and shifts by whole pixels, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Move(float* source, float* destination, int width, int height, float outside)
    {
        var (left, right) = (Math.Max(0, ShiftX), Math.Min(width, width + ShiftX));
        // The columns [left, right) of the frame show the image. In a mirrored row their pixels lie at the other end of the source.
        var first = MirrorsX ? width - (right - ShiftX) : left - ShiftX;
        for (var y = 0; y < height; y++, destination += width)
        {
            var from = MirrorsY ? height - 1 - (y - ShiftY) : y - ShiftY;
            var isInside = left < right && from >= 0 && from < height;
            Fill(destination, 0, isInside ? left : width, outside);
            if (!isInside)
                continue;
            Copy(source + from * width + first, destination + left, right - left);
            Fill(destination, right, width, outside);
        }
    }

    /// <summary>Copies values of a row in their order, or mirrored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void Copy(float* source, float* destination, int count)
    {
        var last = count - Vector256<float>.Count;
        if (last < 0)
        {
            for (var i = 0; i < count; i++)
                destination[i] = source[MirrorsX ? count - 1 - i : i];
            return;
        }

        // The last vector overlaps the one before it.
        for (var i = 0; ; i = Math.Min(i + Vector256<float>.Count, last))
        {
            var values = Vector256.Load(MirrorsX ? source + last - i : source + i);
            (MirrorsX ? Vector256.Shuffle(values, Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0)) : values).Store(destination + i);
            if (i == last)
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Fill(float* values, int first, int end, float value)
    {
        for (var i = first; i < end; i++)
            values[i] = value;
    }

    /// <summary>The inverse of the placement: from a pixel of the frame to its place in the source.</summary>
    private AffineMap Map(int width, int height)
    {
        var cosine = CosineFunction.OfHalfTurns(Math.Abs(HalfTurns));
        var sine = CosineFunction.OfHalfTurns(Math.Abs(0.5 - Math.Abs(HalfTurns))) * (HalfTurns < 0 ? -1 : 1);
        var (signX, signY) = (MirrorsX ? -1 : 1, MirrorsY ? -1 : 1);
        var (xx, xy) = (signX * cosine / Zoom, signX * sine / Zoom);
        var (yx, yy) = (-signY * sine / Zoom, signY * cosine / Zoom);
        var (centerX, centerY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        var (x, y) = (centerX + ShiftX, centerY + ShiftY);
        return new AffineMap((float)xx, (float)xy, (float)(centerX - xx * x - xy * y), (float)yx, (float)yy, (float)(centerY - yx * x - yy * y));
    }
}
