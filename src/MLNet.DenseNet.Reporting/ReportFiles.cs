using System.Text;
using MLNet.DenseNet.Reporting.Charts;

namespace MLNet.DenseNet.Reporting;

/// <summary>Writes a report.</summary>
internal static class ReportFiles
{
    public static void SavePage(TrainingHistory history, IReadOnlyList<Chart> charts, string path, string title)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // An error here, when training has just ended, would cost the model.
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        File.WriteAllText(path, ReportPage.Of(history, charts, title), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>The charts on a light background, by their names.</summary>
    public static IReadOnlyDictionary<string, string> ToSvg(IReadOnlyList<Chart> charts) => charts.ToDictionary(chart => chart.Name, chart => chart.ToSvg(ChartTheme.Light));

    /// <returns>The files' paths.</returns>
    public static IReadOnlyList<string> SaveCharts(IReadOnlyList<Chart> charts, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        foreach (var (name, svg) in ToSvg(charts))
        {
            paths.Add(Path.Combine(folder, $"{name}.svg"));
            File.WriteAllText(paths[^1], svg);
        }

        return paths;
    }
}
