namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>A transformer's row mapper has the schemas and gives the values of the transformed data, asking for no more of a row than it needs.</summary>
internal static class RowMapping
{
    public static void Check(Subject subject)
    {
        var data = subject.Data;
        var model = subject.Estimator.Fit(data);
        Assert.True(model.IsRowToRowMapper);

        var mapper = model.GetRowToRowMapper(data.Schema);
        Assert.Same(data.Schema, mapper.InputSchema);
        var schema = ColumnText.Describe(mapper.OutputSchema);
        Assert.Equal(ColumnText.Describe(model.GetOutputSchema(data.Schema)), schema);
        Assert.Equal(ColumnText.Describe(model.Transform(data).Schema), schema);

        var predictions = mapper.OutputSchema.Where(column => column.Index >= data.Schema.Count).ToArray();
        Assert.NotEmpty(predictions);
        var needed = Assert.Single(mapper.GetDependencies(predictions));
        Assert.Equal(Subject.Features, needed.Name);

        using var cursor = data.GetRowCursor([needed]);
        using var mapped = mapper.GetRow(cursor, predictions);
        var next = RowText.Reader(mapped, predictions);
        foreach (var expected in RowText.Read(model.Transform(data), column => column.Index >= data.Schema.Count))
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(expected, next());
        }
    }
}
