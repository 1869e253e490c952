using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Mean and variation of each channel over all positions of a batch, the variation being the sum of (x - mean)². Each piece has its own, in two passes of float32, and all pieces together in float64, as in Chan, Golub
/// and LeVeque, "Algorithms for computing the sample variance" (1983): nothing large is subtracted from something large.
/// </summary>
/// <param name="batch">The positions.</param>
/// <param name="sums">(pieces x 2 x channels), memory: for each piece the means, then the variations.</param>
internal readonly unsafe struct BatchMoments(PositionRows batch, float* sums) : IPieceWork
{
    private readonly RangePieces _pieces = batch.Pieces;

    /// <summary>Sums all pieces.</summary>
    /// <param name="threads">How many threads the work is worth.</param>
    /// <param name="team">Who shares it; null for the caller alone.</param>
    public void Run(int threads, ThreadTeam? team) => _pieces.Run(in this, threads, team);

    /// <summary>Of a channel, once all pieces are summed.</summary>
    public (double Mean, double Variation) this[int channel]
    {
        get
        {
            var (mean, variation) = (0.0, 0.0);
            for (var piece = 0; piece < _pieces.Count; piece++)
                mean += Count(piece) * (double)Means(piece)[channel];
            mean /= _pieces.Length;
            for (var piece = 0; piece < _pieces.Count; piece++)
            {
                var distance = Means(piece)[channel] - mean;
                variation += Means(piece)[batch.Channels + channel] + Count(piece) * distance * distance;
            }

            return double.IsFinite(variation) ? (mean, variation) : InFloat64(channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(int piece, int first, int end)
    {
        var offsets = stackalloc nint[end - first];
        var x = batch[first, end, offsets];
        var means = Means(piece);
        // Distances from the first position are about as large as those from the mean, so their sum rounds little where the mean is large.
        ChannelSums.OfDifferences(x, x.Start(0), means);
        Elementwise.Map(new MeanFrom(end - first), x.Start(0), means, means, batch.Channels, MatrixPart.Whole(1, batch.Channels));
        ChannelSums.OfSquares(x, means, means + batch.Channels);
    }

    /// <summary>Where the squares of a piece, or its sum, are beyond float32. What is no number stays so.</summary>
    private (double Mean, double Variation) InFloat64(int channel)
    {
        var (mean, variation) = (0.0, 0.0);
        for (var position = 0; position < _pieces.Length; position++)
            mean += batch.Start(position)[channel];
        mean /= _pieces.Length;
        for (var position = 0; position < _pieces.Length; position++)
        {
            var distance = batch.Start(position)[channel] - mean;
            variation += distance * distance;
        }

        return (mean, variation);
    }

    private float* Means(int piece) => sums + (nint)piece * 2 * batch.Channels;

    private int Count(int piece) => _pieces[piece].End - _pieces[piece].First;

    private readonly struct MeanFrom(float count) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV first, TV differences) where TV : struct, ISimd<TV> => first + differences / TV.Broadcast(count);
    }
}
