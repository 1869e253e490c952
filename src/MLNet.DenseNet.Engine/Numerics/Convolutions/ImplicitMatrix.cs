namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// What a window sees at each of its positions, as a matrix (positions x taps and channels) that is never written: an element lies at the sum of an offset of its row and one of its column. So
/// products compute convolutions in place, without the copy of the image for each tap that im2col makes.
/// </summary>
internal sealed unsafe class ImplicitMatrix
{
    private readonly PinnedArray<nint> _rows;
    private readonly PinnedArray<nint> _columns;

    /// <param name="border">The border of each image.</param>
    /// <param name="images">How many bordered images lie one after the other.</param>
    /// <param name="down">Positions and taps in rows of the bordered image.</param>
    /// <param name="across">Positions and taps in pixels of a row.</param>
    /// <param name="channels">How many channels of a pixel the window sees, from the first on.</param>
    public ImplicitMatrix(ImageBorder border, int images, in WindowPath down, in WindowPath across, int channels)
    {
        Positions = down.Count * across.Count;
        _rows = new PinnedArray<nint>(images * Positions);
        _columns = new PinnedArray<nint>(down.Taps.Length * across.Taps.Length * channels);
        var next = 0;
        for (var image = 0; image < images; image++)
        {
            for (var y = 0; y < down.Count; y++)
            {
                for (var x = 0; x < across.Count; x++)
                    _rows[next++] = (nint)(image * border.Length + (nint)(down.First + y * down.Step) * border.RowLength + (nint)(across.First + x * across.Step) * border.Channels);
            }
        }

        next = 0;
        foreach (var y in down.Taps)
        {
            foreach (var x in across.Taps)
            {
                for (var channel = 0; channel < channels; channel++)
                    _columns[next++] = (nint)y * border.RowLength + (nint)x * border.Channels + channel;
            }
        }
    }

    /// <summary>Positions of the window in an image.</summary>
    public int Positions { get; }

    /// <summary>Columns: taps times channels.</summary>
    public int Columns => _columns.Length;

    /// <summary>The matrix of some bordered images.</summary>
    /// <param name="bordered">The first channel that the window sees of the first image.</param>
    /// <param name="images">How many, at most as many as there is a table for.</param>
    public MatrixRows Of(float* bordered, int images) => new(bordered, _rows.Pointer, images * Positions, Columns, _columns.Pointer);
}
