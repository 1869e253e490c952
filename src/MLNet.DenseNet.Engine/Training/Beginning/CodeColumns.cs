namespace MLNet.DenseNet.Engine;

/// <summary>
/// Finds numbers that are codes, such as those of products or branches: whole numbers of whose labels the values between two others tell no more than any. A function that is straight over several of them would blur what each tells.
/// So it is with numbers of more values whose labels change from each small range to the next, such as times in seconds, of which the hour counts.
/// </summary>
internal static class CodeColumns
{
    /// <summary>The most values of a code.</summary>
    public const int MostValues = 1024;

    private const int FewestRowsOfValue = 8;
    private const int MostRows = 1 << 15;

    // Ranges are half as wide as the usual bins, or narrower.
    private const int Ranges = 256;
    private const int FewestRowsOfRange = 8;
    private const int BinsOfRanges = 384;
    private const int MostRowsInRanges = 1 << 13;

    private const int MostClasses = 64;

    // How many standard deviations beyond chance labels have to jump.
    private const double Deviations = 8;

    /// <summary>Finds them.</summary>
    /// <param name="rows">To learn from, with classes or one target each.</param>
    /// <param name="columns">Among which columns of numbers.</param>
    /// <param name="fewestValues">With no more values than that a column is none.</param>
    public static int[] Of(RowSubset rows, IReadOnlyList<int> columns, int fewestValues)
    {
        if (rows.IsSparse || (rows.IsClassification ? rows.ClassCount > MostClasses : rows.TargetCount != 1) || rows.Features.TableSample is not { } sample)
            return [];
        return [.. columns.Where(IsOne)];

        bool IsOne(int column)
        {
            var values = sample.CountDistinct(column, MostValues + 1);
            if (values <= fewestValues)
                return false;
            var mayBeCode = values <= MostValues && values * FewestRowsOfValue <= rows.Count;
            var hasRanges = values > Ranges && Ranges * FewestRowsOfRange <= rows.Count;
            return (mayBeCode && JumpsBetweenValues(rows, column)) || (hasRanges && JumpsBetweenRanges(rows, column));
        }
    }

    /// <summary>The most bins of such a column: one for each value, or of more values than codes have fewer, which have more rows each.</summary>
    public static int MostBins(FeatureStatistics features, int column) => features.TableSample!.CountDistinct(column, MostValues + 1) > MostValues ? BinsOfRanges : MostValues;

    private static bool JumpsBetweenValues(RowSubset rows, int column)
    {
        var values = new SortedDictionary<float, Moments>();
        foreach (var (x, row) in Known(rows, column, MostRows))
        {
            if (x != MathF.Floor(x))
                return false;
            if (!values.TryGetValue(x, out var moments))
                values[x] = moments = Moments.Of(rows);
            moments.Add(rows, row);
        }

        return values.Count <= MostValues && Jump([.. values.Keys], [.. values.Values]);
    }

    /// <summary>The same of ranges of about as many rows each; rows of one value are in one.</summary>
    private static bool JumpsBetweenRanges(RowSubset rows, int column)
    {
        var known = Known(rows, column, MostRowsInRanges).ToArray();
        Array.Sort(known, (a, b) => a.Value.CompareTo(b.Value));
        List<(float First, Moments Of)> ranges = [];
        for (var i = 0; i < known.Length; i++)
        {
            if (ranges.Count == 0 || (ranges[^1].Of.Count >= known.Length / Ranges && known[i].Value != known[i - 1].Value))
                ranges.Add((known[i].Value, Moments.Of(rows)));
            ranges[^1].Of.Add(rows, known[i].Row);
        }

        return Jump([.. ranges.Select(range => range.First)], [.. ranges.Select(range => range.Of)]);
    }

    /// <summary>The numbers of some rows, evenly spread, with the rows; missing ones are left out.</summary>
    private static IEnumerable<(float Value, int Row)> Known(RowSubset rows, int column, int most)
    {
        var stride = (rows.Count + most - 1) / most;
        for (var i = 0; i < rows.Count; i += stride)
        {
            if (rows.Data.FeaturesOf(rows.Rows[i])[column] is var x && !float.IsNaN(x))
                yield return (x, rows.Rows[i]);
        }
    }

    /// <summary>Whether the mean of every second value of three lies farther from the line between the others than chance makes it.</summary>
    private static bool Jump(float[] values, Moments[] moments)
    {
        var (within, free, beside, count) = (0.0, 0.0, 0.0, 0);
        foreach (var of in moments)
        {
            within += of.Within();
            free += of.Count - 1;
        }

        for (var i = 0; i + 2 < values.Length; i += 3)
        {
            var share = ((double)values[i + 1] - values[i]) / ((double)values[i + 2] - values[i]);
            var variance = 1.0 / moments[i + 1].Count + (1 - share) * (1 - share) / moments[i].Count + share * share / moments[i + 2].Count;
            for (var output = 0; output < moments[i].Outputs; output++)
            {
                var distance = moments[i + 1].Mean(output) - (1 - share) * moments[i].Mean(output) - share * moments[i + 2].Mean(output);
                beside += distance * distance / variance;
            }

            count++;
        }

        return free > 0 && count > 0 && beside / count > within / free * (1 + Deviations * Math.Sqrt(2.0 / count));
    }

    /// <summary>The labels of the rows that have a value: of classes, their counts.</summary>
    private sealed class Moments(double[] sums)
    {
        private double _squares;

        public int Count { get; private set; }

        public int Outputs => sums.Length;

        public static Moments Of(RowSubset rows) => new(new double[rows.IsClassification ? rows.ClassCount : 1]);

        public void Add(RowSubset rows, int row)
        {
            Span<float> target = stackalloc float[1];
            if (!rows.IsClassification)
                rows.Data.CopyTargets([row], target, 1);
            var (output, value) = rows.IsClassification ? (rows.Data.Class(row), 1.0) : (0, target[0] - rows.Targets.Means[0]);
            Count++;
            sums[output] += value;
            _squares += value * value;
        }

        public double Mean(int output) => sums[output] / Count;

        /// <summary>The squared distances from the means, of all outputs.</summary>
        public double Within() => Math.Max(0, _squares - sums.Sum(sum => sum * sum / Count));
    }
}
