using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>A row's identity and the values of some of its columns.</summary>
/// <param name="Id">As the cursor gives it.</param>
/// <param name="Values">By column name and value; two rows are compared by this.</param>
internal sealed record RowText(DataViewRowId Id, string Values)
{
    /// <summary>All rows with these columns; with all columns where none are given.</summary>
    public static IReadOnlyList<RowText> Read(IDataView data, Func<DataViewSchema.Column, bool>? columns = null)
    {
        var active = data.Schema.Where(columns ?? (_ => true)).ToArray();
        using var cursor = data.GetRowCursor(active);
        return Read(cursor, active);
    }

    /// <summary>The rows left to a cursor.</summary>
    public static IReadOnlyList<RowText> Read(DataViewRowCursor cursor, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var next = Reader(cursor, columns);
        var rows = new List<RowText>();
        while (cursor.MoveNext())
            rows.Add(next());
        return rows;
    }

    /// <summary>Reads where a row or cursor stands.</summary>
    public static Func<RowText> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var readers = columns.Select(column => (column.Name, Read: ColumnText.Reader(row, column))).ToArray();
        var getId = row.GetIdGetter();
        return () =>
        {
            var id = default(DataViewRowId);
            getId(ref id);
            return new RowText(id, string.Join("; ", readers.Select(reader => $"{reader.Name}: {reader.Read()}")));
        };
    }

    /// <summary>The values that a model adds to data, row by row: the columns that the data has not.</summary>
    public static IEnumerable<string> Predictions(ITransformer model, IDataView data)
    {
        var inputs = data.Schema.Count;
        return Read(model.Transform(data), column => column.Index >= inputs).Select(row => row.Values);
    }
}
