using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Data;

/// <summary>Rows of a stream that are kept in memory to measure with: which ones depends on the seed and on each row's identity in the data view, so that they are the same in every pass.</summary>
/// <param name="columns">What a row has.</param>
/// <param name="share">Which share of the rows, on average, in (0, 1).</param>
/// <param name="seed">Determines which ones.</param>
internal sealed class HeldOutRows(RowColumns columns, double share, int seed)
{
    private readonly RandomBits _random = new((ulong)seed, RandomStreams.Splitting);

    /// <summary>The usable ones among them.</summary>
    public RowBlock Rows { get; } = new(columns);

    /// <summary>Whether all of them are kept: no later pass adds any.</summary>
    public bool IsComplete { get; set; }

    public bool Contains(DataViewRowId row) => _random[row.Low ^ ulong.RotateLeft(row.High, 32)].X0 < share * (1UL << 32);
}
