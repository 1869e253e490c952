using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A range of indices cut into pieces of one length. Their number depends on sizes alone, so what is summed piece by piece has the same bits on any number of threads.</summary>
/// <param name="Length">How many indices.</param>
/// <param name="PieceLength">How many make a piece, at least 1; the last one may be shorter.</param>
internal readonly record struct RangePieces(int Length, int PieceLength)
{
    /// <summary>How many pieces.</summary>
    public int Count => (int)(((long)Length + PieceLength - 1) / PieceLength);

    /// <summary>One of the pieces: its first index, and the one after its last.</summary>
    public (int First, int End) this[int piece] => (piece * PieceLength, Math.Min(Length - piece * PieceLength, PieceLength) + piece * PieceLength);

    /// <summary>Which pieces each thread takes.</summary>
    /// <param name="threads">How many threads there are. Where there are fewer pieces, only as many threads get one.</param>
    public RangeShares SharedBy(int threads) => RangeShares.AtMost(threads, Count);

    /// <summary>Does some work piece by piece.</summary>
    /// <param name="work">The work.</param>
    /// <param name="threads">How many threads it is worth.</param>
    /// <param name="team">Who shares it; null for the caller alone, who then does all pieces.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TWork>(in TWork work, int threads, ThreadTeam? team) where TWork : struct, IPieceWork => SharedBy(threads).Run(new Each<TWork>(in work, this), team);

    private readonly struct Each<TWork>(in TWork work, RangePieces pieces) : IRangeWork where TWork : struct, IPieceWork
    {
        private readonly TWork _work = work;
        private readonly RangePieces _pieces = pieces;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int piece, int endPiece)
        {
            for (; piece < endPiece; piece++)
            {
                var (first, end) = _pieces[piece];
                // By reference: the compiler copies a read-only field before each call.
                Unsafe.AsRef(in _work).Do(piece, first, end);
            }
        }
    }
}
