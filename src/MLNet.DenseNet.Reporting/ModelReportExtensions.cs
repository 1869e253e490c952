using MLNet.DenseNet.Reporting;
using MLNet.DenseNet.Reporting.Charts;

namespace MLNet.DenseNet;

/// <summary>Shows how a training went and what the model learned.</summary>
public static class ModelReportExtensions
{
    /// <summary>Saves the page of <see cref="TrainingReportExtensions.SaveReport"/> with what only the model tells: the filters of a first convolution over images as little pictures.</summary>
    /// <param name="model">The model, as <c>GetDenseNeuralNet()</c> finds it in a fitted or loaded pipeline.</param>
    /// <param name="path">The file, such as "training.html"; replaced where there is one. Its folder is made where there is none.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <param name="title">The page's title.</param>
    /// <exception cref="ArgumentException">The model has no history: a version saved it that kept none.</exception>
    /// <example>
    /// <code>
    /// model.GetDenseNeuralNet().SaveReport("training.html", ReportEvaluation.FromPredictions(scored));
    /// </code>
    /// </example>
    public static void SaveReport(this IDenseNeuralNetModel model, string path, ReportEvaluation? evaluation = null, string title = "Training report")
    {
        var history = HistoryOf(model);
        ReportFiles.SavePage(history, ReportCharts.Of(history, evaluation, model), path, title);
    }

    /// <summary>Saves each chart of the report as a file of its own, an SVG named after what it shows, on a light background: those of <see cref="TrainingReportExtensions.SaveCharts"/>, and "filters.svg" of a model with a convolution over images.</summary>
    /// <param name="model">The model, as <c>GetDenseNeuralNet()</c> finds it in a fitted or loaded pipeline.</param>
    /// <param name="folder">The folder; made where there is none.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <returns>The files' paths.</returns>
    /// <exception cref="ArgumentException">The model has no history: a version saved it that kept none.</exception>
    /// <example>
    /// <code>
    /// var files = model.GetDenseNeuralNet().SaveCharts("charts");
    /// </code>
    /// </example>
    public static IReadOnlyList<string> SaveCharts(this IDenseNeuralNetModel model, string folder, ReportEvaluation? evaluation = null) =>
        ReportFiles.SaveCharts(ReportCharts.Of(HistoryOf(model), evaluation, model), folder);

    /// <summary>Writes the page of <see cref="SaveReport"/>, such as to a <see cref="StringWriter"/> for a notebook, or to a response of a web server.</summary>
    /// <param name="model">The model, as <c>GetDenseNeuralNet()</c> finds it in a fitted or loaded pipeline.</param>
    /// <param name="writer">Where to; left open.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <param name="title">The page's title.</param>
    /// <exception cref="ArgumentException">The model has no history: a version saved it that kept none.</exception>
    /// <example>
    /// <code>
    /// using var page = new StringWriter();
    /// model.GetDenseNeuralNet().WriteReport(page);
    /// </code>
    /// </example>
    public static void WriteReport(this IDenseNeuralNetModel model, TextWriter writer, ReportEvaluation? evaluation = null, string title = "Training report")
    {
        var history = HistoryOf(model);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(ReportPage.Of(history, ReportCharts.Of(history, evaluation, model), title));
    }

    /// <summary>Draws the charts of <see cref="SaveCharts"/>.</summary>
    /// <param name="model">The model, as <c>GetDenseNeuralNet()</c> finds it in a fitted or loaded pipeline.</param>
    /// <param name="evaluation">How the model did on a test set; null for none.</param>
    /// <returns>Each chart's SVG, by its name, such as "loss".</returns>
    /// <exception cref="ArgumentException">The model has no history: a version saved it that kept none.</exception>
    /// <example>
    /// <code>
    /// var lossCurve = model.GetDenseNeuralNet().DrawCharts()["loss"];
    /// </code>
    /// </example>
    public static IReadOnlyDictionary<string, string> DrawCharts(this IDenseNeuralNetModel model, ReportEvaluation? evaluation = null) => ReportFiles.ToSvg(ReportCharts.Of(HistoryOf(model), evaluation, model));

    private static TrainingHistory HistoryOf(IDenseNeuralNetModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.History ?? throw new ArgumentException("The model has no training history: it was saved by a version that did not keep it.", nameof(model));
    }
}
