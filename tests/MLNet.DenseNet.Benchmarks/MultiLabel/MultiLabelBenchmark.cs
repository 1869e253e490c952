using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// How well DenseNeuralNetMultiLabel() does with nothing set, next to scikit-learn's networks on the same folds: mean and standard error over five of them. Each side's metrics are its own; where scikit-learn is there,
/// both are computed of all scores and have to agree.
/// </summary>
internal static class MultiLabelBenchmark
{
    private const string Own = "DenseNeuralNetMultiLabel()";
    private const string Truth = "what the labels were drawn from";

    /// <param name="names">The names of sets; none for all.</param>
    public static void Run(string[] names)
    {
        Console.WriteLine($"{Processor.Name}\n");
        Console.WriteLine("| data | rows x columns, labels a row | | micro F1 | macro F1 | subset accuracy | ranking loss | seconds to fit |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var set in MultiLabelSets.Load().Where(set => names.Length == 0 || names.Contains(set.Name)))
        {
            using var peer = ScikitLearnMultiLabel.Start(set);
            string[] trainers = [Own, .. peer is null ? [] : ScikitLearnMultiLabel.Variants.Keys, .. set.Truth is null ? (string[])[] : [Truth]];
            foreach (var trainer in trainers)
                Write(set, trainer, [.. Fold.Divide(set.Rows, classes: null, repetitions: 1).Select(fold => Measure(set, trainer, fold, peer))]);
        }
    }

    private static (MultiLabelScore Score, double Seconds) Measure(MultiLabelSet set, string trainer, Fold fold, ScikitLearnMultiLabel? peer)
    {
        var mlContext = new MLContext(seed: fold.Number);
        var (scores, seconds) = trainer switch
        {
            Own => Train(mlContext, set, fold),
            Truth => ([.. fold.Test.Select(row => set.Truth![row])], 0),
            _ => peer!.Run(trainer, fold),
        };
        var ours = MultiLabelScore.Of(mlContext.BinaryClassification.EvaluateMultiLabel(set.CreateView(mlContext, fold.Test, scores)));
        if (peer is null)
            return (ours, seconds);
        var theirs = peer.Evaluate(fold.Test, scores);
        MultiLabelScore.CheckSame(ours, theirs);
        return (ScikitLearnMultiLabel.Variants.ContainsKey(trainer) ? theirs : ours, seconds);
    }

    private static (float[][] Scores, double Seconds) Train(MLContext mlContext, MultiLabelSet set, Fold fold)
    {
        var trainer = mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(new DenseNeuralNetOptions());
        var start = Stopwatch.GetTimestamp();
        var model = trainer.Fit(set.CreateView(mlContext, fold.Training));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return ([.. model.Transform(set.CreateView(mlContext, fold.Test)).GetColumn<float[]>("Score")], seconds);
    }

    private static void Write(MultiLabelSet set, string trainer, (MultiLabelScore Score, double Seconds)[] folds)
    {
        var columns = Enumerable.Range(0, folds[0].Score.Values.Count).Select(metric => Text(Measurements.Summarize([.. folds.Select(fold => fold.Score.Values[metric])])));
        var labels = set.Labels.Average(row => row.Count(label => label));
        Console.WriteLine(FormattableString.Invariant($"| {set.Name} | {set.Rows} x {set.Inputs}, {labels:F1} of {set.LabelCount} | {trainer} | {string.Join(" | ", columns)} | {folds.Average(fold => fold.Seconds):F2} |"));
    }

    private static string Text((double Mean, double Error) summary) => FormattableString.Invariant($"{summary.Mean:F3} ± {summary.Error:F3}");
}
