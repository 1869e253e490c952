using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Supplies the mini-batches of an epoch, one after the other. The rows come in chunks, each of which is shuffled by itself; rows in memory are one chunk. All chunks but the last hold
/// whole batches, so that without shuffling the batches do not depend on the chunks.
/// </summary>
internal abstract class BatchSource : IDisposable
{
    private readonly int? _shuffleSeed;
    private int[] _order = [];
    private int _count;
    private int _next;
    private int _epoch;
    private int _chunk;

    /// <param name="rows">The rows of an epoch.</param>
    /// <param name="inputs">Features a row.</param>
    /// <param name="hasWeights">Whether rows have weights.</param>
    /// <param name="layout">The batches.</param>
    protected BatchSource(int rows, int inputs, bool hasWeights, BatchLayout layout)
    {
        Rows = rows;
        _shuffleSeed = layout.ShuffleSeed;
        Batch = new MiniBatch(inputs, rows, hasWeights, layout);
    }

    /// <summary>The rows of an epoch.</summary>
    public int Rows { get; }

    /// <summary>The batches of an epoch.</summary>
    public int BatchCount => (int)(((long)Rows + Batch.MaxRows - 1) / Batch.MaxRows);

    /// <summary>The batch taken last.</summary>
    public MiniBatch Batch { get; }

    /// <summary>Begins anew.</summary>
    /// <param name="epoch">Which epoch, from 1; decides the order of the rows where they are shuffled.</param>
    public virtual void Begin(int epoch) => (_epoch, _chunk, _count, _next) = (epoch, 0, 0, 0);

    /// <summary>Fills <see cref="Batch"/> with the next one.</summary>
    /// <returns>False where training was cancelled while its rows were waited for.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTakeNext()
    {
        if (_next == _count && !TryBeginChunk())
            return false;
        Batch.Take(_order.AsSpan(0, _count), _next);
        _next += Batch.Rows;
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
        if (_order.Length < chunk.Count)
            _order = new int[chunk.Count];
        chunk.Rows.CopyTo(_order);
        Batch.Data = chunk.Data;
        (_count, _next) = (chunk.Count, 0);
        if (_shuffleSeed is { } seed)
            new RandomBits((ulong)seed, RandomStreams.Shuffling(_epoch, _chunk)).Shuffle(_order.AsSpan(0, _count));
        _chunk++;
        return true;
    }
}
