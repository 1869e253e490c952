using System.Text;
using MLNet.DenseNet.Reporting;
using MLNet.DenseNet.Reporting.Charts;

namespace MLNet.DenseNet;

/// <summary>Shows how a training went.</summary>
public static class TrainingReportExtensions
{
    /// <summary>
    /// Saves a page with the verdict, the curves of training and validation with the epoch whose weights the model has, the learning rate, what each layer did where
    /// <see cref="TrainingOptions.RecordDiagnostics"/> was on, a drawing of the network, the settings and, where given, the evaluation. It is one file that needs no other and no network.
    /// Of a training without a complete epoch there are no curves.
    /// </summary>
    /// <param name="history">The training.</param>
    /// <param name="path">The file, such as "training.html"; replaced where there is one. Its folder is made where there is none.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <param name="title">The page's title.</param>
    public static void SaveReport(this TrainingHistory history, string path, ReportEvaluation? evaluation = null, string title = "Training report")
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentException.ThrowIfNullOrEmpty(path);
        // An error here, when training has just ended, would cost the model.
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        File.WriteAllText(path, ReportPage.Of(history, ReportCharts.Of(history, evaluation), title), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Saves each chart of the report as a file of its own, an SVG named after what it shows, on a light background.</summary>
    /// <param name="history">The training.</param>
    /// <param name="folder">The folder; made where there is none.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <returns>The files' paths.</returns>
    public static IReadOnlyList<string> SaveCharts(this TrainingHistory history, string folder, ReportEvaluation? evaluation = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        foreach (var chart in ReportCharts.Of(history, evaluation))
        {
            paths.Add(Path.Combine(folder, $"{chart.Name}.svg"));
            File.WriteAllText(paths[^1], chart.ToSvg(ChartTheme.Light));
        }

        return paths;
    }
}
