using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// How often prediction intervals of regressions hold the true value, cross-validated, beside how often they were asked to, for the rows with smaller and with larger scores too, and how wide they are. Counts are learned
/// with the Poisson loss besides, amounts above 0 with the gamma loss.
/// </summary>
internal static class IntervalsBenchmark
{
    private const float Confidence = 0.9f;

    /// <param name="arguments">A folder of tables, and names of some of them; none for the tables that the benchmark brings and makes.</param>
    public static void Run(string[] arguments)
    {
        var sets = arguments.Length > 0 ? FolderSets.Load(arguments[0]) : RealSets.Load().Concat(MadeSets.Create());
        var coverages = new List<(string Loss, Coverage Coverage)>();
        Console.WriteLine($"| table | rows | loss | share inside, {Confidence:P0} asked | of the lower half of scores | of the upper half | half the width, in standard deviations of the label |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var set in sets.Where(set => set.Task == TabularTask.Regression && (arguments.Length < 2 || arguments.Contains(set.Name))).OrderBy(set => set.Rows))
        {
            foreach (var (name, loss) in Losses(set))
            {
                coverages.Add((name, Measure(set, loss)));
                var (all, lower, upper, width) = coverages[^1].Coverage;
                Console.WriteLine(FormattableString.Invariant($"| {set.Name} | {set.Rows} | {name} | {all:F3} | {lower:F3} | {upper:F3} | {width:F3} |"));
            }
        }

        foreach (var ofLoss in coverages.GroupBy(each => each.Loss, each => each.Coverage))
            Console.WriteLine(FormattableString.Invariant($"mean over {ofLoss.Count()} tables, {ofLoss.Key}: {ofLoss.Average(each => each.All):F3}, {ofLoss.Average(each => each.Lower):F3}, {ofLoss.Average(each => each.Upper):F3}"));
    }

    /// <summary>The default one, and that which suits what the labels are.</summary>
    private static IEnumerable<(string Name, Loss? Loss)> Losses(TabularSet set)
    {
        yield return ("default", null);
        if (set.Labels.All(label => label >= 0 && float.IsInteger(label)))
            yield return ("Poisson", new PoissonLoss());
        else if (set.Labels.All(label => label > 0))
            yield return ("gamma", new GammaLoss());
    }

    private static Coverage Measure(TabularSet set, Loss? loss)
    {
        var (rows, width) = (new List<(float Score, bool IsInside)>(), 0.0);
        foreach (var fold in Fold.Divide(set, repetitions: 1))
        {
            var mlContext = new MLContext(fold.Number);
            var model = mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Loss = loss }).Fit(set.CreateView(mlContext, fold.Training));
            foreach (var (score, row) in model.Transform(set.CreateView(mlContext, fold.Test)).GetColumn<float>("Score").Zip(fold.Test))
            {
                var (lower, upper) = model.Model.PredictionInterval(score, Confidence);
                rows.Add((score, lower <= set.Labels[row] && set.Labels[row] <= upper));
                width += ((double)upper - lower) / 2;
            }
        }

        var mean = set.Labels.Average(label => (double)label);
        var deviation = Math.Sqrt(set.Labels.Average(label => (label - mean) * (label - mean)));
        rows.Sort((first, second) => first.Score.CompareTo(second.Score));
        var half = rows.Count / 2;
        return new Coverage(Share(rows), Share(rows.Take(half)), Share(rows.Skip(half)), width / rows.Count / deviation);

        static double Share(IEnumerable<(float Score, bool IsInside)> some) => some.Average(row => row.IsInside ? 1.0 : 0);
    }

    private readonly record struct Coverage(double All, double Lower, double Upper, double Width);
}
