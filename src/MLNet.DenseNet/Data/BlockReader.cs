using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MLNet.DenseNet.Data;

/// <summary>One pass over rows, read block by block on a thread of its own that is ahead of who takes them by as many blocks as there are.</summary>
internal sealed class BlockReader : IDisposable
{
    /// <summary>How often who waits for a block looks whether training was cancelled.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly RowCursor _cursor;
    private readonly int _blockRows;
    private readonly long _blockBytes;
    private readonly BlockingCollection<RowBlock> _empty = [];
    private readonly BlockingCollection<RowBlock> _filled = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _error;
    private RowBlock? _taken;

    /// <param name="open">Makes the cursor, given what tells it to stop; disposed of here.</param>
    /// <param name="blocks">The memory, at least two of them, for nobody else while this is not disposed of.</param>
    /// <param name="blockRows">The rows of a block; the last one has what is left.</param>
    /// <param name="blockBytes">Where a block ends before that, since its rows take so much memory.</param>
    public BlockReader(Func<Func<bool>, RowCursor> open, IReadOnlyList<RowBlock> blocks, int blockRows, long blockBytes = long.MaxValue)
    {
        _blockBytes = blockBytes;
        _cursor = open(() => _stop.IsCancellationRequested);
        _blockRows = blockRows;
        foreach (var block in blocks)
            _empty.Add(block);
        _thread = new Thread(Read) { IsBackground = true, Name = "Rows of a dense neural network" };
        _thread.Start();
    }

    /// <summary>Of the rows read so far; of all after the last block.</summary>
    public RowCounts Counts => _cursor.Counts;

    /// <summary>Takes the next block, of one or more rows.</summary>
    /// <param name="isCanceled">Says whether to stop waiting.</param>
    /// <returns>Valid until the next call; null after the last one, or where training was cancelled.</returns>
    public RowBlock? Next(Func<bool> isCanceled)
    {
        if (_taken is not null)
            _empty.Add(_taken);
        while (!_filled.TryTake(out _taken, LookInterval))
        {
            if (_filled.IsCompleted)
            {
                _error?.Throw();
                return null;
            }

            if (isCanceled())
                return null;
        }

        return _taken;
    }

    /// <summary>Ends the thread, and the cursor with it.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _empty.Dispose();
        _filled.Dispose();
        _stop.Dispose();
    }

    private void Read()
    {
        try
        {
            using (_cursor)
                ReadBlocks();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody waits for more.
        }
        catch (Exception error)
        {
            _error = ExceptionDispatchInfo.Capture(error);
        }
        finally
        {
            _filled.CompleteAdding();
        }
    }

    private void ReadBlocks()
    {
        for (var isMore = true; isMore;)
        {
            var block = _empty.Take(_stop.Token);
            block.Clear();
            while (block.Rows < _blockRows && block.Bytes < _blockBytes && (isMore = _cursor.MoveNext()))
                block.Add(_cursor);
            // Here rather than where the block is taken, so that it does not depend on who is faster.
            block.Features.Decide();
            if (block.Rows > 0)
                _filled.Add(block);
        }
    }
}
