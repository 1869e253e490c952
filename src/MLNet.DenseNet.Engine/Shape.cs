namespace MLNet.DenseNet.Engine;

/// <summary>
/// The dimensions of one row of data, without the batch: one for plain features; steps and channels for sequences; height, width and channels for images.
/// Values lie row-major.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The most dimensions.</summary>
    internal const int MaxDimensions = 16;

    private readonly int[] _dimensions;

    /// <summary>A shape with these dimensions, each at least 1.</summary>
    /// <param name="dimensions">1 to 16 extents; along the last one, values lie next to each other.</param>
    /// <exception cref="ArgumentException">There is no dimension, or there are more than 16.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1, or the number of elements exceeds <see cref="int.MaxValue"/>.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        if (dimensions.IsEmpty)
            throw new ArgumentException("A shape needs at least one dimension.", nameof(dimensions));
        if (dimensions.Length > MaxDimensions)
            throw new ArgumentException($"A shape has at most {MaxDimensions} dimensions; {dimensions.Length} were given.", nameof(dimensions));

        long size = 1;
        foreach (var dimension in dimensions)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1, nameof(dimensions));
            size = Math.Min(size * dimension, int.MaxValue + 1L);
        }

        if (size > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(dimensions), FormattableString.Invariant($"A shape has up to {int.MaxValue:N0} elements; {string.Join(" x ", dimensions.ToArray())} was given."));
        _dimensions = dimensions.ToArray();
        Size = (int)size;
    }

    /// <summary>The extents; along the last one, values lie next to each other.</summary>
    public ReadOnlySpan<int> Dimensions => _dimensions;

    /// <summary>The number of elements: the product of the dimensions.</summary>
    public int Size { get; }

    /// <summary>The last dimension: of an image or a sequence the values of each position, and without positions all values.</summary>
    internal int Channels => _dimensions[^1];

    /// <summary>Converts a number of units to the shape with this one dimension.</summary>
    /// <param name="units">At least 1.</param>
    public static implicit operator Shape(int units) => new(units);

    /// <summary>The same as the conversion from a number of units.</summary>
    /// <param name="units">At least 1.</param>
    /// <returns>The shape with this one dimension.</returns>
    public static Shape FromInt32(int units) => new(units);

    /// <summary>Whether two shapes have the same dimensions.</summary>
    /// <param name="left">A shape.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    /// <param name="left">A shape.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dimensions.SequenceEqual(other.Dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var dimension in Dimensions)
            hash.Add(dimension);
        return hash.ToHashCode();
    }

    /// <summary>The dimensions with a multiplication sign between them, as in "28 x 28 x 1".</summary>
    public override string ToString() => string.Join(" x ", _dimensions ?? []);
}
