namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Work on a range of indices that is done piece by piece, so that what is summed has the same bits on any number of threads.</summary>
internal interface IPieceWork
{
    /// <summary>Does one piece. May be called from any thread.</summary>
    /// <param name="piece">Which, from 0.</param>
    /// <param name="first">Its first index.</param>
    /// <param name="end">The index after its last.</param>
    void Do(int piece, int first, int end);
}
