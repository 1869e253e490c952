using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Data;

/// <summary>Rows with the vectors that a network takes in the place of a column of keys.</summary>
internal sealed class KeyVectors
{
    private readonly KeyFeatures _keys;
    private readonly int _column;

    /// <param name="host">Makes the exceptions.</param>
    /// <param name="keys">How the network takes keys.</param>
    /// <param name="schema">The columns of the rows.</param>
    /// <param name="column">The one with the keys.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column has other keys.</exception>
    public KeyVectors(IHost host, KeyFeatures keys, DataViewSchema schema, DataViewSchema.Column column)
    {
        if (KeyFeatures.Of(column, keys.AreNumbers)?.Match(keys) != true)
            throw host.ExceptSchemaMismatch(nameof(schema), "feature", column.Name, $"{keys}, as in the training data", column.Type.ToString());
        (_keys, _column) = (keys, column.Index);
        var columns = new DataViewSchema.Builder();
        foreach (var other in schema)
        {
            if (other.Index == column.Index)
                columns.AddColumn(column.Name, keys.VectorType(column), Annotations(keys, column));
            else
                columns.AddColumn(other.Name, other.Type, other.Annotations);
        }

        Schema = columns.ToSchema();
    }

    /// <summary>The same columns in the same places, with that of the vectors.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>The rows of a training, with the same roles.</summary>
    /// <inheritdoc cref="KeyVectors(IHost, KeyFeatures, DataViewSchema, DataViewSchema.Column)"/>
    public static RoleMappedData Of(IHost host, KeyFeatures keys, RoleMappedData data) =>
        new(new View(data.Data, new KeyVectors(host, keys, data.Data.Schema, data.Schema.Feature!.Value)), data.Schema.GetColumnRoleNames());

    /// <summary>A row, of which the keys are read.</summary>
    public DataViewRow Of(DataViewRow row) => new Row(row, this);

    /// <summary>Names are made where they are asked for: predictions need none, and keys may be many.</summary>
    private static DataViewSchema.Annotations Annotations(KeyFeatures keys, DataViewSchema.Column column)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        // Numbers are the keys still, and stand for what these do.
        if (keys.AreNumbers && KeyValues.TypeOf(column) is not null)
            annotations.Add(column.Annotations, name => name == AnnotationUtils.Kinds.KeyValues);
        if (!keys.HaveNames(column))
            return annotations.ToAnnotations();
        // A column whose annotations are not what they say has no names.
        annotations.AddSlotNames(keys.Size, (ref VBuffer<ReadOnlyMemory<char>> names) =>
            names = keys.Names(column) is { } all ? new(keys.Size, [.. all.Select(name => name.AsMemory())]) : new(keys.Size, 0, [], []));
        return annotations.ToAnnotations();
    }

    private ValueGetter<TValue> Getter<TValue>(DataViewRow row, DataViewSchema.Column column)
    {
        var read = row.Schema[column.Index];
        if (column.Index != _column)
            return row.GetGetter<TValue>(read);
        ValueGetter<VBuffer<float>> getter = Type.GetTypeCode(read.Type.GetItemType().RawType) switch
        {
            TypeCode.Byte => new KeyReader<byte>(_keys, row, read).Read,
            TypeCode.UInt16 => new KeyReader<ushort>(_keys, row, read).Read,
            TypeCode.UInt32 => new KeyReader<uint>(_keys, row, read).Read,
            _ => new KeyReader<ulong>(_keys, row, read).Read,
        };
        return (ValueGetter<TValue>)(object)getter;
    }

    private sealed class Row(DataViewRow row, KeyVectors vectors) : DataViewRow
    {
        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override DataViewSchema Schema => vectors.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(row.Schema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => vectors.Getter<TValue>(row, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                row.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>One cursor at a time, as the trainer reads.</summary>
    private sealed class View(IDataView rows, KeyVectors vectors) : IDataView
    {
        public bool CanShuffle => rows.CanShuffle;

        public DataViewSchema Schema => vectors.Schema;

        public long? GetRowCount() => rows.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(rows.GetRowCursor(columnsNeeded.Select(column => rows.Schema[column.Index]), rand), vectors);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Cursor(DataViewRowCursor rows, KeyVectors vectors) : DataViewRowCursor
    {
        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override DataViewSchema Schema => vectors.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(rows.Schema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => vectors.Getter<TValue>(rows, column);

        public override bool MoveNext() => rows.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
