using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The options of a pooling layer.</summary>
/// <param name="Size">The window's size.</param>
/// <param name="Stride">From one position of the window to the next.</param>
/// <param name="Padding">What happens at the edges.</param>
internal readonly record struct PoolingWindow(SpatialSize Size, SpatialSize Stride, Padding Padding)
{
    /// <summary>The options, which a constructor was given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
    public static PoolingWindow Of(SpatialSize size, SpatialSize? stride, Padding padding) =>
        padding is Padding.Valid or Padding.Same ? new(size.Checked(nameof(size)), (stride ?? size).Checked(nameof(stride)), padding)
        : throw new ArgumentOutOfRangeException(nameof(padding), $"The padding must be 'Valid' or 'Same'; '{padding}' was given.");

    /// <summary>A window that covers the whole of an image or a sequence.</summary>
    /// <exception cref="ArgumentException">The input is neither.</exception>
    public static WindowGeometry Whole(Shape input)
    {
        var sizes = input.Dimensions;
        var size = sizes.Length == 3 ? new SpatialSize(sizes[0], sizes[1]) : sizes[0];
        return WindowGeometry.Of(input, size, stride: size, dilation: 1, Padding.Valid);
    }

    /// <summary>The numbers of a window's way down or across.</summary>
    public static PoolingAxis Numbers(WindowAxis axis) => new(axis.Input, axis.Window, axis.Stride, axis.Before, axis.Output);

    public static PoolingWindow Read(BinaryReader reader) => new(SpatialSize.Read(reader), SpatialSize.Read(reader), (Padding)reader.ReadByte());

    /// <exception cref="ArgumentException">The input is neither an image nor a sequence, or the window does not fit into it.</exception>
    public WindowGeometry Over(Shape input) => WindowGeometry.Of(input, Size, Stride, dilation: 1, Padding);

    /// <summary>Size and stride, each as two int32; byte padding.</summary>
    public void Write(BinaryWriter writer)
    {
        Size.Write(writer);
        Stride.Write(writer);
        writer.Write((byte)Padding);
    }

    /// <summary>Such as "2", or "3, stride 2, same" where the options are not the usual ones.</summary>
    public override string ToString() => $"{Size}{(Stride == Size ? "" : $", stride {Stride}")}{(Padding == Padding.Same ? ", same" : "")}";
}
