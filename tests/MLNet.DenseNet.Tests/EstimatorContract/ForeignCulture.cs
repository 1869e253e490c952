using System.Globalization;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>Where decimals have commas, a model is fitted, saved and loaded the same.</summary>
internal static class ForeignCulture
{
    public static void Check(Subject subject)
    {
        var data = subject.Data;
        var before = CultureInfo.CurrentCulture;
        var (schema, rows) = FitAndReload();
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("0,5", $"{0.5}");
            var (foreignSchema, foreignRows) = FitAndReload();
            Assert.Equal(schema, foreignSchema);
            Assert.Equal(rows, foreignRows);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        (IReadOnlyList<string> Schema, IReadOnlyList<RowText> Rows) FitAndReload()
        {
            var scored = SavedModel.Reload(subject.Estimator.Fit(data), data.Schema).Transform(data);
            return (ColumnText.Describe(scored.Schema), RowText.Read(scored));
        }
    }
}
