namespace MLNet.DenseNet.Engine;

/// <summary>A window's way along one dimension: position o of the output sees positions o * stride + k * dilation - before of the input, for k below the window's size.</summary>
/// <param name="Input">Positions of the input.</param>
/// <param name="Window">Positions of the window.</param>
/// <param name="Stride">From one position of the window to the next.</param>
/// <param name="Dilation">From one position in the window to the next.</param>
/// <param name="Before">Positions added before the input.</param>
/// <param name="After">Positions added after the input, as many as the last position of the window reaches.</param>
/// <param name="Output">Positions of the output.</param>
internal readonly record struct WindowAxis(int Input, int Window, int Stride, int Dilation, int Before, int After, int Output)
{
    /// <summary>A dimension that is not there.</summary>
    public static WindowAxis Single => new(1, 1, 1, 1, 0, 0, 1);

    /// <exception cref="ArgumentException">There is no place for the window.</exception>
    public static WindowAxis Of(int input, int window, int stride, int dilation, Padding padding, string direction)
    {
        var extent = (long)(window - 1) * dilation + 1;
        if (padding == Padding.Same)
        {
            var positions = (input - 1) / stride + 1;
            var added = (int)Math.Max(0, (positions - 1L) * stride + extent - input);
            return new WindowAxis(input, window, stride, dilation, added / 2, added - added / 2, positions);
        }

        if (extent > input)
            throw new ArgumentException(FormattableString.Invariant($"Its window covers {extent} positions {direction}, and there are {input}; a smaller one or padding 'Same' would fit."));
        return new WindowAxis(input, window, stride, dilation, 0, 0, (input - (int)extent) / stride + 1);
    }
}
