namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>An estimator remembers nothing of earlier fits: not their rows, their number of features, classes or outputs.</summary>
internal static class RepeatedFits
{
    public static void Check(Subject subject)
    {
        var (data, other) = (subject.Data, subject.OtherData);
        var model = subject.Estimator.Fit(data);
        var first = RowText.Predictions(model, data).ToArray();
        Assert.Equal(RowText.Predictions(subject.Create().Fit(other), other), RowText.Predictions(subject.Estimator.Fit(other), other));
        Assert.Equal(first, RowText.Predictions(subject.Estimator.Fit(data), data));
        Assert.Equal(first, RowText.Predictions(model, data));
    }
}
