using Microsoft.ML;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>A model needs of the rows that it predicts the features only, not the label and weight of training; and there may be none.</summary>
internal static class NewRows
{
    public static void Check(Subject subject)
    {
        var data = subject.Data;
        var fitted = subject.Estimator.Fit(data);
        foreach (var model in (ITransformer[])[fitted, SavedModel.Reload(fitted, data.Schema)])
        {
            var expected = RowText.Predictions(model, data).ToArray();
            Assert.Equal(expected, RowText.Predictions(model, subject.Without(Subject.Label)));
            Assert.Equal(expected, RowText.Predictions(model, subject.MLContext.Transforms.SelectColumns(Subject.Features).Fit(data).Transform(data)));

            var scored = model.Transform(subject.MLContext.Data.FilterRowsByColumn(data, Subject.Weight, lowerBound: 100));
            Assert.Empty(RowText.Read(scored));
            Assert.Equal(ColumnText.Describe(model.GetOutputSchema(data.Schema)), ColumnText.Describe(scored.Schema));
        }
    }
}
