namespace MLNet.DenseNet.Engine;

/// <summary>
/// Weighs indicators, words in a table, and the features of sparse rows, by how surely they go with the label, where so many may tell nothing that all together would outweigh those that do. Each by itself is hardly ever 0 by chance alone: what
/// hundreds of them add up to, a network soon takes for what they tell. Numbers that are embedded need none, since the scale of each is learned.
/// </summary>
/// <remarks>
/// How surely is told by a statistic F that is about 1 where a feature tells nothing: of classes, the variance between their means over that within all rows, of a number n times the squared correlation. The weight is 1 - 4 / F,
/// as the positive-part estimator of James and Stein (1961) shrinks a mean of which chance may be as large, and at least a floor, or what an indicator tells together with another one (<see cref="PairScreening"/>). All rows to learn from count, also those that a network of an ensemble leaves out: a weight says little of a single one.
/// </remarks>
internal static class IndicatorScreening
{
    // What chance is taken to add to F.
    private const double Chance = 4;

    // Where features that may tell nothing are as many as a quarter of the rows. Fewer do no harm, and what the values of a category tell beside others is worth more.
    private const double LeastShareOfRows = 0.25;

    // Of features that are no values of a category, each for itself, where most tell nothing: what many tell a little of, they tell together.
    private const double LeastShareOfSingle = 0.02;
    private const double LeastShareOfFeatures = 0.75;

    // The smallest weight, and how many times as large as the share of features that tell something it may be: of words each tells a little, and many together much.
    private const double LeastFloor = 0.05;
    private const double FloorOfShare = 5;

    // Of features and classes: 128 MiB. With more classes, rows are gone through again.
    private const int MostSums = 1 << 24;

    /// <summary>Multiplies the scales of a network's standardization by the weights.</summary>
    /// <param name="network">It begins with a standardization that was set.</param>
    /// <param name="rows">To learn from, with classes or one target each.</param>
    /// <param name="kept">Columns that stay as they are: those that are embedded, and indicators that tell something beside one.</param>
    /// <param name="mostFloor">Up to what the smallest weight, 0.05 where nearly all features tell nothing, rises with the share of those that do: what one tells only beside others is not lost.</param>
    /// <param name="throwIfCanceled">Called for each row.</param>
    /// <param name="mostSums">How many sums there are at once.</param>
    /// <returns>How many features were weighed, and about how many of them may tell nothing; (0, 0) where all stay as they are.</returns>
    public static (int Weighed, int NullCount) Apply(Network network, RowSubset rows, IReadOnlyList<int> kept, double mostFloor, Action throwIfCanceled, int mostSums = MostSums)
    {
        var columns = ColumnsOf(rows, kept);
        if (columns.Count < LeastShareOfSingle * rows.Count)
            return (0, 0);
        var single = OneHotBlocks.Others(rows, columns).ToHashSet();
        if (columns.Count < LeastShareOfRows * rows.Count && single.Count < LeastShareOfSingle * rows.Count)
            return (0, 0);
        (int Column, double F)[] statistics = [.. Statistics(rows, columns, throwIfCanceled, mostSums).Where(pair => pair.F is not null).Select(pair => (pair.Column, pair.F!.Value))];
        var nullCount = NullCount(statistics, rows);
        if (nullCount < LeastShareOfRows * rows.Count)
        {
            statistics = Array.FindAll(statistics, pair => single.Contains(pair.Column));
            nullCount = NullCount(statistics, rows);
            if (statistics.Length == 0 || nullCount < LeastShareOfSingle * rows.Count || nullCount < LeastShareOfFeatures * statistics.Length)
                return (0, 0);
        }

        // Products of values of one category would tell what each of them does.
        int[] paired = rows.IsSparse ? [] : [.. statistics.Select(pair => pair.Column).Where(column => single.Contains(column) && rows.Features.TwoValues(column) is not null)];
        var ofPairs = new double[paired.Length];
        PairScreening.Weigh(rows, paired, degrees: 1, [], ofPairs, [], throwIfCanceled);
        var together = paired.Zip(ofPairs).ToDictionary();
        var floor = Math.Clamp(FloorOfShare * (statistics.Length - nullCount) / statistics.Length, LeastFloor, mostFloor);
        var place = network.Standardization!;
        var (means, scales) = StandardizationLayer.StatisticsOf(place);
        foreach (var (column, statistic) in statistics)
            scales[column] *= (float)Math.Max(floor, Math.Max(1 - Chance / statistic, together.GetValueOrDefault(column)));
        StandardizationLayer.Set(place, means, scales);
        return (statistics.Length, nullCount);
    }

    /// <summary>About how many features tell nothing, for which the null hypothesis holds. Half of those have a statistic below its median: Storey, "A direct approach to false discovery rates" (2002).</summary>
    private static int NullCount((int Column, double F)[] statistics, RowSubset rows)
    {
        var median = ChiSquared.Quantile(Degrees(rows), 0);
        return Math.Min(statistics.Length, 2 * statistics.Count(pair => pair.F < median));
    }

    private static int Degrees(RowSubset rows) => rows.IsClassification ? Math.Max(1, rows.Targets.DistinctClasses - 1) : 1;

    /// <summary>The columns that may be weighed: of sparse rows all but those kept, of dense rows words and those of two values.</summary>
    private static List<int> ColumnsOf(RowSubset rows, IReadOnlyList<int> kept) =>
        [.. Enumerable.Range(0, rows.Inputs).Except(kept).Except(rows.MissingColumns).Where(column => rows.IsSparse || rows.Features.Words.ContainsKey(column) || rows.Features.TwoValues(column) is not null)];

    /// <summary>F of each column; null where it has one value only.</summary>
    private static IEnumerable<(int Column, double? F)> Statistics(RowSubset rows, List<int> columns, Action throwIfCanceled, int mostSums)
    {
        var (data, targets) = (rows.Data, rows.Targets);
        var groups = rows.IsClassification ? rows.ClassCount : 1;
        var (places, values) = (new int[rows.Inputs], new (double Sum, double Squares)[columns.Count]);
        Array.Fill(places, -1);
        foreach (var (place, column) in columns.Index())
            places[column] = place;
        // The second of two values, so that nothing of a large one cancels; of words, there are others.
        float?[] high = rows.IsSparse ? [] : [.. columns.Select(column => rows.Features.TwoValues(column)?.High)];
        var (between, atOnce) = (new double[columns.Count], Math.Max(1, mostSums / columns.Count));
        var weight = targets.Total(classFactors: null).Weight;
        for (var first = 0; first < groups; first += atOnce)
            AddGroups(first, Math.Min(groups, first + atOnce));

        // By weights, as many rows as there are.
        var count = rows.Count / weight;
        return columns.Select((column, place) =>
        {
            var (sum, squares) = values[place];
            var variation = squares - sum * sum / weight;
            // What rounding leaves of a constant is none.
            return (column, variation > 1e-12 * squares ? count * weight * between[place] / (variation * Degrees(rows)) : (double?)null);
        });

        void AddGroups(int first, int end)
        {
            var (sums, ofGroups, target) = (new double[columns.Count * (end - first)], new double[end - first], new float[1]);
            var deviation = rows.IsClassification ? 0 : Math.Sqrt(targets.Variations[0] / weight);
            foreach (var row in rows.Rows)
            {
                throwIfCanceled();
                var group = data.Class(row);
                double share = data.Weight(row);
                if (first == 0)
                    AddRow(row, (place, x) => values[place] = (values[place].Sum + share * x, values[place].Squares + share * x * x));
                if (group < first || group >= end || (deviation == 0 && !rows.IsClassification))
                    continue;
                data.CopyTargets([row], target, 1);
                var times = share * (rows.IsClassification ? 1 : (target[0] - targets.Means[0]) / deviation);
                ofGroups[group - first] += share;
                AddRow(row, (place, x) => sums[place * (end - first) + group - first] += times * x);
            }

            for (var place = 0; place < columns.Count; place++)
            {
                for (var group = 0; group < end - first; group++)
                {
                    if (ofGroups[group] == 0)
                        continue;
                    var sum = sums[place * (end - first) + group];
                    // Of classes, the squared distance of their mean from that of all, by their weight; of a number, the squared covariance, whose mean is 0.
                    var distance = rows.IsClassification ? sum - ofGroups[group] * (values[place].Sum / weight) : sum;
                    between[place] += distance * distance / ofGroups[group];
                }
            }
        }

        void AddRow(int row, Action<int, double> add)
        {
            if (data.Sparse is { } sparse)
            {
                var at = sparse.ColumnsOf(row);
                var stored = sparse.ValuesOf(row);
                for (var i = 0; i < at.Length; i++)
                {
                    if (places[at[i]] >= 0)
                        add(places[at[i]], stored[i]);
                }
            }
            else
            {
                var features = data.FeaturesOf(row);
                for (var place = 0; place < columns.Count; place++)
                {
                    var x = features[columns[place]];
                    if (high[place] is null ? x != 0 : x == high[place])
                        add(place, high[place] is null ? x : 1);
                }
            }
        }
    }
}
