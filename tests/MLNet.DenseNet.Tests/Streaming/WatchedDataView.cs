using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.Streaming;

/// <summary>Rows in their own order and of unknown number, as a text file has them, that note who reads them and let a test interfere.</summary>
/// <param name="inner">Where the rows come from.</param>
/// <param name="moved">Called with the number of the pass and of the row, both from 1, before the row is given; false ends the pass.</param>
internal sealed class WatchedDataView(IDataView inner, Func<int, long, bool>? moved = null) : IDataView
{
    private readonly ConcurrentBag<Thread> _threads = [];
    private int _passes;
    private int _open;

    /// <summary>How many cursors were opened.</summary>
    public int Passes => _passes;

    /// <summary>How many of them were not disposed of.</summary>
    public int OpenCursors => _open;

    /// <summary>Those that read rows, without the test's own.</summary>
    public IEnumerable<Thread> Readers => _threads.Distinct().Where(thread => thread != Thread.CurrentThread);

    /// <summary>For each pass, the rows whose values were asked for, from 0.</summary>
    public ConcurrentDictionary<int, ConcurrentQueue<long>> RowsRead { get; } = [];

    public bool CanShuffle => false;

    public DataViewSchema Schema => inner.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Interlocked.Increment(ref _open);
        return new Cursor(this, inner.GetRowCursor(columnsNeeded), Interlocked.Increment(ref _passes));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    private bool Moved(int pass, long row) => moved is null || moved(pass, row);

    private sealed class Cursor(WatchedDataView data, DataViewRowCursor inner, int pass) : DataViewRowCursor
    {
        private readonly ConcurrentQueue<long> _rowsRead = data.RowsRead.GetOrAdd(pass, _ => []);

        public override long Position => inner.Position;

        public override long Batch => inner.Batch;

        public override DataViewSchema Schema => inner.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var getter = inner.GetGetter<TValue>(column);
            return (ref TValue value) =>
            {
                getter(ref value);
                if (column.Name == nameof(Sample.Features))
                    _rowsRead.Enqueue(Position);
            };
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        public override bool MoveNext()
        {
            data._threads.Add(Thread.CurrentThread);
            return inner.MoveNext() && data.Moved(pass, Position + 1);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                Interlocked.Decrement(ref data._open);
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
