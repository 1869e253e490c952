using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MLNet.DenseNet.Data;

/// <summary>One pass over rows, chunk by chunk. A thread of its own reads them ahead, as far as there are buffers for them.</summary>
internal sealed class RowPrefetcher : IDisposable
{
    /// <summary>How often one who waits for a chunk looks whether training was cancelled.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly RowCursor _cursor;
    private readonly int _chunkRows;
    private readonly long _chunkBytes;
    private readonly KnownCount? _known;
    private readonly BlockingCollection<RowBuffer> _empty = [];
    private readonly BlockingCollection<RowBuffer> _filled = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _error;
    private RowBuffer? _taken;

    /// <param name="open">Makes the cursor, given what tells it to stop. It is disposed of here.</param>
    /// <param name="buffers">The memory, at least two of them. Nobody else may use it until this is disposed of.</param>
    /// <param name="chunkRows">The rows of a chunk; the last chunk has what is left.</param>
    /// <param name="chunkBytes">The bytes of memory at which a chunk ends before that.</param>
    /// <param name="known">How many rows there should be; null where nobody knows yet.</param>
    public RowPrefetcher(Func<Func<bool>, RowCursor> open, IReadOnlyList<RowBuffer> buffers, int chunkRows, long chunkBytes = long.MaxValue, KnownCount? known = null)
    {
        _cursor = open(() => _stop.IsCancellationRequested);
        _chunkRows = chunkRows;
        _chunkBytes = chunkBytes;
        _known = known;
        foreach (var buffer in buffers)
            _empty.Add(buffer);
        _thread = new Thread(Read) { IsBackground = true, Name = "Rows of a dense neural network" };
        _thread.Start();
    }

    /// <summary>Of the rows read so far; of all after the last chunk.</summary>
    public RowCounts Counts => _cursor.Counts;

    /// <summary>Takes the next chunk, of one or more rows. An error of reading is thrown behind the chunks before it, but for a training that was cancelled: its rows may fail because of that.</summary>
    /// <param name="isCanceled">Says whether to stop waiting.</param>
    /// <returns>Valid until the next call; null after the last one, or where training was cancelled.</returns>
    public RowBuffer? Next(Func<bool> isCanceled)
    {
        if (_taken is not null)
            _empty.Add(_taken);
        while (!_filled.TryTake(out _taken, LookInterval))
        {
            if (isCanceled())
                return null;
            if (_filled.IsCompleted)
            {
                _error?.Throw();
                return null;
            }
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
                ReadChunks();
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

    private void ReadChunks()
    {
        var rows = 0L;
        for (var isMore = true; isMore;)
        {
            var chunk = _empty.Take(_stop.Token);
            chunk.Clear();
            while (chunk.Rows < _chunkRows && chunk.Bytes < _chunkBytes && (isMore = _cursor.MoveNext()))
                chunk.Add(_cursor);
            rows += chunk.Rows;
            // Nobody asks for a chunk behind the last row that should be there: it is looked for before those are given away.
            if (rows == _known?.Rows && isMore && (isMore = _cursor.MoveNext()))
                rows++;
            if (rows > _known?.Rows || !isMore && rows < _known?.Rows)
                throw _known.Changed(rows > _known.Rows);
            // On this thread, so that the rows that decide are the first ones whichever thread is faster.
            chunk.Features.Decide();
            if (chunk.Rows > 0)
                _filled.Add(chunk);
        }
    }

    /// <summary>The rows that a pass should have.</summary>
    /// <param name="Rows">How many.</param>
    /// <param name="Changed">Makes the error of a pass that has more, or fewer.</param>
    public sealed record KnownCount(int Rows, Func<bool, Exception> Changed);
}
