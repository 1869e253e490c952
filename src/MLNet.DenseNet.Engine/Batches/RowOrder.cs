using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The order in which the rows of a chunk are trained on: their own, or one drawn anew for each epoch.</summary>
/// <param name="shuffleSeed">Determines the orders; null for the rows' own.</param>
/// <param name="groups">Keeps the rows of a group together; null where they are in no groups.</param>
internal sealed class RowOrder(int? shuffleSeed, GroupOrder? groups = null)
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
        _count = rows.Length;
        RandomBits? random = shuffleSeed is { } seed ? new RandomBits((ulong)seed, RandomStreams.Shuffling(epoch, chunk)) : null;
        if (groups is not null)
        {
            groups.Fill(random, _rows.AsSpan(0, _count));
            return;
        }

        rows.CopyTo(_rows);
        random?.Shuffle(_rows.AsSpan(0, _count));
    }

    /// <summary>The rows of a batch.</summary>
    /// <param name="first">The index of its first row in <see cref="Rows"/>.</param>
    /// <param name="maxRows">The most rows that it has.</param>
    public ReadOnlySpan<int> Batch(int first, int maxRows) => Rows[first..(groups?.EndOfBatch(first) ?? first + Math.Min(maxRows, _count - first))];

    public void Clear() => _count = 0;
}
