namespace MLNet.DenseNet.Benchmarks;

/// <summary>scikit-learn's multilayer perceptrons on one table with several labels a row, and its metrics, in a process of their own.</summary>
internal sealed class ScikitLearnMultiLabel : IDisposable
{
    private readonly MultiLabelSet _set;
    private readonly ScikitLearnProcess _process;

    private ScikitLearnMultiLabel(MultiLabelSet set, ScikitLearnProcess process)
    {
        _set = set;
        _process = process;
    }

    /// <summary>From names in the table to those in peers/multilabel.py.</summary>
    public static IReadOnlyDictionary<string, string> Variants { get; } = new Dictionary<string, string>
    {
        ["scikit-learn MLP"] = "default",
        ["scikit-learn MLP (128, 64), early stopping"] = "early-stopping",
        ["scikit-learn MLP (128, 64), batch 32, 100 epochs"] = "batch-32",
    };

    /// <summary>Starts the process, or says why not.</summary>
    public static ScikitLearnMultiLabel? Start(MultiLabelSet set) =>
        ScikitLearnProcess.Start("multilabel.py", [.. set.Features.SelectMany(row => row)], [.. set.Labels.SelectMany(row => row).Select(label => label ? 1f : 0)], set.Inputs, set.LabelCount) is { } process
            ? new ScikitLearnMultiLabel(set, process) : null;

    /// <summary>Trains on a fold's training rows and scores its test rows.</summary>
    /// <returns>(test rows, labels), logits, and the seconds that training took.</returns>
    public (float[][] Scores, double Seconds) Run(string name, Fold fold)
    {
        var answer = _process.Ask(Variants[name], fold.Number, fold.Test);
        return ([.. answer.Skip(1).Select(value => (float)value).Chunk(_set.LabelCount)], answer[0]);
    }

    /// <summary>What scikit-learn's metrics are of some rows' scores.</summary>
    public MultiLabelScore Evaluate(int[] rows, float[][] scores)
    {
        _process.Write("scores.f32", [.. scores.SelectMany(row => row)]);
        var answer = _process.Ask("metrics", seed: 0, rows);
        return new MultiLabelScore(answer[0], answer[1], answer[2], answer[3]);
    }

    public void Dispose() => _process.Dispose();
}
