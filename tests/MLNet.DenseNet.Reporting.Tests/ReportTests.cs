using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLNet.DenseNet.Reporting.Tests;

public sealed partial class ReportTests : IDisposable
{
    private static readonly Lazy<(TrainingHistory History, ReportEvaluation Evaluation)> Classification = new(Runs.Classification);
    private static readonly Lazy<(TrainingHistory History, ReportEvaluation Evaluation)> Regression = new(Runs.Regression);

    private readonly string _folder = Directory.CreateTempSubdirectory("report").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_page_has_all_charts_in_both_themes_the_verdict_and_the_options()
    {
        var (history, evaluation) = Classification.Value;
        var page = Save(history, evaluation);
        Assert.Equal(
            ["loss", "metric", "confusion-matrix", "network", "learning-rate", "gradient-norms", "dead-units", "weights-1", "weights-3", "weights-5"],
            Figures().Matches(page).Select(m => m.Groups[1].Value));
        var images = Images().Matches(page).Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups[1].Value))).ToArray();
        Assert.Equal(20, images.Length);
        Assert.All(images, image => Assert.Equal("svg", XDocument.Parse(image).Root!.Name.LocalName));
        Assert.Equal(20, images.Distinct().Count());
        Assert.Contains(history.Verdict.Headline, page, StringComparison.Ordinal);
        Assert.All(history.Verdict.Evidence, sentence => Assert.Contains(System.Net.WebUtility.HtmlEncode(sentence), page, StringComparison.Ordinal));
        Assert.Contains("cosine to 0", page, StringComparison.Ordinal);
        Assert.Contains("Dense 32 ReLU", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_needs_no_other_file()
    {
        var page = Images().Replace(Save(Classification.Value.History, null), "");
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regression_without_validation_and_diagnostics_shows_what_there_is()
    {
        var (history, evaluation) = Regression.Value;
        var page = Save(history, evaluation);
        Assert.Equal(["loss", "metric", "predictions", "network", "learning-rate"], Figures().Matches(page).Select(m => m.Groups[1].Value));
        Assert.Contains("R-squared", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_ensemble_the_layers_of_its_members_are_shown()
    {
        var page = Save(Runs.Ensemble(), null);
        Assert.Equal(
            ["loss", "metric", "network", "learning-rate", "gradient-norms", "weights-1", "weights-2", "weights-3"], Figures().Matches(page).Select(m => m.Groups[1].Value));
        Assert.Contains("4 networks of these layers, of which the model predicts the mean", page, StringComparison.Ordinal);
        Assert.Contains("Weights of layer 2: 4 x Dense 8 SiLU", page, StringComparison.Ordinal);
        // In the drawing too, which is one of the pictures.
        Assert.Contains(Images().Matches(page).Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups[1].Value))), image => image.Contains("4 x Dense 16 SiLU", StringComparison.Ordinal) && image.Contains("Input", StringComparison.Ordinal));
        Assert.Contains("<td>after ", page, StringComparison.Ordinal);
        Assert.Contains("<td>rows with noise 0.01 and mixup 0</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Titles_are_text() => Assert.Contains("&lt;b&gt; &amp; co", Save(Regression.Value.History, null, "<b> & co"), StringComparison.Ordinal);

    [Fact]
    public void Charts_are_saved_as_svg_and_png()
    {
        var (history, evaluation) = Classification.Value;
        var svg = history.SaveCharts(Path.Combine(_folder, "charts"), ChartFormat.Svg, evaluation);
        Assert.Equal(10, svg.Count);
        Assert.All(svg, path => Assert.Contains(XDocument.Load(path).Descendants(), e => e.Name.LocalName == "text"));
        var png = history.SaveCharts(Path.Combine(_folder, "charts"), ChartFormat.Png, evaluation);
        Assert.Equal(svg.Select(path => Path.ChangeExtension(path, ".png")), png);
        Assert.All(png, path =>
        {
            var bytes = File.ReadAllBytes(path);
            Assert.Equal("PNG"u8.ToArray(), bytes[1..4]);
            Assert.Equal(1040, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)));
        });
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var history = Regression.Value.History;
        Assert.Throws<ArgumentException>("path", () => history.SaveReport(""));
        Assert.Throws<ArgumentOutOfRangeException>("format", () => history.SaveCharts(_folder, (ChartFormat)7));
        Assert.Throws<ArgumentNullException>("history", () => default(TrainingHistory)!.SaveReport("a.html"));
        Assert.Throws<ArgumentException>("predicted", () => ReportEvaluation.FromPredictions([1, 2], [1f]));
        Assert.Throws<ArgumentException>("predicted", () => ReportEvaluation.FromPredictions((float[])[], []));
    }

    private string Save(TrainingHistory history, ReportEvaluation? evaluation, string title = "Training report")
    {
        var path = Path.Combine(_folder, "training.html");
        history.SaveReport(path, evaluation, title);
        return File.ReadAllText(path);
    }

    [GeneratedRegex("<figure id=\"([^\"]+)\"")]
    private static partial Regex Figures();

    [GeneratedRegex("data:image/svg\\+xml;base64,([^\"]+)")]
    private static partial Regex Images();
}
