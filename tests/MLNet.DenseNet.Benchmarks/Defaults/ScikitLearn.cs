namespace MLNet.DenseNet.Benchmarks;

/// <summary>scikit-learn's multilayer perceptrons and its gradient boosting on one table, standardized as ours is, in a process of their own.</summary>
internal sealed class ScikitLearn : IDisposable
{
    private readonly ScikitLearnProcess _process;

    private ScikitLearn(ScikitLearnProcess process) => _process = process;

    /// <summary>From names in the tables to those in peers/tabular.py.</summary>
    public static IReadOnlyDictionary<string, string> Variants { get; } = new Dictionary<string, string>
    {
        ["scikit-learn"] = "default",
        ["scikit-learn (128, 64), early stopping"] = "early-stopping",
        ["scikit-learn (128, 64), batch 32, 100 epochs"] = "batch-32",
        ["HistGradientBoosting"] = "boosting",
    };

    /// <summary>Starts the process, or says why not.</summary>
    public static ScikitLearn? Start(TabularSet set) => ScikitLearnProcess.Start("tabular.py", set.Features, set.Labels, set.Inputs, set.ClassCount) is { } process ? new ScikitLearn(process) : null;

    /// <summary>Trains on a fold's training rows and predicts its test rows.</summary>
    /// <returns>(test rows x outputs), and the seconds that training took.</returns>
    public (double[] Predictions, double Seconds) Run(string name, Fold fold)
    {
        var answer = _process.Ask(Variants[name], fold.Number, fold.Test);
        return (answer[1..], answer[0]);
    }

    public void Dispose() => _process.Dispose();
}
