namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Two sums for each channel: those of each piece of a batch in float32, of all pieces together in float64, in order.</summary>
/// <param name="sums">(pieces x 2 x channels): memory for them.</param>
/// <param name="pieces">How many pieces there are.</param>
/// <param name="channels">How many channels there are.</param>
internal readonly unsafe struct PieceSums(float* sums, int pieces, int channels)
{
    /// <summary>(2 x channels): those of a piece, to be filled.</summary>
    public float* Of(int piece) => sums + (nint)piece * 2 * channels;

    /// <summary>Those of a channel, once all pieces are summed.</summary>
    public (double First, double Second) this[int channel]
    {
        get
        {
            var (first, second) = (0.0, 0.0);
            for (var piece = 0; piece < pieces; piece++)
            {
                first += Of(piece)[channel];
                second += Of(piece)[channels + channel];
            }

            return (first, second);
        }
    }
}
