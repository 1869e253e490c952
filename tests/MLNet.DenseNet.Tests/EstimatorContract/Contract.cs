namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>What ML.NET demands of its own trainers, concern by concern: each is a check that any estimator can be put to.</summary>
internal static class Contract
{
    public static IReadOnlyDictionary<string, Action<Subject>> Concerns { get; } = new Dictionary<string, Action<Subject>>
    {
        [nameof(PromisedSchema)] = PromisedSchema.Check,
        [nameof(RefusedData)] = RefusedData.Check,
        [nameof(RowMapping)] = RowMapping.Check,
        [nameof(Reloading)] = Reloading.Check,
        [nameof(Cursors)] = Cursors.Check,
        [nameof(Laziness)] = Laziness.Check,
        [nameof(SourcesOfRows)] = SourcesOfRows.Check,
        [nameof(NewRows)] = NewRows.Check,
        [nameof(RepeatedFits)] = RepeatedFits.Check,
        [nameof(ForeignCulture)] = ForeignCulture.Check,
    };
}
