namespace MLNet.DenseNet.Engine;

/// <summary>Where a window goes in an image, (height x width x channels), or a sequence, (steps x channels), which is an image of one row.</summary>
/// <param name="Channels">Values at each position of the input.</param>
/// <param name="IsImage">Whether the input is an image; else it is a sequence.</param>
/// <param name="Rows">The window's way down.</param>
/// <param name="Columns">The window's way across.</param>
internal readonly record struct WindowGeometry(int Channels, bool IsImage, WindowAxis Rows, WindowAxis Columns)
{
    /// <summary>Positions of the input.</summary>
    public int InputPositions => Rows.Input * Columns.Input;

    /// <summary>Positions of the output.</summary>
    public int OutputPositions => Rows.Output * Columns.Output;

    /// <summary>Positions of the window.</summary>
    public int Taps => Rows.Window * Columns.Window;

    /// <param name="input">What the window moves over.</param>
    /// <param name="window">The window's size.</param>
    /// <param name="stride">From one position of the window to the next.</param>
    /// <param name="dilation">From one position in the window to the next.</param>
    /// <param name="padding">What happens at the edges.</param>
    /// <exception cref="ArgumentException">The input is neither an image nor a sequence, or there is no place for the window in it.</exception>
    public static WindowGeometry Of(Shape input, SpatialSize window, SpatialSize stride, SpatialSize dilation, Padding padding)
    {
        var sizes = input.Dimensions;
        if (sizes.Length is not (2 or 3))
            throw new ArgumentException("It needs an image, height x width x channels, or a sequence, steps x channels.");
        var isImage = sizes.Length == 3;
        if (!isImage && (window.Height != window.Width || stride.Height != stride.Width || dilation.Height != dilation.Width))
            throw new ArgumentException("A sequence has one dimension to move in, so sizes must be single numbers.");
        return new WindowGeometry(
            sizes[^1], isImage,
            isImage ? WindowAxis.Of(sizes[0], window.Height, stride.Height, dilation.Height, padding, "down") : WindowAxis.Single,
            WindowAxis.Of(sizes[^2], window.Width, stride.Width, dilation.Width, padding, isImage ? "across" : "along it"));
    }

    /// <summary>A number of each dimension that the window moves in: of rows and columns, or of columns alone.</summary>
    public long[] Extents(Func<WindowAxis, int> number) => IsImage ? [number(Rows), number(Columns)] : [number(Columns)];

    /// <summary>The output's shape.</summary>
    /// <param name="channels">Values at each of its positions.</param>
    public Shape OutputShape(int channels) => IsImage ? new Shape(Rows.Output, Columns.Output, channels) : new Shape(Columns.Output, channels);
}
