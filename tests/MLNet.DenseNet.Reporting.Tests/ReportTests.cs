using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Reporting.Tests;

public sealed partial class ReportTests : IDisposable
{
    private static readonly Lazy<(TrainingHistory History, ReportEvaluation Evaluation)> Classification = new(Runs.Classification);
    private static readonly Lazy<(TrainingHistory History, ReportEvaluation Evaluation)> Regression = new(Runs.Regression);

    // With the fewest charts.
    private static readonly Lazy<TrainingHistory> WithoutCurves = new(Runs.CanceledAtOnce);

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
        Assert.Contains("The share of rows classified right.", page, StringComparison.Ordinal);
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
    public void A_ranking_shows_how_well_groups_are_ordered()
    {
        var data = Dataset.FromTargets(1, 1, new float[] { 0, 1, 2, 3 }, new float[] { 0, 1, 2, 0 }).WithGroups([0, 0, 1, 1]);
        var options = new TrainingOptions { Loss = new ListNetLoss(), NumberOfEpochs = 2, Seed = 1 };
        var history = new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), options).Train(data, data);
        var page = Save(history, null);
        Assert.Contains("<h2>NDCG@10</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<th>Validation NDCG@10</th>", page, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"<td>NDCG {history[^1].ValidationNdcg:F3}</td>"), page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_may_have_several_labels()
    {
        var data = Dataset.FromTargets(1, 2, new float[] { 0, 1, 2, 3 }, new float[] { 0, 1, 1, 1, 1, 0, 0, 0 });
        var network = Network.Create(1, [new DenseLayer(2, Activation.Sigmoid)], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions { Loss = new BinaryCrossEntropy(), NumberOfEpochs = 2, Seed = 1 }).Train(data);
        Assert.Contains("The share of labels classified right, of which each row has several.", Save(history, null), StringComparison.Ordinal);
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
        Assert.Contains("<td>rows with noise 0.01</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_have_the_names_that_ML_NET_knows()
    {
        Assert.Equal(["three", "one", "two"], Names(ReportEvaluation.FromConfusionMatrix(Runs.MatrixOf("three", "one", "two"))));
        Assert.Equal(["positive", "negative"], Names(ReportEvaluation.FromConfusionMatrix(Runs.BinaryMatrix())));
        Assert.Equal(["dog", "cat"], Names(ReportEvaluation.FromConfusionMatrix(Runs.BinaryMatrix(), ["dog", "cat"])));
        // Long ones are shortened in the middle, so that they are told apart by both ends.
        Assert.Equal(["a product…number 1", "a product…number 2"], Names(ReportEvaluation.FromConfusionMatrix(Runs.MatrixOf("a product called number 1", "a product called number 2"))));

        // Each twice, along both axes.
        IEnumerable<string> Names(ReportEvaluation evaluation) =>
            Labels("confusion-matrix", evaluation).Where(text => !char.IsDigit(text[0]) && text is not ("actual" or "predicted")).GroupBy(text => text).Select(group =>
            {
                Assert.Equal(2, group.Count());
                return group.Key;
            });
    }

    [Fact]
    public void Predictions_of_several_outputs_are_plotted_together_and_what_are_no_numbers_is_named()
    {
        var labels = Labels("predictions", ReportEvaluation.FromPredictions(Runs.Scored(), "Numbers", "Scores"));
        Assert.Contains("8", labels);
        Assert.Contains("There is no column 'Absent' among the scored rows: labelColumnName says which one it is.", Assert.Throws<ArgumentException>("labelColumnName", () => ReportEvaluation.FromPredictions(Runs.Scored(), "Absent")).Message, StringComparison.Ordinal);
        Assert.Contains("The column 'Name' is of String", Assert.Throws<ArgumentException>("scoreColumnName", () => ReportEvaluation.FromPredictions(Runs.Scored(), "Number", "Name")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vectors_that_are_none_are_refused()
    {
        var mlContext = new MLContext(1);
        foreach (var (wrong, message) in ((VBuffer<float>, string)[])[(new(2, 1, [1], [int.MinValue]), "Row 2 has a sparse vector"), (new(2, 1, [1], [2]), "the index 2;"), (new(3, [1, 2, 3]), "Row 2 has a vector of 3 values")])
        {
            VBuffer<float> right = new(2, [0.5f, 0.5f]);
            var rows = mlContext.Data.LoadFromEnumerable([new Vectors { Key = 1, Label = right, Score = right }, new Vectors { Key = 1, Label = right, Score = wrong }]);
            Assert.Contains(message, Assert.Throws<ArgumentException>("scoreColumnName", () => ReportEvaluation.FromPredictions(rows)).Message, StringComparison.Ordinal);
            Assert.Contains(message, Assert.Throws<ArgumentException>("probabilityColumnName", () => ReportEvaluation.FromProbabilities(rows, "Key")).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1e12f, "e11")]
    [InlineData(1e-12f, "e-13")]
    public void Axes_of_any_scale_have_numbers(float scale, string power)
    {
        var labels = Labels("predictions", ReportEvaluation.FromPredictions(Runs.Scored(scale), "Number"));
        Assert.InRange(labels.Count(label => label.EndsWith(power, StringComparison.Ordinal)), 6, 60);
        Assert.InRange(labels.Count(label => label == "0"), 2, 2);
    }

    [Fact]
    public void Axes_of_any_numbers_have_some_that_rise()
    {
        Gen.Float.Array[1, 5].Sample(Check, iter: 100, threads: 1);
        float[][] odd =
        [
            [0], [1], [-3e38f], [float.MaxValue, float.MinValue], [float.Epsilon], [0, float.Epsilon], [1, 1.0000001f], [16777216, 16777218], [0.00123456f, 0.001234566f], [0.0021f, 0.0021001f], [1e-40f, 3e-39f], [float.NaN], [float.PositiveInfinity, 1],
        ];
        Assert.All(odd, Check);

        void Check(float[] values)
        {
            var labels = Labels("predictions", ReportEvaluation.FromPredictions(values, values)).Where(label => label is not ("actual" or "predicted")).ToArray();
            // The same on both axes.
            Assert.Equal(labels.Length / 2, labels.Distinct().Count());
            var numbers = labels.Distinct().Select(label => double.Parse(label, CultureInfo.InvariantCulture)).ToArray();
            Assert.InRange(numbers.Length, 2, 10);
            Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.True(pair.First < pair.Second, string.Join(' ', labels)));
        }
    }

    /// <summary>What is no number is not the best, and of equal losses the latest is as good as any.</summary>
    [Theory]
    [InlineData(double.NaN, 0.5, 0.6, "the latest; the best by loss was epoch 2")]
    [InlineData(0.5, 0.5, 0.5, "the latest, and the best by loss")]
    [InlineData(double.PositiveInfinity, double.NaN, double.PositiveInfinity, "<span>the latest</span>")]
    public void The_best_epoch_is_one_with_a_loss(double first, double second, double third, string expected)
    {
        var history = Regression.Value.History;
        var epochs = ((double[])[first, second, third]).Select((loss, i) => new EpochSummary(i + 1, 3, loss, null, -1.25e30, loss, null, -1.25e30, 0.01f, 1000, TimeSpan.Zero, TimeSpan.Zero));
        var page = Save(new TrainingHistory([.. epochs], TrainingEnd.Completed, null, history.Settings with { NumberOfEpochs = 3 }, history.Network, null, []), null);
        Assert.Contains(expected, page, StringComparison.Ordinal);
        Assert.Contains("R&#178; -1.25E+30", page, StringComparison.Ordinal);
    }

    /// <summary>The verdict is about the model that was kept: so are figures and curves.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Figures_and_curves_are_those_of_the_model_that_was_kept(bool restores)
    {
        var history = Runs.LearnedByHeart(restores);
        var best = history.MinBy(e => e.ValidationLoss)!.Epoch;
        Assert.InRange(best, 1, history.Count - 5);
        var kept = history[(restores ? best : history.Count) - 1];
        var page = Save(history, null);
        Assert.Equal(
            [
                ("Epochs", "30 of 30"), ("The model", $"epoch {kept.Epoch}"), ("Training loss", FormattableString.Invariant($"{kept.Loss:G4}")), ("Validation loss", FormattableString.Invariant($"{kept.ValidationLoss:G4}")),
            ],
            Tiles().Matches(page).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Take(4));
        Assert.Contains(restores ? "the best, put back at the end" : $"the latest; the best by loss was epoch {best}", page, StringComparison.Ordinal);
        Assert.Contains($"<tr class=\"kept\"><td>{kept.Epoch}</td>", page, StringComparison.Ordinal);
        // Of 60 rows 18 are held out.
        Assert.Contains("of 18 rows, see the note below the curve", page, StringComparison.Ordinal);
        Assert.Contains($" {history.ValidationCaveat}</figcaption>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("see the note below", Save(Classification.Value.History, null), StringComparison.Ordinal);
        var charts = history.SaveCharts(Path.Combine(_folder, "charts"));
        Assert.All(charts.Take(2), chart => Assert.Contains($"model: epoch {kept.Epoch}", LabelsOf(chart)));
    }

    [Fact]
    public void A_report_is_the_same_in_every_culture()
    {
        var (history, evaluation) = Classification.Value;
        var expected = Words();
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal(expected, Words());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        IEnumerable<string> Words() => [Save(history, evaluation), .. history.SaveCharts(Path.Combine(_folder, "charts"), evaluation).Select(File.ReadAllText)];
    }

    /// <summary>What is called when training ends must not lose the model.</summary>
    [Fact]
    public void A_training_without_a_complete_epoch_has_a_report_without_curves()
    {
        var history = Runs.CanceledAtOnce();
        Assert.Empty(history);
        var page = Save(history, null);
        Assert.Equal(["network"], Figures().Matches(page).Select(m => m.Groups[1].Value));
        Assert.Contains("Curves of 0 epochs tell nothing", page, StringComparison.Ordinal);
        Assert.EndsWith("network.svg", Assert.Single(history.SaveCharts(Path.Combine(_folder, "charts"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Titles_are_text() => Assert.Contains("&lt;b&gt; &amp; co", Save(Regression.Value.History, null, "<b> & co"), StringComparison.Ordinal);

    [Fact]
    public void Charts_are_saved_as_files_that_scale_and_whose_text_is_text()
    {
        var (history, evaluation) = Classification.Value;
        var paths = history.SaveCharts(Path.Combine(_folder, "charts"), evaluation);
        Assert.Equal(10, paths.Count);
        Assert.All(paths, path =>
        {
            var svg = XDocument.Load(path);
            Assert.Equal($"0 0 {svg.Root!.Attribute("width")!.Value} {svg.Root.Attribute("height")!.Value}", svg.Root.Attribute("viewBox")!.Value);
            var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").ToArray();
            Assert.NotEmpty(texts);
            Assert.All(texts, text => Assert.EndsWith(", sans-serif", text.Attribute("font-family")!.Value, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void The_same_history_gives_the_same_bytes()
    {
        var (history, evaluation) = Classification.Value;
        Assert.Equal(Save(history, evaluation), Save(history, evaluation));
        var first = history.SaveCharts(Path.Combine(_folder, "first"), evaluation);
        var second = history.SaveCharts(Path.Combine(_folder, "second"), evaluation);
        Assert.Equal(first.Select(File.ReadAllBytes), second.Select(File.ReadAllBytes));
    }

    [Fact]
    public void Names_of_classes_are_text_whatever_they_hold()
    {
        const string smile = "\ud83d\ude00";
        string[] names = ["<script>alert(1)</script>", "a & \"b\"", "\u0001 tab\t line\nend\u2028", "broken \ud83d half", string.Concat(Enumerable.Repeat(smile, 20)), ""];
        var evaluation = ReportEvaluation.FromConfusionMatrix(Runs.MatrixOf([.. names.Select((_, i) => $"{i}")]), names);
        var labels = Labels("confusion-matrix", evaluation);
        Assert.Equal(2, labels.Count(label => label == "<script>a…/script>"));
        Assert.Equal(2, labels.Count(label => label == "a & \"b\""));
        Assert.Equal(2, labels.Count(label => label == "tab  line end"));
        Assert.Equal(2, labels.Count(label => label == "broken \ufffd half"));
        // Characters of two code units are not cut apart.
        Assert.Equal(2, labels.Count(label => label == $"{string.Concat(Enumerable.Repeat(smile, 9))}…{string.Concat(Enumerable.Repeat(smile, 8))}"));
        var page = Save(Classification.Value.History, evaluation);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var history = Regression.Value.History;
        Assert.Throws<ArgumentException>("path", () => history.SaveReport(""));
        Assert.Throws<ArgumentException>("folder", () => history.SaveCharts(""));
        Assert.Throws<ArgumentNullException>("history", () => default(TrainingHistory)!.SaveReport("a.html"));
        Assert.Throws<ArgumentException>("predicted", () => ReportEvaluation.FromPredictions([1, 2], [1f]));
        Assert.Throws<ArgumentException>("predicted", () => ReportEvaluation.FromPredictions((float[])[], []));
    }

    /// <summary>The words and numbers of a chart.</summary>
    private string[] Labels(string chart, ReportEvaluation evaluation)
    {
        var path = WithoutCurves.Value.SaveCharts(Path.Combine(_folder, "charts"), evaluation).Single(path => Path.GetFileNameWithoutExtension(path) == chart);
        return LabelsOf(path);
    }

    private static string[] LabelsOf(string path) => [.. XDocument.Load(path).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value.Trim())];

    private string Save(TrainingHistory history, ReportEvaluation? evaluation, string title = "Training report")
    {
        var path = Path.Combine(_folder, "of", "its own", "training.html");
        history.SaveReport(path, evaluation, title);
        return File.ReadAllText(path);
    }

    [GeneratedRegex("<div><span>([^<]*)</span><strong>([^<]*)</strong>")]
    private static partial Regex Tiles();

    [GeneratedRegex("<figure id=\"([^\"]+)\"")]
    private static partial Regex Figures();

    [GeneratedRegex("data:image/svg\\+xml;base64,([^\"]+)")]
    private static partial Regex Images();

    private sealed class Vectors
    {
        [KeyType(2)]
        public uint Key { get; set; }

        [VectorType(2)]
        public VBuffer<float> Label { get; set; }

        [VectorType(2)]
        public VBuffer<float> Score { get; set; }
    }
}
