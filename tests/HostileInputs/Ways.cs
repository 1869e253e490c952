namespace HostileInputs;

/// <summary>Every way by which sizes, indices and arrays that we did not make come in. A new one adds a line.</summary>
internal static class Ways
{
    public static IEnumerable<(string Name, Action<int> Hold)> All =>
    [
        .. Scoring.All,
        .. KeyScoring.All,
        ("training rows and validation rows", TrainingViews.FeaturesAreCheckedOrRefused),
        ("training targets", TrainingViews.TargetsAreCheckedOrRefused),
        ("training numbers", TrainingViews.NumbersAreLearnedOrLeftOut),
        ("training keys", TrainingViews.KeysAreCheckedOrRefused),
        ("evaluation of several outputs", TrainingViews.EvaluationRefuses),
        ("dense rows of a network", EngineCalls.DenseRows),
        ("sparse rows of a network", EngineCalls.SparseRows),
        ("arrays that change after construction", EngineCalls.ArraysThatChange),
        ("data sets", EngineCalls.DataSets),
        ("single steps", EngineCalls.SingleSteps),
        ("parameters", EngineCalls.Parameters),
        ("custom losses", EngineCalls.CustomLosses),
        ("workspaces of others", EngineCalls.Workspaces),
        ("saved networks", EngineCalls.SavedNetworks),
        ("sizes of networks", EngineCalls.Sizes),
        ("augmentation", EngineCalls.Augmentation),
    ];
}
