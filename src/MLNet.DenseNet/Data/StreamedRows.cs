using Microsoft.ML.Runtime;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Rows that are read anew in each epoch. A first pass counts them and gathers their statistics.</summary>
internal sealed class StreamedRows : RowSource
{
    /// <summary>One that is trained on, one that is filled, and one between them, so that neither waits for the other's uneven pace.</summary>
    private const int BlockCount = 3;

    private readonly IHost _host;
    private readonly RowColumns _columns;
    private readonly DenseNeuralNetOptions _options;
    private readonly HeldOutRows? _heldOut;
    private readonly RowBlock[] _blocks;
    private readonly uint _checksum;

    /// <param name="host">Makes the exceptions.</param>
    /// <param name="channel">Is told of rows that were skipped.</param>
    /// <param name="columns">The rows.</param>
    /// <param name="options">Say how large a block is and whether to stop.</param>
    /// <param name="heldOut">Rows to leave out, and to collect in the first pass; null for none.</param>
    /// <exception cref="InvalidOperationException">No row is usable, or they cannot be read; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled: whatever the options say, there is no model yet.</exception>
    public StreamedRows(IHost host, IChannel channel, RowColumns columns, DenseNeuralNetOptions options, HeldOutRows? heldOut = null)
    {
        _host = host;
        _columns = columns;
        _options = options;
        _heldOut = heldOut;
        _blocks = [.. Enumerable.Range(0, BlockCount).Select(_ => new RowBlock(columns))];
        Targets = new TargetStatistics(columns.ClassCount, columns.Outputs);
        using var checksum = new ChecksumStream(Stream.Null);
        FeatureStatistics? features = null;
        var blockRows = columns.Storage.IsSparse is null ? FeatureStorage.DecidingRows : BlockRows(batchRows: 1);
        using (var pass = Open(blockRows, options.DataLimits.Block))
        {
            while (pass.Next(() => options.IsCanceled) is { } block)
            {
                var rows = RowSubset.All(block.ToDataset());
                if (Count > int.MaxValue - rows.Count)
                    throw host.Except(FormattableString.Invariant($"The {columns.Set} data has more than {int.MaxValue:N0} usable rows, more than a training takes."));
                Count += rows.Count;
                Targets.Add(rows);
                features ??= new FeatureStatistics(columns.Inputs, isSparse: rows.Data.Sparse is not null);
                features.Add(rows);
                if (options.Checkpoints is not null)
                    rows.Data.CopyTo(checksum);
            }

            pass.Counts.ThrowIfCanceled(columns, options);
            pass.Counts.Report(columns, host, channel);
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

    public override TargetStatistics Targets { get; }

    public override FeatureStatistics Features { get; }

    /// <summary>The rows' mini-batches; only one source of them may be open at a time, since all have the same memory.</summary>
    public override BatchSource OpenBatches(BatchLayout layout) => new StreamedBatches(this, layout);

    public override string Fingerprint() =>
        $"{Count} streamed in blocks of {_options.DataLimits.Block} bytes, checksum {_checksum:x8}";

    /// <summary>Begins an epoch's pass.</summary>
    /// <param name="batchRows">The rows of a batch, of which a block has a whole number.</param>
    public BlockReader OpenForBatches(int batchRows) => Open(BlockRows(batchRows));

    /// <summary>Waits for a block of a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="before">How many rows it gave before.</param>
    /// <returns>Null where training was cancelled.</returns>
    /// <exception cref="InvalidOperationException">There are more or fewer rows than in the first pass.</exception>
    public RowBlock? Next(BlockReader pass, int before)
    {
        var block = pass.Next(() => _options.IsCanceled);
        if (block is null && _options.IsCanceled)
            return null;
        return block is null || before + (long)block.Rows > Count
            ? throw _host.Except($"The {_columns.Set} data had {Count} usable rows when it was read first and now has {(block is null ? "fewer" : "more")}; rows that are streamed must be the same each time.")
            : block;
    }

    private BlockReader Open(int blockRows, long blockBytes = long.MaxValue)
    {
        foreach (var block in _columns.Storage.IsSparse == false ? _blocks : [])
            block.Features.Reserve(_columns.View.GetRowCount() is { } count ? Math.Min(count, blockRows) : blockRows);
        return new BlockReader(isCanceled => new RowCursor(_host, _columns, isCanceled, _heldOut), _blocks, blockRows, blockBytes);
    }

    private int BlockRows(int batchRows) => (int)Math.Min(Array.MaxLength, Math.Max(1, _options.DataLimits.Block / _columns.BytesPerRow / batchRows) * batchRows);
}
