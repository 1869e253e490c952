using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The sums of dy and of dy (x - mean) of each channel over all positions of a batch: what the gradient of a normalization needs. Pieces are summed in float32, and their sums in float64, in order.</summary>
/// <param name="batch">The positions of x.</param>
/// <param name="means">(channels).</param>
/// <param name="dy">(positions x channels), one position after the other.</param>
/// <param name="sums">(pieces x 2 x channels), memory: for each piece the sums of dy, then those of the products.</param>
internal readonly unsafe struct BatchProducts(PositionRows batch, float* means, float* dy, float* sums) : IPieceWork
{
    private readonly PieceSums _sums = new(sums, batch.Pieces.Count, batch.Channels);

    /// <summary>Sums all pieces.</summary>
    /// <param name="threads">How many threads the work is worth.</param>
    /// <param name="team">Who shares it; null for the caller alone.</param>
    public void Run(int threads, ThreadTeam? team) => batch.Pieces.Run(in this, threads, team);

    /// <summary>Of a channel, once all pieces are summed.</summary>
    public (double Gradient, double Product) this[int channel] => _sums[channel];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(int piece, int first, int end)
    {
        var offsets = stackalloc nint[end - first];
        var gradient = dy + (nint)first * batch.Channels;
        ChannelSums.OfDifferences(new MatrixRows(gradient, end - first, batch.Channels), null, _sums.Of(piece));
        ChannelSums.OfProducts(batch[first, end, offsets], means, gradient, _sums.Of(piece) + batch.Channels);
    }
}
