using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>The mini-batches of rows that are read anew in each epoch.</summary>
/// <param name="rows">The rows.</param>
/// <param name="layout">The batches.</param>
internal sealed class StreamedBatches(StreamedRows rows, BatchLayout layout) : BatchSource(rows.Count, rows.Inputs, rows.HasWeights, layout)
{
    private RowPrefetcher? _pass;
    private int[] _numbers = [];

    public override void Begin(int epoch)
    {
        base.Begin(epoch);
        _pass?.Dispose();
        _pass = rows.OpenForBatches(Batch.MaxRows);
    }

    public override void Dispose()
    {
        _pass?.Dispose();
        base.Dispose();
    }

    protected override RowSubset? NextChunk()
    {
        if (rows.Next(_pass!) is not { } chunk)
            return null;
        if (_numbers.Length != chunk.Rows)
            _numbers = [.. Enumerable.Range(0, chunk.Rows)];
        return new RowSubset(chunk.ToDataset(), _numbers);
    }
}
