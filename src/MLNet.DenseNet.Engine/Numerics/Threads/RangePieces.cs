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
}
