using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.HostileData;

/// <summary>A data view that says and gives whatever a test wants, where ML.NET's own are well-behaved.</summary>
/// <param name="rows">How many rows.</param>
internal sealed class MadeDataView(long rows) : IDataView
{
    private readonly DataViewSchema.Builder _schema = new();
    private readonly List<Func<Func<long>, Delegate>> _getters = [];
    private DataViewSchema? _made;

    /// <summary>What the data view says of its rows, and what its cursors say of where they are.</summary>
    public long? RowCount { get; init; }

    /// <summary>From the number of the row that a cursor is at, from 0, to what it says.</summary>
    public Func<long, long> Position { get; init; } = row => row;

    /// <summary>From the number of a row, from 0, to its identity.</summary>
    public Func<long, DataViewRowId> Id { get; init; } = row => new DataViewRowId((ulong)row, 0);

    /// <summary>Called before the row of this number, from 0, is given.</summary>
    public Action<long> Moving { get; init; } = _ => { };

    public bool CanShuffle => false;

    public DataViewSchema Schema => _made ??= _schema.ToSchema();

    /// <summary>Adds a column.</summary>
    /// <typeparam name="T">The type of its values.</typeparam>
    /// <param name="name">Its name: of two columns of one name the first is hidden.</param>
    /// <param name="type">What the schema says.</param>
    /// <param name="value">From the number of a row, from 0, to its value.</param>
    /// <param name="annotations">What the schema says beside it.</param>
    public MadeDataView Add<T>(string name, DataViewType type, Func<long, T> value, DataViewSchema.Annotations? annotations = null)
    {
        _schema.AddColumn(name, type, annotations);
        _getters.Add(row => (ValueGetter<T>)((ref T destination) => destination = value(row())));
        return this;
    }

    public long? GetRowCount() => RowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, rows);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(MadeDataView data, long rows) : DataViewRowCursor
    {
        private long _row = -1;

        public override long Position => data.Position(_row);

        public override long Batch => 0;

        public override DataViewSchema Schema => data.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            data._getters[column.Index](() => _row) as ValueGetter<TValue> ?? throw new InvalidOperationException($"The column '{column.Name}' has no values of {typeof(TValue)}.");

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = data.Id(_row);

        public override bool MoveNext()
        {
            if (_row + 1 >= rows)
                return false;
            data.Moving(_row + 1);
            _row++;
            return true;
        }
    }
}
