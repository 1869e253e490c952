namespace MLNet.DenseNet.Engine;

/// <summary>Looks for a column that is the target itself, or made of it. A model learns that and nothing else, and knows nothing where the column is not known before the target is.</summary>
/// <remarks>Kaufman, Rosset and Perlich, "Leakage in data mining: formulation, detection, and avoidance" (2011). Only what no noise is in is found: a value for each class and a class for each value, or numbers along a straight line.</remarks>
internal static class TargetLeakage
{
    /// <summary>Fewer rows may be told so by chance.</summary>
    public const int FewestRows = 30;

    private const int MostRows = 1000;
    private const int MostValues = 1 << 20;

    // Of the range of the targets: what is left of a line in float32.
    private const double Tolerance = 1e-5;

    /// <param name="rows">To learn from, with one class or one number a row.</param>
    /// <returns>The first such column; null where there is none, or where rows are sparse, or too few to tell.</returns>
    public static int? FirstColumn(RowSubset rows)
    {
        if (rows.IsSparse || rows.Count < FewestRows || (rows.IsClassification ? rows.Targets.DistinctClasses : rows.TargetCount == 1 ? int.MaxValue : 0) < 2)
            return null;
        var some = Sample(rows.Rows, Math.Clamp(MostValues / rows.Inputs, FewestRows, MostRows));
        var features = Array.ConvertAll(some, row =>
        {
            var values = new float[rows.Inputs];
            rows.Data.CopyFeatures(row, values);
            return values;
        });
        var targets = new float[some.Length];
        if (rows.IsClassification)
            targets = Array.ConvertAll(some, row => (float)rows.Data.Class(row));
        else
            rows.Data.CopyTargets(some, targets, 1);
        var column = Enumerable.Range(0, rows.Inputs).FirstOrDefault(Tells, -1);
        return column < 0 ? null : column;

        bool Tells(int column) => rows.IsClassification ? IsOneToOne(features, column, targets) : IsLine(features, column, targets);
    }

    /// <summary>Rows at even steps.</summary>
    private static int[] Sample(ReadOnlySpan<int> rows, int most)
    {
        var sample = new int[Math.Min(rows.Length, most)];
        for (var i = 0; i < sample.Length; i++)
            sample[i] = rows[(int)((long)i * rows.Length / sample.Length)];
        return sample;
    }

    private static bool IsOneToOne(float[][] features, int column, float[] classes)
    {
        Dictionary<float, float> classOf = [], valueOf = [];
        for (var row = 0; row < classes.Length; row++)
        {
            var (value, target) = (features[row][column], classes[row]);
            if (float.IsNaN(value) || classOf.GetValueOrDefault(value, target) != target || valueOf.GetValueOrDefault(target, value) != value)
                return false;
            (classOf[value], valueOf[target]) = (target, value);
        }

        // What each row has for itself, such as its number, tells nothing.
        return classOf.Count is > 1 && classOf.Count <= classes.Length / 2;
    }

    private static bool IsLine(float[][] features, int column, float[] targets)
    {
        var (low, high) = (Array.IndexOf(targets, targets.Min()), Array.IndexOf(targets, targets.Max()));
        var (begin, way, rise) = ((double)features[low][column], (double)features[high][column] - features[low][column], (double)targets[high] - targets[low]);
        if (way == 0 || rise == 0)
            return false;
        for (var row = 0; row < targets.Length; row++)
        {
            // Written so that what is no number is none.
            if (!(Math.Abs((features[row][column] - begin) / way - (targets[row] - (double)targets[low]) / rise) <= Tolerance))
                return false;
        }

        return true;
    }
}
