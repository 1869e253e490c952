using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The order in which the rows of a chunk are trained on: their own, or one drawn anew for each epoch.</summary>
/// <param name="shuffleSeed">Determines the orders; null for the rows' own.</param>
internal sealed class RowOrder(int? shuffleSeed)
{
    private int[] _rows = [];
    private int _count;

    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>Orders rows.</summary>
    /// <param name="rows">Their numbers in their data set.</param>
    /// <param name="epoch">Which epoch, from 1.</param>
    /// <param name="chunk">Which chunk of the epoch's rows, from 0.</param>
    public void Set(ReadOnlySpan<int> rows, int epoch, int chunk)
    {
        if (_rows.Length < rows.Length)
            _rows = new int[rows.Length];
        rows.CopyTo(_rows);
        _count = rows.Length;
        if (shuffleSeed is { } seed)
            new RandomBits((ulong)seed, RandomStreams.Shuffling(epoch, chunk)).Shuffle(_rows.AsSpan(0, _count));
    }

    public void Clear() => _count = 0;
}
