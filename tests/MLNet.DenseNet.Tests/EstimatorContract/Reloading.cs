using Microsoft.ML;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>A model that was saved and loaded is the same: schemas with all annotations, values whichever columns are asked for.</summary>
internal static class Reloading
{
    public static void Check(Subject subject)
    {
        var data = subject.Data;
        var model = subject.Estimator.Fit(data);
        var loaded = SavedModel.Reload(model, data.Schema, out var inputSchema);
        Assert.Equal(ColumnText.Describe(data.Schema), ColumnText.Describe(inputSchema));
        CheckSame(model, loaded, data);
        CheckSame(model, SavedModel.Reload(loaded, inputSchema), data);
    }

    private static void CheckSame(ITransformer model, ITransformer loaded, IDataView data)
    {
        Assert.Equal(ColumnText.Describe(model.GetOutputSchema(data.Schema)), ColumnText.Describe(loaded.GetOutputSchema(data.Schema)));
        var (scored, rescored) = (model.Transform(data), loaded.Transform(data));
        Assert.Equal(ColumnText.Describe(scored.Schema), ColumnText.Describe(rescored.Schema));
        foreach (var columns in Cursors.Selections(scored.Schema))
            Assert.Equal(RowText.Read(scored, columns), RowText.Read(rescored, columns));
    }
}
