namespace MLNet.DenseNet.Engine;

/// <summary>
/// Finds the numbers that go with the label, each by itself or with another column, where most of a table's tell nothing: functions of all of them would soon follow what they tell by chance, and what two tell only together would not be found among them.
/// The others keep no functions, and only a little of their own weight.
/// </summary>
/// <remarks>
/// How surely a number goes with the label is told by statistics F that are about 1 where it does not. Of one number, polynomials of its ranks (<see cref="RankPolynomials"/>) are correlated with the label: few are enough for slopes and steps, more for waves. Of two columns, products of such polynomials are (<see cref="PairScreening"/>). The weight is 1 - c / F, where c is what
/// chance hardly ever exceeds: of one number once in a hundred times, of pairs in about none of all. Fan and Lv, "Sure independence screening for ultrahigh dimensional feature space" (2008); Hao and Zhang, "Interaction screening for ultrahigh-dimensional data" (2014).
/// </remarks>
internal static class NumberScreening
{
    // Of what is left of a number that tells nothing: what three tell together, and nothing fewer, is not gone.
    private const float ScaleOfOthers = 0.05f;

    private const int FewestNumbers = 10;
    private const int MostClasses = 64;

    // Where fewer may tell nothing, all are learned from as well.
    private const double LeastShareOfNumbers = 0.75;
    private const double LeastShareOfRows = 0.02;

    // The largest weight of those that tell something: smaller ones may all be chance, and what tells may be what three numbers tell together.
    private const double LeastOfBest = 0.5;

    private const int MostDegree = 12;
    private const int MiddleDegree = 3;
    private static readonly int[] Degrees = [1, MiddleDegree, MostDegree];

    private const int DegreesOfPairs = 2;

    // Of a normal distribution: one in 136 lies beyond.
    private const double Deviations = 2.44;

    // The quantile of 80 %.
    private const double ShareBelow = 0.8;
    private const double DeviationsOfShare = 0.8416;

    /// <summary>Finds them.</summary>
    /// <param name="rows">To learn from, with classes or one target each.</param>
    /// <param name="columns">The numbers.</param>
    /// <param name="throwIfCanceled">Called for each number and each row.</param>
    /// <returns>Null where all stay as they are: they are few, more than a quarter tells something, or none surely does.</returns>
    public static ScreenedNumbers? Of(RowSubset rows, int[] columns, Action throwIfCanceled)
    {
        if (rows.IsSparse || columns.Length < FewestNumbers || rows.ClassCount > MostClasses)
            return null;
        var sample = ScreeningSample.Of(rows, (long)columns.Length * MostDegree);
        // Of those that tell nothing, four of five have a statistic below that quantile of it: Storey, "A direct approach to false discovery rates" (2002).
        var least = (int)Math.Ceiling(ShareBelow * Math.Max(LeastShareOfNumbers * columns.Length, LeastShareOfRows * rows.Count));
        var mayBeNull = FindNull(sample, columns, least, throwIfCanceled);
        if (mayBeNull is null)
            return null;
        var weights = WeighSingle(sample, columns, throwIfCanceled);
        if (!AreMostlyNull())
            return null;
        int[] indicators = [.. Enumerable.Range(0, rows.Inputs).Where(column => rows.Features.TwoValues(column) is not null)];
        var ofIndicators = new double[indicators.Length];
        PairScreening.Weigh(rows, columns, DegreesOfPairs, indicators, weights, ofIndicators, throwIfCanceled);
        return AreMostlyNull() && weights.Max() >= LeastOfBest
            ? new ScreenedNumbers(columns, Array.ConvertAll(weights, weight => (float)weight), ScaleOfOthers, [.. indicators.Where((_, indicator) => ofIndicators[indicator] > 0)]) : null;

        bool AreMostlyNull() => weights.Index().Count(pair => pair.Item == 0 && mayBeNull[pair.Index]) >= least;
    }

    /// <summary>(numbers): whether what each tells by itself is no more than four of five that tell nothing do; null as soon as they are too few.</summary>
    private static bool[]? FindNull(ScreeningSample sample, int[] columns, int least, Action throwIfCanceled)
    {
        var (mayBeNull, others) = (new bool[columns.Length], 0);
        var degrees = MiddleDegree * sample.Label.Degrees;
        var most = degrees * ChiSquared.Quantile(degrees, DeviationsOfShare);
        for (var number = 0; number < columns.Length; number++)
        {
            throwIfCanceled();
            mayBeNull[number] = sample.Polynomials(columns[number], MiddleDegree).Sum(sample.Label.SquaresWith) < most;
            others += mayBeNull[number] ? 0 : 1;
            if (columns.Length - others < least)
                return null;
        }

        return mayBeNull;
    }

    /// <summary>(numbers): the weights of what they tell by themselves.</summary>
    private static double[] WeighSingle(ScreeningSample sample, int[] columns, Action throwIfCanceled) => Array.ConvertAll(columns, column =>
    {
        throwIfCanceled();
        var (weight, sum) = (0.0, 0.0);
        foreach (var (index, polynomial) in sample.Polynomials(column, MostDegree).Index())
        {
            sum += sample.Label.SquaresWith(polynomial);
            if (Degrees.Contains(index + 1))
                weight = Math.Max(weight, ChiSquared.Excess(sum, (index + 1) * sample.Label.Degrees, Deviations));
        }

        return weight;
    });
}
