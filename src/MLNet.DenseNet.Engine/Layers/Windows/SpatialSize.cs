namespace MLNet.DenseNet;

/// <summary>A size, stride or dilation in each dimension that a window moves in: down and across an image, or along a sequence. A number converts to the same for both.</summary>
/// <param name="Height">Down an image, at least 1. For a sequence it must be the same as <paramref name="Width"/>.</param>
/// <param name="Width">Across an image or along a sequence, at least 1.</param>
public readonly record struct SpatialSize(int Height, int Width)
{
    /// <summary>Converts a number to that size in each dimension.</summary>
    /// <param name="size">At least 1.</param>
    public static implicit operator SpatialSize(int size) => new(size, size);

    /// <summary>The same as the conversion from a number.</summary>
    /// <param name="size">At least 1.</param>
    /// <returns>The size in each dimension.</returns>
    public static SpatialSize FromInt32(int size) => size;

    /// <summary>Such as "3", or "3x5" where the dimensions differ.</summary>
    public override string ToString() => Height == Width ? FormattableString.Invariant($"{Height}") : FormattableString.Invariant($"{Height}x{Width}");

    /// <summary>The size, which a constructor was given.</summary>
    /// <param name="name">The constructor's parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1 or above 10,000.</exception>
    internal SpatialSize Checked(string name) =>
        Height is >= 1 and <= Most && Width is >= 1 and <= Most ? this
        : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"Each dimension must be in [1, {Most:N0}]; {Height} x {Width} was given."));

    // More than any image has, and little enough for products of two to stay far from overflow.
    private const int Most = 10_000;

    internal static SpatialSize Read(BinaryReader reader) => new(reader.ReadInt32(), reader.ReadInt32());

    /// <summary>int32 height, int32 width.</summary>
    internal void Write(BinaryWriter writer)
    {
        writer.Write(Height);
        writer.Write(Width);
    }
}
