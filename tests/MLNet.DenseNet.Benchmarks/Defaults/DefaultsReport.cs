namespace MLNet.DenseNet.Benchmarks;

/// <summary>Tables in Markdown, and whether the goals are met.</summary>
/// <param name="measurements">Of every trainer on every table.</param>
/// <param name="alternatives">Those of the trainers that are ours in other settings: shown, but not among those that the defaults are ranked with.</param>
internal sealed class DefaultsReport(Measurements measurements, IReadOnlyList<string> alternatives)
{
    private const double Significance = 0.05;

    private static readonly string Defaults = TabularTrainer.Defaults.Name;

    private readonly string[] _ranked = [.. measurements.Trainers.Except(alternatives)];
    private readonly TabularSet[] _classifications = [.. measurements.Sets.Where(set => set.ClassCount > 0)];
    private readonly TabularSet[] _regressions = [.. measurements.Sets.Where(set => set.ClassCount == 0)];

    public void Write()
    {
        WriteScores("Accuracy in %", _classifications, score => 100 * score.Quality, "F1");
        WriteScores("Log-loss in nats", _classifications, score => score.LogLoss!.Value, "F3");
        WriteScores("R-squared", _regressions, score => score.Quality, "F3");
        WriteSummary();
        if (_ranked.Contains(Defaults))
            WriteGoals();
    }

    private void WriteScores(string title, TabularSet[] sets, Func<Score, double> metric, string format)
    {
        if (sets.Length == 0)
            return;
        Console.WriteLine();
        WriteRow([title, .. sets.Select(set => set.Name)]);
        WriteRow(Enumerable.Repeat("---", sets.Length + 1));
        WriteRow(["rows x columns", .. sets.Select(set => $"{set.Rows} x {set.Inputs}")]);
        if (sets.Any(set => set.Truth is not null))
            WriteRow(["best possible", .. sets.Select(set => set.Truth is null ? "" : Text(metric(Score.Of(set, [.. Enumerable.Range(0, set.Rows)], set.Truth)), format))]);
        foreach (var trainer in measurements.Trainers)
        {
            WriteRow([trainer, .. sets.Select(set =>
            {
                var (mean, error) = measurements.Summarize(trainer, set, metric);
                return $"{Text(mean, format)} ± {Text(error, format)}";
            })]);
        }
    }

    private void WriteSummary()
    {
        Console.WriteLine();
        WriteRow([
            "", "mean rank by accuracy and R-squared", "mean rank by log-loss", "seconds to fit: geometric mean", "longest", "geometric mean of the log-loss beside that of the defaults", "of 1 - R-squared"]);
        WriteRow(Enumerable.Repeat("---", 7));
        foreach (var trainer in measurements.Trainers)
        {
            double[] seconds = [.. measurements.Sets.Select(set => measurements.Seconds(trainer, set))];
            // An alternative takes the place of the defaults.
            string[] among = [trainer, .. _ranked.Where(other => other != trainer && (other != Defaults || !alternatives.Contains(trainer)))];
            WriteRow([
                trainer, Text(QualityRank(trainer, among), "F2"), _classifications.Length == 0 ? "" : Text(LossRank(trainer, among), "F2"),
                Text(Math.Exp(seconds.Average(Math.Log)), "F3"), Text(seconds.Max(), "F2"),
                Text(Ratio(trainer, _classifications, score => score.LogLoss!.Value), "F3"), Text(Ratio(trainer, _regressions, score => 1 - score.Quality), "F3")]);
        }
    }

    /// <summary>The geometric mean over tables of a trainer's cost, which is not 0, divided by that of the defaults; not-a-number where there is none.</summary>
    private double Ratio(string trainer, TabularSet[] sets, Func<Score, double> cost) => sets.Length == 0 || !_ranked.Contains(Defaults) ? double.NaN
        : Math.Exp(sets.Average(set => Math.Log(measurements.Summarize(trainer, set, cost).Mean / measurements.Summarize(Defaults, set, cost).Mean)));

    private void WriteGoals()
    {
        Console.WriteLine();
        string[] others = [.. _ranked.Where(trainer => trainer != Defaults)];
        if (others.Length == 0)
            return;
        WriteDifferences("accuracy and R-squared", measurements.Sets.Count, QualityRank);
        if (_classifications.Length > 0)
            WriteDifferences("log-loss", _classifications.Length, LossRank);
        WriteDistance("accuracy and R-squared", measurements.Sets, others, score => score.Quality);
        WriteDistance("log-loss", _classifications, others, score => -score.LogLoss!.Value);
        WriteSignificance("accuracy and R-squared", measurements.Sets, others, score => score.Quality);
        WriteSignificance("log-loss", _classifications, others, score => -score.LogLoss!.Value);
        WriteGoal(IsBest(QualityRank), "best mean rank by accuracy and R-squared", others.Where(other => QualityRank(other, _ranked) <= QualityRank(Defaults, _ranked)));
        if (_classifications.Length > 0)
            WriteGoal(IsBest(LossRank), "best mean rank by log-loss", others.Where(other => LossRank(other, _ranked) <= LossRank(Defaults, _ranked)));

        bool IsBest(Func<string, IReadOnlyList<string>, double> rank) => others.All(other => rank(other, _ranked) > rank(Defaults, _ranked));
    }

    private void WriteDifferences(string measure, int tables, Func<string, IReadOnlyList<string>, double> rank)
    {
        var test = new RankTest([.. _ranked.Select(trainer => rank(trainer, _ranked))], tables);
        var behind = _ranked.Where(trainer => rank(trainer, _ranked) - rank(Defaults, _ranked) >= test.CriticalDifference).ToArray();
        Console.WriteLine(FormattableString.Invariant($"by {measure}, Friedman's test: chi-squared {test.ChiSquared:F1} with {_ranked.Length - 1} degrees of freedom on {tables} tables, p = {test.Probability:G2}; mean ranks that differ by {test.CriticalDifference:F2} or more differ significantly (Nemenyi, 5 %), ")
            + $"those behind {Defaults} by as much: {(behind.Length == 0 ? "none" : string.Join(", ", behind))}");
    }

    private void WriteDistance(string measure, IReadOnlyCollection<TabularSet> sets, string[] others, Func<Score, double> quality)
    {
        var missed = sets.Select(set => (Set: set, Distance: Distance(set, others, quality))).Where(pair => pair.Distance > 1).OrderByDescending(pair => pair.Distance).ToArray();
        WriteGoal(
            missed.Length == 0, $"within one standard error of the best of all or above, by {measure}, on {sets.Count - missed.Length} of {sets.Count} tables",
            missed.Select(pair => FormattableString.Invariant($"{pair.Set.Name} ({pair.Distance:F1})")));
    }

    /// <summary>How many of its standard errors the best of the others is ahead.</summary>
    private double Distance(TabularSet set, string[] others, Func<Score, double> quality)
    {
        var (mean, error) = others.Select(other => measurements.Summarize(other, set, quality)).MaxBy(summary => summary.Mean);
        return (mean - measurements.Summarize(Defaults, set, quality).Mean) / error;
    }

    /// <summary>On which tables another trainer is ahead by more than chance: of several others, the smallest probability counts as many times (Bonferroni).</summary>
    private void WriteSignificance(string measure, IReadOnlyCollection<TabularSet> sets, string[] others, Func<Score, double> quality)
    {
        var ahead = new List<string>();
        foreach (var set in sets)
        {
            ahead.AddRange(others
                .Select(other => (Name: other, Differences: measurements.Differences(other, Defaults, set, quality))).Where(other => other.Differences.Average() > 0)
                .Select(other => (other.Name, Probability: others.Length * PairedTest.Probability(other.Differences))).Where(other => other.Probability <= Significance)
                .Select(other => FormattableString.Invariant($"{set.Name} ({other.Name}, p = {other.Probability:G2})")));
        }

        WriteGoal(ahead.Count == 0, $"not significantly behind any other, by {measure}, on any of {sets.Count} tables (corrected resampled t-test, 5 %)", ahead);
    }

    private double QualityRank(string trainer, IReadOnlyList<string> among) => measurements.MeanRank(trainer, among, measurements.Sets, score => -score.Quality);

    private double LossRank(string trainer, IReadOnlyList<string> among) => measurements.MeanRank(trainer, among, _classifications, score => score.LogLoss!.Value);

    private static void WriteGoal(bool isMet, string goal, IEnumerable<string> exceptions) =>
        Console.WriteLine($"{(isMet ? "holds" : "MISSED")}: {Defaults} is {goal}{(isMet ? "" : $"; not so: {string.Join(", ", exceptions)}")}");

    private static void WriteRow(IEnumerable<string> cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Text(double value, string format) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
