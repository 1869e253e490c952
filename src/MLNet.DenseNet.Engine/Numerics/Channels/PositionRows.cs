namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A batch of images or sequences as the rows of a matrix (positions of all rows x channels), which may lie anywhere.</summary>
/// <param name="batch">(rows x values of a row).</param>
/// <param name="channels">Values of a position; they divide those of a row.</param>
internal readonly unsafe struct PositionRows(MatrixRows batch, int channels)
{
    private readonly int _positions = batch.Columns / channels;

    /// <summary>Rows of the batch.</summary>
    public int Rows => batch.Rows;

    /// <summary>Values of a position.</summary>
    public int Channels => channels;

    /// <summary>How many positions there are in all.</summary>
    public int Count => batch.Rows * _positions;

    /// <summary>The positions cut into pieces, each of which stays in the nearest cache while it is gone through channel by channel.</summary>
    public RangePieces Pieces => new(Count, ChannelSums.PieceLength(channels));

    /// <summary>A position.</summary>
    /// <param name="position">Its index.</param>
    public float* Start(int position) => batch.Start(position / _positions) + (nint)(position % _positions) * channels;

    /// <summary>Some of the positions.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="offsets">Memory for as many offsets, used where rows are not contiguous. It has to stay as long as the result.</param>
    public MatrixRows this[int first, int end, nint* offsets]
    {
        get
        {
            if (batch.IsContiguous)
                return new(batch.Elements + (nint)first * channels, end - first, channels);
            for (var position = first; position < end; position++)
                offsets[position - first] = batch.Offsets[position / _positions] + (nint)(position % _positions) * channels;
            return new(batch.Elements, offsets, end - first, channels);
        }
    }
}
