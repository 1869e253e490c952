using Microsoft.ML;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>Missing and unfit columns are refused by name: by the estimator before training and when fitted, by its transformer before and after saving.</summary>
internal static class RefusedData
{
    public static void Check(Subject subject)
    {
        foreach (var (column, data) in subject.UnfitForTraining)
        {
            Refuses(column, () => subject.Estimator.GetOutputSchema(PromisedSchema.ShapeOf(data.Schema)));
            Refuses(column, () => subject.Estimator.Fit(data));
        }

        var fitted = subject.Estimator.Fit(subject.Data);
        foreach (var model in (ITransformer[])[fitted, SavedModel.Reload(fitted, subject.Data.Schema)])
        {
            foreach (var (column, data) in subject.UnfitForPrediction)
            {
                Refuses(column, () => model.GetOutputSchema(data.Schema));
                Refuses(column, () => model.GetRowToRowMapper(data.Schema));
                Refuses(column, () => model.Transform(data));
            }
        }
    }

    private static void Refuses(string column, Action use)
    {
        var error = Assert.ThrowsAny<Exception>(use);
        Assert.True(error is ArgumentOutOfRangeException or InvalidOperationException, $"{error.GetType()}: {error.Message}");
        // ML.NET's transformers name the role instead, where the type is another.
        Assert.Matches($"{column}|features column", error.Message);
    }
}
