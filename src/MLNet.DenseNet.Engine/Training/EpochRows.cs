using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The rows that each epoch goes over, batch by batch, and what they are measured with.</summary>
internal sealed class EpochRows : IDisposable
{
    private readonly RowSubset _rows;
    private readonly int[] _order;
    private readonly RSquaredMetric? _rSquared;

    /// <param name="rows">The rows.</param>
    /// <param name="network">The network that they go through.</param>
    /// <param name="loss">A regression is measured with R-squared unless its loss takes logits, which are no predictions.</param>
    /// <param name="batchRows">The rows of a batch.</param>
    public EpochRows(RowSubset rows, Network network, Loss loss, int batchRows)
    {
        _rows = rows;
        _order = rows.Rows.ToArray();
        Batch = new MiniBatch(rows.Data, network.OutputShape.Size, Math.Min(batchRows, rows.Count));
        _rSquared = rows.Data.IsClassification || loss.Link is not null ? null : new RSquaredMetric(rows, network.OutputShape.Size);
    }

    public int Count => _order.Length;

    public int BatchCount => (_order.Length + Batch.MaxRows - 1) / Batch.MaxRows;

    /// <summary>The batch taken last.</summary>
    public MiniBatch Batch { get; }

    /// <summary>The sums over the batches measured since the epoch began.</summary>
    public BatchSums Sums { get; private set; }

    public double? Accuracy => _rows.Data.IsClassification ? Sums.Accuracy : null;

    public double? RSquared => _rSquared?.Value;

    /// <summary>Begins anew, in the rows' own order.</summary>
    public void Begin()
    {
        _rows.Rows.CopyTo(_order);
        Sums = default;
        _rSquared?.Clear();
    }

    public void Shuffle(RandomBits random) => random.Shuffle(_order);

    /// <summary>Fills <see cref="Batch"/>.</summary>
    /// <param name="index">Which batch, from 0.</param>
    public void Take(int index) => Batch.Take(_order, index * Batch.MaxRows);

    /// <summary>Takes in what came of the batch taken last.</summary>
    public void Add(BatchSums sums, ReadOnlySpan<float> predictions)
    {
        Sums += sums;
        _rSquared?.Add(predictions, Batch.Targets, Batch.Weights);
    }

    public void Dispose() => Batch.Dispose();
}
