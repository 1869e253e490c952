using Microsoft.ML;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>A transformer reads nothing before its rows are asked for, and of them the columns that are needed; so does fitting.</summary>
internal static class Laziness
{
    public static void Check(Subject subject)
    {
        var data = new ObservedDataView(subject.Data);
        var model = subject.Estimator.Fit(data);
        Assert.Empty(data.ColumnsRead.Except([Subject.Features, Subject.Label, Subject.Weight, Subject.Group]));

        data = new ObservedDataView(subject.Data);
        model.GetOutputSchema(data.Schema);
        model.Transform(data);
        var mapper = model.GetRowToRowMapper(data.Schema);
        Assert.Equal(0, data.CursorsOpened);

        // By the mapper: once a cursor is opened, ML.NET's scorers read ahead on threads of their own.
        using (var cursor = data.GetRowCursor(data.Schema))
        {
            var predictions = mapper.OutputSchema.Where(column => column.Index >= data.Schema.Count).ToArray();
            using var row = mapper.GetRow(cursor, predictions);
            var next = RowText.Reader(row, predictions);
            Assert.Equal((1, 0), (data.CursorsOpened, data.RowsRead));
            Assert.True(cursor.MoveNext());
            next();
            Assert.Equal((1, 1), (data.CursorsOpened, data.RowsRead));
        }

        Assert.Equal([Subject.Label], ColumnsReadFor(column => column.Name == Subject.Label && !column.IsHidden));
        Assert.Equal([Subject.Features], ColumnsReadFor(column => column.Index >= data.Schema.Count));

        IEnumerable<string> ColumnsReadFor(Func<DataViewSchema.Column, bool> columns)
        {
            var observed = new ObservedDataView(subject.Data);
            RowText.Read(model.Transform(observed), columns);
            return observed.ColumnsRead;
        }
    }
}
