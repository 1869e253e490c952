using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Looks for a column that is the target itself, or made of it. A model learns that and nothing else, and knows nothing where the column is not known before the target is.</summary>
/// <remarks>Kaufman, Rosset and Perlich, "Leakage in data mining: formulation, detection, and avoidance" (2011). Only what no noise is in is found: a value for each class and a class for each value, or numbers along a straight line, in all rows.</remarks>
internal static class TargetLeakage
{
    /// <summary>More classes are not looked at.</summary>
    public const int MostClasses = 100;

    // Rows that a column would have to tell by chance, to a half each, and twice as many columns one more.
    private const int FewestTold = 10;

    // Of the range of the targets: what is left of a line in float32.
    private const double Tolerance = 1e-5;

    private const int Seed = 1;

    /// <param name="rows">To learn from, with one class or one number a row.</param>
    /// <returns>The first such column; null where there is none, where rows are sparse, and where those of other targets than the commonest are so few that some column tells them by chance.</returns>
    public static int? FirstColumn(RowSubset rows)
    {
        if (rows.IsSparse || rows.Inputs == 0 || (rows.IsClassification ? rows.ClassCount > MostClasses : rows.TargetCount != 1))
            return null;
        var targets = new float[rows.Count];
        rows.Data.CopyTargets(rows.Rows, targets, 1);
        if (OffCommonest(rows, targets) < FewestTold + Math.Log2(rows.Inputs))
            return null;
        IColumnTest test = rows.IsClassification ? new OneToOne(rows.Inputs, rows.ClassCount) : new Line(rows);
        List<int> left = [.. Enumerable.Range(0, rows.Inputs)];
        // Neighbours may be alike, and would leave columns for long.
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        new RandomBits(Seed, 0).Shuffle(order);
        foreach (var row in order.TakeWhile(_ => left.Count > 0))
        {
            var features = rows.Data.FeaturesOf(rows.Rows[row]);
            for (var k = left.Count - 1; k >= 0; k--)
            {
                if (!test.Holds(left[k], features[left[k]], targets[row]))
                    left.RemoveAt(k);
            }
        }

        return left.Count == 0 ? null : left[0];
    }

    /// <summary>How many rows have another target than the commonest; where none is that of half of the rows, at least half. Of classes, rows that are alone in theirs tell nothing.</summary>
    private static int OffCommonest(RowSubset rows, float[] targets)
    {
        if (rows.IsClassification)
            return Math.Min(rows.Targets.RowsOfOtherClasses, rows.Count - rows.Targets.DistinctClasses);
        // Boyer and Moore, "MJRTY: a fast majority vote algorithm" (1981).
        var (commonest, votes) = (targets[0], 0);
        foreach (var target in targets)
        {
            if (votes == 0)
                commonest = target;
            votes += target == commonest ? 1 : -1;
        }

        return targets.Count(target => target != commonest);
    }

    private interface IColumnTest
    {
        /// <summary>Whether a column still tells the target, by the rows asked of so far.</summary>
        bool Holds(int column, float value, float target);
    }

    /// <summary>Each class has one value of a column, and no other class has it. Not-a-number is none.</summary>
    private sealed class OneToOne(int columns, int classes) : IColumnTest
    {
        private readonly float?[] _values = new float?[columns * classes];

        public bool Holds(int column, float value, float target)
        {
            var values = _values.AsSpan(column * classes, classes);
            if (values[(int)target] is { } known)
                return value == known;
            if (float.IsNaN(value) || values.Contains(value))
                return false;
            values[(int)target] = value;
            return true;
        }
    }

    /// <summary>A column lies along the line through its values in the rows of the lowest and the highest target.</summary>
    private sealed class Line(RowSubset rows) : IColumnTest
    {
        private readonly TargetStatistics _targets = rows.Targets;

        public bool Holds(int column, float value, float target)
        {
            double begin = rows.Data.FeaturesOf(_targets.RowOfLowest)[column], end = rows.Data.FeaturesOf(_targets.RowOfHighest)[column], lowest = _targets.Lowest;
            // What is no number, as where both ends are the same, is within no tolerance.
            return Math.Abs((value - begin) / (end - begin) - (target - lowest) / (_targets.Highest - lowest)) <= Tolerance;
        }
    }
}
