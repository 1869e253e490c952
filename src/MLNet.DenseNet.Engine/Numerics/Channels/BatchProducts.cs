using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The sums of dy and of dy (x - mean) of each channel over all positions of a batch: what the gradient of a normalization needs. Pieces are summed in float32, and their sums in float64, in order.</summary>
/// <param name="batch">The positions of x.</param>
/// <param name="channels">Values of a position.</param>
/// <param name="means">(channels).</param>
/// <param name="dy">(positions x channels), one position after the other.</param>
/// <param name="sums"><see cref="BatchMoments.Length"/> values of memory: for each piece the sums of dy, then those of the products.</param>
internal unsafe struct BatchProducts(PositionRows batch, int channels, float* means, float* dy, float* sums) : ITeamWork
{
    private readonly RangePieces _pieces = new(batch.Count, ChannelSums.PieceLength(channels));
    private RangeShares _shares;

    /// <summary>Sums all pieces.</summary>
    /// <param name="threads">How many threads the work is worth.</param>
    /// <param name="team">Who shares it; null for the caller alone.</param>
    public void Run(int threads, ThreadTeam? team)
    {
        _shares = _pieces.SharedBy(threads);
        ThreadTeam.Run(team, ref this, _shares.Parts);
    }

    /// <summary>Of a channel, once all pieces are summed.</summary>
    public readonly (double Gradient, double Product) this[int channel]
    {
        get
        {
            var (gradient, product) = (0.0, 0.0);
            for (var piece = 0; piece < _pieces.Count; piece++)
            {
                gradient += Sums(piece)[channel];
                product += Sums(piece)[channels + channel];
            }

            return (gradient, product);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Do(int part, int parts)
    {
        var offsets = stackalloc nint[_pieces.PieceLength];
        var (piece, endPiece) = _shares[part];
        for (; piece < endPiece; piece++)
        {
            var (first, end) = _pieces[piece];
            var gradient = dy + (nint)first * channels;
            ChannelSums.OfDifferences(new MatrixRows(gradient, end - first, channels), null, Sums(piece));
            ChannelSums.OfProducts(batch[first, end, offsets], means, gradient, Sums(piece) + channels);
        }
    }

    private readonly float* Sums(int piece) => sums + (nint)piece * 2 * channels;
}
