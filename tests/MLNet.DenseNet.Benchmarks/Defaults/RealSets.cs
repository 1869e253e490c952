using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>The tables in examples/data; their last column is the label.</summary>
internal static class RealSets
{
    public static IEnumerable<TabularSet> Load() =>
    [
        Load("iris", TabularTask.Multiclass),
        Load("wine", TabularTask.Multiclass),
        Load("diabetes", TabularTask.Regression),
        Load("breast-cancer", TabularTask.Binary),
        Load("digits", TabularTask.Multiclass),
    ];

    private static TabularSet Load(string name, TabularTask task)
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", $"{name}.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        var labels = rows.Select(row => row[^1]).ToArray();
        var classes = labels.Distinct().Order(StringComparer.Ordinal).ToArray();
        return new TabularSet(
            name, task, rows[0].Length - 1, [.. rows.SelectMany(row => row[..^1]).Select(Number)],
            [.. labels.Select(label => task == TabularTask.Regression ? Number(label) : Array.IndexOf(classes, label))]);
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
