using Microsoft.ML.Runtime;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Rows that are read anew in each epoch. A first pass counts them and gathers their statistics.</summary>
internal sealed class StreamedRows : RowSource
{
    /// <summary>One buffer is trained on, one is filled, and one between them lets either side be late for a while.</summary>
    private const int BufferCount = 3;

    private readonly IHost _host;
    private readonly RowColumns _columns;
    private readonly DenseNeuralNetOptions _options;
    private readonly HeldOutRows? _heldOut;
    private readonly RowBuffer[] _buffers;
    private readonly uint _checksum;

    /// <param name="host">Makes the exceptions.</param>
    /// <param name="channel">The log, for rows that were skipped.</param>
    /// <param name="columns">The rows.</param>
    /// <param name="options">Say how large a chunk is and whether to stop.</param>
    /// <param name="heldOut">Rows to leave out, and to collect in the first pass; null for none.</param>
    /// <exception cref="InvalidOperationException">No row is usable, or they cannot be read; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled: whatever the options say, there is no model yet.</exception>
    public StreamedRows(IHost host, IChannel channel, RowColumns columns, DenseNeuralNetOptions options, HeldOutRows? heldOut = null)
    {
        _host = host;
        _columns = columns;
        _options = options;
        _heldOut = heldOut;
        _buffers = [.. Enumerable.Range(0, BufferCount).Select(_ => new RowBuffer(columns))];
        Targets = new TargetStatistics(columns.ClassCount, columns.Outputs);
        using var checksum = new ChecksumStream(Stream.Null);
        FeatureStatistics? features = null;
        var chunkRows = columns.Storage.IsSparse is null ? FeatureStorage.DecidingRows : ChunkRows(batchRows: 1);
        using (var pass = Open(chunkRows, options.DataLimits.Chunk))
        {
            while (pass.Next(() => options.IsCanceled) is { } chunk)
            {
                var rows = RowSubset.All(chunk.ToDataset());
                if (Count > int.MaxValue - rows.Count)
                    throw host.Except(FormattableString.Invariant($"The {columns.Set} data has more than {int.MaxValue:N0} usable rows, more than a training takes."));
                Count += rows.Count;
                Targets.Add(rows);
                features ??= new FeatureStatistics(columns.Inputs, rows.IsSparse);
                features.Add(rows);
                if (options.Checkpoints is not null)
                    rows.Data.CopyTo(checksum);
            }

            pass.Counts.ThrowIfCanceled(columns, options);
            pass.Counts.Report(columns, options, host, channel);
        }

        if (Count == 0)
            throw host.Except(FormattableString.Invariant($"The option {nameof(options.ValidationFraction)} is {options.ValidationFraction}, which leaves none of the usable rows to learn from."));
        Features = features!;
        _checksum = checksum.Checksum;
        if (_heldOut is not null)
            _heldOut.IsComplete = true;
    }

    public override int Count { get; }

    public override int Inputs => _columns.Inputs;

    public override int ClassCount => _columns.ClassCount;

    public override int TargetCount => ClassCount > 0 ? 0 : _columns.Outputs;

    public bool HasWeights => _columns.Weight is not null;

    public override bool IsSparse => _columns.Storage.IsSparse == true;

    public override bool HasMissing => Features.ColumnsWithMissing.Length > 0;

    public override TargetStatistics Targets { get; }

    public override FeatureStatistics Features { get; }

    /// <summary>The rows' mini-batches. Only one source of them may be open at a time, since all use the same buffers.</summary>
    public override BatchSource OpenBatches(BatchLayout layout) => new StreamedBatches(this, layout);

    public override int NumberInData(int row) => _heldOut?.NumberOfLearned(row) ?? row;

    public override string Fingerprint() =>
        $"{Count} streamed in blocks of {_options.DataLimits.Chunk} bytes, checksum {_checksum:x8}";

    /// <summary>Begins the pass of an epoch, which has to have as many rows as the first.</summary>
    /// <param name="batchRows">The rows of a batch. A chunk holds whole batches.</param>
    public RowPrefetcher OpenForBatches(int batchRows) => Open(ChunkRows(batchRows), known: new RowPrefetcher.KnownCount(Count, Changed));

    /// <summary>Waits for the next chunk of a pass.</summary>
    /// <returns>Null where training was cancelled.</returns>
    /// <exception cref="InvalidOperationException">There are more or fewer rows than in the first pass.</exception>
    public RowBuffer? Next(RowPrefetcher pass) =>
        // Asked before too: how many chunks a thread has ready then is chance.
        _options.IsCanceled ? null : pass.Next(() => _options.IsCanceled);

    private Exception Changed(bool hasMore) => _host.Except(
        $"The {_columns.Set} data had {Count} usable rows when it was read first and now has {(hasMore ? "more" : "fewer")}; rows that are streamed must be the same each time{(!hasMore && _heldOut is not null ? ", and no two may have the same identity" : "")}.");

    private RowPrefetcher Open(int chunkRows, long chunkBytes = long.MaxValue, RowPrefetcher.KnownCount? known = null)
    {
        foreach (var buffer in _columns.Storage.IsSparse == false ? _buffers : [])
            buffer.Features.Reserve(_columns.View.GetRowCount() is { } count ? Math.Min(count, chunkRows) : chunkRows);
        return new RowPrefetcher(isCanceled => new RowCursor(_host, _columns, isCanceled, _heldOut), _buffers, chunkRows, chunkBytes, known);
    }

    private int ChunkRows(int batchRows) => (int)Math.Min(Array.MaxLength, Math.Max(1, _options.DataLimits.Chunk / _columns.BytesPerRow / batchRows) * batchRows);
}
