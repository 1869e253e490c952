using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Zeros around an image, so that a window at its edge reads memory like any other.</summary>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Channels">Values of a pixel.</param>
/// <param name="Top">Rows of zeros above it.</param>
/// <param name="Bottom">Rows of zeros below it.</param>
/// <param name="Left">Zero pixels on the left of each row.</param>
/// <param name="Right">Zero pixels on the right of each row.</param>
internal readonly record struct ImageBorder(int Height, int Width, int Channels, int Top, int Bottom, int Left, int Right)
{
    /// <summary>Values of an image without its border.</summary>
    public int ImageLength => Height * Width * Channels;

    /// <summary>Values from one row of the bordered image to the next.</summary>
    public int RowLength => (Left + Width + Right) * Channels;

    /// <summary>Values of the bordered image; in 64 bits, since nobody has checked it yet.</summary>
    public long Length => (long)(Top + Height + Bottom) * (Left + Width + Right) * Channels;

    /// <summary>Whether there is no border.</summary>
    public bool IsEmpty => (Top | Bottom | Left | Right) == 0;

    /// <summary>Copies an image into the middle of its border.</summary>
    /// <param name="image">(height x width x channels).</param>
    /// <param name="bordered">(<see cref="Length"/>), to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Surround(float* image, float* bordered)
    {
        var (row, before, after) = (Width * Channels, Left * Channels, Right * Channels);
        new Span<float>(bordered, Top * RowLength).Clear();
        bordered += (nint)Top * RowLength;
        for (var y = 0; y < Height; y++, image += row)
        {
            new Span<float>(bordered, before).Clear();
            new ReadOnlySpan<float>(image, row).CopyTo(new Span<float>(bordered + before, row));
            new Span<float>(bordered + before + row, after).Clear();
            bordered += RowLength;
        }

        new Span<float>(bordered, Bottom * RowLength).Clear();
    }
}
