namespace MLNet.DenseNet.Engine;

/// <summary>The mini-batches of rows in memory.</summary>
/// <param name="rows">The rows.</param>
/// <param name="layout">The batches.</param>
internal sealed class MemoryBatches(RowSubset rows, BatchLayout layout) : BatchSource(rows.Count, rows.Inputs, rows.Data.HasWeights, layout, GroupOrder.Of(rows, layout.MaxRows))
{
    protected override RowSubset? NextChunk() => rows;
}
