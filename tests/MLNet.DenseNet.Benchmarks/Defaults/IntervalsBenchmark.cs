using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>How often prediction intervals of regressions hold the true value, cross-validated, beside how often they were asked to, and how wide they are.</summary>
internal static class IntervalsBenchmark
{
    private const float Confidence = 0.9f;

    /// <param name="arguments">A folder of tables, and names of some of them; none for the tables that the benchmark brings and makes.</param>
    public static void Run(string[] arguments)
    {
        var sets = arguments.Length > 0 ? FolderSets.Load(arguments[0]) : RealSets.Load().Concat(MadeSets.Create());
        var coverages = new List<double>();
        Console.WriteLine($"| table | rows | share inside, {Confidence:P0} asked | half the width, in standard deviations of the label |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var set in sets.Where(set => set.Task == TabularTask.Regression && (arguments.Length < 2 || arguments.Contains(set.Name))).OrderBy(set => set.Rows))
        {
            var (inside, width) = (0, 0.0);
            foreach (var fold in Fold.Divide(set, repetitions: 1))
            {
                var mlContext = new MLContext(fold.Number);
                var model = mlContext.Regression.Trainers.DenseNeuralNet().Fit(set.CreateView(mlContext, fold.Training));
                var half = model.Model.PredictionIntervalHalfWidth(Confidence);
                var scores = model.Transform(set.CreateView(mlContext, fold.Test)).GetColumn<float>("Score");
                inside += scores.Zip(fold.Test, (score, row) => Math.Abs(score - set.Labels[row]) <= half).Count(isInside => isInside);
                width += half / Fold.Count;
            }

            var mean = set.Labels.Average(label => (double)label);
            var deviation = Math.Sqrt(set.Labels.Average(label => (label - mean) * (label - mean)));
            coverages.Add((double)inside / set.Rows);
            Console.WriteLine(FormattableString.Invariant($"| {set.Name} | {set.Rows} | {coverages[^1]:F3} | {width / deviation:F3} |"));
        }

        Console.WriteLine(FormattableString.Invariant($"mean over {coverages.Count} tables: {coverages.DefaultIfEmpty(double.NaN).Average():F3}"));
    }
}
