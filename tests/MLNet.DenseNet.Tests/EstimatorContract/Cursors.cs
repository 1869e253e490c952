using Microsoft.ML;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>Transformed data gives the same rows to every cursor: again, with some columns only, and in parallel; each row keeps its identity.</summary>
internal static class Cursors
{
    public static void Check(Subject subject)
    {
        var data = subject.Data;
        var scored = subject.Estimator.Fit(data).Transform(data);
        var ids = RowText.Read(data).Select(row => row.Id).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());

        var all = ValuesByColumn(scored);
        foreach (var columns in Selections(scored.Schema))
        {
            var selected = scored.Schema.Where(columns).ToArray();
            using (var cursor = scored.GetRowCursor(selected))
            {
                Assert.Same(scored.Schema, cursor.Schema);
                Assert.All(selected, column => Assert.True(cursor.IsColumnActive(column)));
            }

            var rows = RowText.Read(scored, columns);
            Assert.Equal(ids, rows.Select(row => row.Id));
            var expected = Enumerable.Range(0, ids.Length).Select(row => string.Join("; ", selected.Select(column => all[column.Index][row])));
            Assert.Equal(expected, rows.Select(row => row.Values));
        }

        CheckParallel(scored);
        CheckParallel(subject.Estimator.Fit(data).Transform(subject.MLContext.Data.Cache(data)));
    }

    /// <summary>All columns, none, every second, each alone.</summary>
    public static IEnumerable<Func<DataViewSchema.Column, bool>> Selections(DataViewSchema schema) =>
    [
        _ => true,
        _ => false,
        column => column.Index % 2 == 0,
        column => column.Index % 2 == 1,
        .. schema.Select(alone => (Func<DataViewSchema.Column, bool>)(column => column.Index == alone.Index)),
    ];

    private static string[][] ValuesByColumn(IDataView data) =>
        [.. data.Schema.Select(alone => RowText.Read(data, column => column.Index == alone.Index).Select(row => row.Values).ToArray())];

    private static void CheckParallel(IDataView data)
    {
        var columns = data.Schema.ToArray();
        var cursors = data.GetRowCursorSet(columns, n: 4);
        Assert.InRange(cursors.Length, 2, 4);
        var parts = new IReadOnlyList<RowText>[cursors.Length];
        Parallel.For(0, parts.Length, i =>
        {
            using (cursors[i])
                parts[i] = RowText.Read(cursors[i], columns);
        });
        Assert.Equal(Sorted(RowText.Read(data)), Sorted(parts.SelectMany(rows => rows)));

        static IEnumerable<RowText> Sorted(IEnumerable<RowText> rows) => rows.OrderBy(row => row.Id.High).ThenBy(row => row.Id.Low);
    }
}
