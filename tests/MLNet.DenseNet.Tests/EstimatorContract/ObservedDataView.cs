using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>Data that notes what is asked of it.</summary>
/// <param name="inner">Where the rows come from.</param>
/// <param name="changeId">Gives the rows other identities.</param>
internal sealed class ObservedDataView(IDataView inner, Func<DataViewRowId, DataViewRowId>? changeId = null) : IDataView
{
    private readonly HashSet<string> _columnsRead = [];

    public int CursorsOpened { get; private set; }

    public long RowsRead { get; private set; }

    /// <summary>The names of the columns whose values were asked for.</summary>
    public IReadOnlySet<string> ColumnsRead => _columnsRead;

    public bool CanShuffle => inner.CanShuffle;

    public DataViewSchema Schema => inner.Schema;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        CursorsOpened++;
        return new Cursor(this, inner.GetRowCursor(columnsNeeded, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private DataViewRowId ChangeId(DataViewRowId id) => changeId is null ? id : changeId(id);

    private sealed class Cursor(ObservedDataView data, DataViewRowCursor inner) : DataViewRowCursor
    {
        public override long Position => inner.Position;

        public override long Batch => inner.Batch;

        public override DataViewSchema Schema => inner.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var getter = inner.GetGetter<TValue>(column);
            data._columnsRead.Add(column.Name);
            return getter;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
        {
            var getter = inner.GetIdGetter();
            return (ref DataViewRowId id) =>
            {
                getter(ref id);
                id = data.ChangeId(id);
            };
        }

        public override bool MoveNext()
        {
            var moved = inner.MoveNext();
            if (moved)
                data.RowsRead++;
            return moved;
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
