namespace MLNet.DenseNet.Benchmarks;

/// <summary>The scores of trainers on tables, fold by fold, and what follows from them.</summary>
internal sealed class Measurements
{
    private readonly Dictionary<(string Trainer, string Set), List<(Score Score, double Seconds)>> _folds = [];
    private readonly List<string> _trainers = [];
    private readonly List<TabularSet> _sets = [];

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<string> Trainers => _trainers;

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<TabularSet> Sets => _sets;

    public void Add(string trainer, TabularSet set, Score score, double seconds)
    {
        if (!_trainers.Contains(trainer))
            _trainers.Add(trainer);
        if (!_sets.Contains(set))
            _sets.Add(set);
        if (!_folds.TryGetValue((trainer, set.Name), out var folds))
            _folds[(trainer, set.Name)] = folds = [];
        folds.Add((score, seconds));
    }

    /// <summary>Mean over folds and its standard error as if they were independent, which folds of one table are not quite.</summary>
    public (double Mean, double Error) Summarize(string trainer, TabularSet set, Func<Score, double> metric) => Summarize([.. _folds[(trainer, set.Name)].Select(fold => metric(fold.Score))]);

    /// <summary>How much more a trainer has than another one, fold by fold.</summary>
    public double[] Differences(string trainer, string other, TabularSet set, Func<Score, double> metric) =>
        [.. _folds[(trainer, set.Name)].Zip(_folds[(other, set.Name)], (one, two) => metric(one.Score) - metric(two.Score))];

    /// <summary>The mean of values and its standard error as if they were independent.</summary>
    public static (double Mean, double Error) Summarize(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (values.Length - 1) / values.Length));
    }

    /// <summary>The mean seconds to fit.</summary>
    public double Seconds(string trainer, TabularSet set) => _folds[(trainer, set.Name)].Average(fold => fold.Seconds);

    /// <summary>The mean over tables of a trainer's place among some, 1 being the best; equals share their places.</summary>
    /// <param name="trainer">One of the trainers.</param>
    /// <param name="among">The trainers compared with each other.</param>
    /// <param name="sets">The tables.</param>
    /// <param name="cost">From a score to what is the less the better.</param>
    public double MeanRank(string trainer, IReadOnlyList<string> among, IEnumerable<TabularSet> sets, Func<Score, double> cost) => sets.Average(set =>
    {
        var own = Summarize(trainer, set, cost).Mean;
        double[] others = [.. among.Select(other => Summarize(other, set, cost).Mean)];
        return others.Count(x => x < own) + (others.Count(x => x == own) + 1) / 2.0;
    });
}
