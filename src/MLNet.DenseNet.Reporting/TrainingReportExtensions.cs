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
    /// <example>
    /// <code>
    /// history.SaveReport("training.html");
    /// </code>
    /// </example>
    public static void SaveReport(this TrainingHistory history, string path, ReportEvaluation? evaluation = null, string title = "Training report")
    {
        ArgumentNullException.ThrowIfNull(history);
        ReportFiles.SavePage(history, ReportCharts.Of(history, evaluation), path, title);
    }

    /// <summary>Saves each chart of the report as a file of its own, an SVG named after what it shows, on a light background.</summary>
    /// <param name="history">The training.</param>
    /// <param name="folder">The folder; made where there is none.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <returns>The files' paths.</returns>
    /// <example>
    /// <code>
    /// var paths = history.SaveCharts("charts");
    /// </code>
    /// </example>
    public static IReadOnlyList<string> SaveCharts(this TrainingHistory history, string folder, ReportEvaluation? evaluation = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        return ReportFiles.SaveCharts(ReportCharts.Of(history, evaluation), folder);
    }

    /// <summary>Writes the page of <see cref="SaveReport"/>, such as to a <see cref="StringWriter"/> for a notebook, or to a response of a web server.</summary>
    /// <param name="history">The training.</param>
    /// <param name="writer">Where to; left open.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <param name="title">The page's title.</param>
    /// <example>
    /// <code>
    /// history.WriteReport(Console.Out);
    /// </code>
    /// </example>
    public static void WriteReport(this TrainingHistory history, TextWriter writer, ReportEvaluation? evaluation = null, string title = "Training report")
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(ReportPage.Of(history, ReportCharts.Of(history, evaluation), title));
    }

    /// <summary>Draws the charts of <see cref="SaveCharts"/>.</summary>
    /// <param name="history">The training.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <returns>Each chart's SVG, by its name, such as "loss".</returns>
    /// <example>
    /// <code>
    /// var charts = history.DrawCharts();
    /// </code>
    /// </example>
    public static IReadOnlyDictionary<string, string> DrawCharts(this TrainingHistory history, ReportEvaluation? evaluation = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        return ReportFiles.ToSvg(ReportCharts.Of(history, evaluation));
    }
}
