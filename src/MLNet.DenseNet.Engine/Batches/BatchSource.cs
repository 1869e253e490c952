using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Supplies the mini-batches of an epoch, one after the other. The rows come in chunks, each shuffled by itself; rows in memory are one chunk. Every chunk but the last
/// holds whole batches, so that unshuffled batches are the same however the rows are cut into chunks.
/// </summary>
internal abstract class BatchSource : IDisposable
{
    private readonly RowOrder _order;
    private readonly GroupOrder? _groups;
    private int _next;
    private int _epoch;
    private int _chunk;

    /// <param name="rows">The rows of an epoch.</param>
    /// <param name="inputs">Features a row.</param>
    /// <param name="hasWeights">Whether rows have weights.</param>
    /// <param name="layout">The batches.</param>
    /// <param name="groups">How groups of rows, which are one chunk, are cut into batches; null where rows are in no groups.</param>
    protected BatchSource(int rows, int inputs, bool hasWeights, BatchLayout layout, GroupOrder? groups = null)
    {
        Rows = rows;
        _groups = groups;
        _order = new RowOrder(layout.ShuffleSeed, groups);
        Batch = new MiniBatch(inputs, rows, hasWeights, groups is null ? layout : layout with { MaxRows = groups.MaxRows });
    }

    /// <summary>The rows of an epoch.</summary>
    public int Rows { get; }

    /// <summary>The batches of an epoch.</summary>
    public int BatchCount => _groups?.BatchCount ?? (int)(((long)Rows + Batch.MaxRows - 1) / Batch.MaxRows);

    /// <summary>The rows taken in this epoch.</summary>
    public int RowsTaken { get; private set; }

    /// <summary>The batch taken last.</summary>
    public MiniBatch Batch { get; }

    /// <summary>Begins an epoch.</summary>
    /// <param name="epoch">Which epoch, from 1; determines the order of the rows where they are shuffled.</param>
    public virtual void Begin(int epoch)
    {
        (_epoch, _chunk, _next, RowsTaken) = (epoch, 0, 0, 0);
        _order.Clear();
    }

    /// <summary>Fills <see cref="Batch"/> with the next one.</summary>
    /// <returns>False where training was cancelled while it waited for rows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTakeNext()
    {
        if (_next == _order.Rows.Length && !TryBeginChunk())
            return false;
        Batch.Take(_order.Batch(_next, Batch.MaxRows));
        _next += Batch.Rows;
        RowsTaken += Batch.Rows;
        return true;
    }

    public virtual void Dispose() => Batch.Dispose();

    /// <summary>Brings the next rows, at least one.</summary>
    /// <returns>They are valid until the next call; null where training was cancelled.</returns>
    protected abstract RowSubset? NextChunk();

    private bool TryBeginChunk()
    {
        if (NextChunk() is not { } chunk)
            return false;
        Batch.Data = chunk.Data;
        _order.Set(chunk.Rows, _epoch, _chunk++);
        _next = 0;
        return true;
    }
}
