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
        var (weights, mayBeNull) = WeighSingle(rows, columns, throwIfCanceled);
        if (!AreMostlyNull())
            return null;
        int[] indicators = [.. Enumerable.Range(0, rows.Inputs).Where(column => rows.Features.TwoValues(column) is not null)];
        var ofIndicators = new double[indicators.Length];
        PairScreening.Weigh(rows, columns, DegreesOfPairs, indicators, weights, ofIndicators, throwIfCanceled);
        return AreMostlyNull() && weights.Max() >= LeastOfBest
            ? new ScreenedNumbers(columns, Array.ConvertAll(weights, weight => (float)weight), ScaleOfOthers, [.. indicators.Where((_, indicator) => ofIndicators[indicator] > 0)]) : null;

        // Of those that tell nothing, four of five have a statistic below that quantile of it: Storey, "A direct approach to false discovery rates" (2002).
        bool AreMostlyNull()
        {
            var nullCount = weights.Index().Count(pair => pair.Item == 0 && mayBeNull[pair.Index]) / ShareBelow;
            return nullCount >= LeastShareOfNumbers * columns.Length && nullCount >= LeastShareOfRows * rows.Count;
        }
    }

    /// <summary>(numbers) each: the weights of what they tell by themselves, and whether that is no more than four of five that tell nothing do.</summary>
    private static (double[] Weights, bool[] MayBeNull) WeighSingle(RowSubset rows, int[] columns, Action throwIfCanceled)
    {
        var (weights, mayBeNull) = (new double[columns.Length], new bool[columns.Length]);
        var sample = ScreeningSample.Of(rows, (long)columns.Length * MostDegree);
        for (var number = 0; number < columns.Length; number++)
        {
            throwIfCanceled();
            var sum = 0.0;
            foreach (var (index, polynomial) in sample.Polynomials(columns[number], MostDegree).Index())
            {
                sum += sample.Label.SquaresWith(polynomial);
                var degree = index + 1;
                if (!Degrees.Contains(degree))
                    continue;
                var degrees = degree * sample.Label.Degrees;
                weights[number] = Math.Max(weights[number], ChiSquared.Excess(sum, degrees, Deviations));
                if (degree == MiddleDegree)
                    mayBeNull[number] = sum < degrees * ChiSquared.Quantile(degrees, DeviationsOfShare);
            }
        }

        return (weights, mayBeNull);
    }
}
