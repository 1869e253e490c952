namespace MLNet.DenseNet.Engine;

/// <summary>
/// Finds numbers that are codes, such as those of products or branches: whole numbers of whose labels the values between two others tell no more than any. A function that is straight over several of them would blur what each tells.
/// </summary>
internal static class CodeColumns
{
    /// <summary>The most values of a code.</summary>
    public const int MostValues = 1024;

    private const int FewestRowsOfValue = 8;
    private const int MostRows = 1 << 15;
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
        return [.. columns.Where(column => sample.CountDistinct(column, MostValues + 1) is var values && values > fewestValues && values <= MostValues && values * FewestRowsOfValue <= rows.Count && JumpsBetweenValues(rows, column))];
    }

    private static bool JumpsBetweenValues(RowSubset rows, int column)
    {
        var stride = (rows.Count + MostRows - 1) / MostRows;
        var outputs = rows.IsClassification ? rows.ClassCount : 1;
        var (values, target) = (new SortedDictionary<float, Moments>(), new float[1]);
        for (var i = 0; i < rows.Count; i += stride)
        {
            var row = rows.Rows[i];
            var x = rows.Data.FeaturesOf(row)[column];
            if (float.IsNaN(x))
                continue;
            if (x != MathF.Floor(x))
                return false;
            if (!values.TryGetValue(x, out var moments))
                values[x] = moments = new Moments(new double[outputs]);
            if (!rows.IsClassification)
                rows.Data.CopyTargets([row], target, 1);
            moments.Add(rows.IsClassification ? rows.Data.Class(row) : 0, rows.IsClassification ? 1 : target[0] - rows.Targets.Means[0]);
        }

        return values.Count <= MostValues && Jump([.. values.Keys], [.. values.Values], outputs);
    }

    /// <summary>Whether the mean of every second value of three lies farther from the line between the others than chance makes it.</summary>
    private static bool Jump(float[] values, Moments[] moments, int outputs)
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
            for (var output = 0; output < outputs; output++)
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

        public void Add(int output, double value)
        {
            Count++;
            sums[output] += value;
            _squares += value * value;
        }

        public double Mean(int output) => sums[output] / Count;

        /// <summary>The squared distances from the means, of all outputs.</summary>
        public double Within() => Math.Max(0, _squares - sums.Sum(sum => sum * sum / Count));
    }
}
