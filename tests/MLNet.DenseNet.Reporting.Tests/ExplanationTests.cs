using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Reporting.Tests;

/// <summary>Charts of what predictions rest on and whether their probabilities hold.</summary>
public class ExplanationTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Important_features_stand_above_others()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(600));
        var model = _mlContext.Transforms.Concatenate("Features", "Height", "Age", "Noise").Append(_mlContext.Regression.Trainers.DenseNeuralNet("Weight", hiddenLayers: [16], numberOfEpochs: 20, seed: 1)).Fit(rows);
        var importance = _mlContext.Regression.PermutationFeatureImportance(model, model.Transform(rows), "Weight", permutationCount: 3);
        var drawing = new Drawing(model.GetDenseNeuralNet().DrawCharts(ReportEvaluation.FromImportance(importance))["importance"]);
        Assert.Equal(["Height", "Age", "Noise"], drawing.Texts.Where(text => text.Words is "Height" or "Age" or "Noise").OrderBy(text => text.Y).Select(text => text.Words));
    }

    /// <summary>Characters of two code units are not cut apart.</summary>
    [Fact]
    public void Long_names_of_features_lose_their_middle()
    {
        const string smile = "\ud83d\ude00";
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(60));
        var name = string.Concat(Enumerable.Repeat(smile, 12)) + " is much longer " + smile;
        var model = _mlContext.Transforms.CopyColumns(name, "Height").Append(_mlContext.Transforms.Concatenate("Features", name, "Noise")).Append(_mlContext.Regression.Trainers.DenseNeuralNet("Weight", hiddenLayers: [4], numberOfEpochs: 2)).Fit(rows);
        var importance = _mlContext.Regression.PermutationFeatureImportance(model, model.Transform(rows), "Weight");
        var drawing = new Drawing(model.GetDenseNeuralNet().DrawCharts(ReportEvaluation.FromImportance(importance))["importance"]);
        Assert.Contains($"{string.Concat(Enumerable.Repeat(smile, 12))}…ch longer {smile}", drawing.Texts.Select(text => text.Words));
    }

    [Fact]
    public void Importance_in_classifications()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(400));
        var features = _mlContext.Transforms.Concatenate("Features", "Height", "Age", "Noise");
        var binary = features.Append(_mlContext.BinaryClassification.Trainers.DenseNeuralNet("IsTall", hiddenLayers: [8], numberOfEpochs: 5)).Fit(rows);
        Assert.Contains("area under the ROC curve", Description(binary, ReportEvaluation.FromImportance(_mlContext.BinaryClassification.PermutationFeatureImportanceNonCalibrated(binary, binary.Transform(rows), "IsTall")), "importance"), StringComparison.Ordinal);
        var multiclass = _mlContext.Transforms.Conversion.MapValueToKey("Group").Append(features).Append(_mlContext.MulticlassClassification.Trainers.DenseNeuralNet("Group", hiddenLayers: [8], numberOfEpochs: 5)).Fit(rows);
        Assert.Contains("accuracy falls", Description(multiclass, ReportEvaluation.FromImportance(_mlContext.MulticlassClassification.PermutationFeatureImportance(multiclass, multiclass.Transform(rows), "Group")), "importance"), StringComparison.Ordinal);
    }

    [Fact]
    public void Importance_in_rankings()
    {
        var rows = _mlContext.Transforms.Conversion.MapValueToKey("Query").Fit(_mlContext.Data.LoadFromEnumerable(Rows(400))).Transform(_mlContext.Data.LoadFromEnumerable(Rows(400)));
        var model = _mlContext.Transforms.Concatenate("Features", "Height", "Age", "Noise").Append(_mlContext.Ranking.Trainers.DenseNeuralNet("Grade", rowGroupColumnName: "Query", hiddenLayers: [8], numberOfEpochs: 20, seed: 1)).Fit(rows);
        var importance = _mlContext.Ranking.PermutationFeatureImportance(model, model.Transform(rows), "Grade", "Query");
        var evaluation = ReportEvaluation.FromImportance(importance);
        Assert.Contains("By how much NDCG@10 falls", Description(model, evaluation, "importance"), StringComparison.Ordinal);
        // The longest bar is as long as the loss of the first ten rows of a group.
        var drawing = new Drawing(model.GetDenseNeuralNet().DrawCharts(evaluation)["importance"]);
        var loss = -importance["Height"].NormalizedDiscountedCumulativeGains[^1].Mean;
        Assert.Equal(10, importance["Height"].NormalizedDiscountedCumulativeGains.Count);
        Assert.True(loss > 0.1, $"{loss}");
        Assert.Equal(loss, drawing.X(drawing.Rectangles.Where(bar => !bar.Fill.IsUndefined()).Max(bar => bar.Right)), 1e-3);
    }

    [Fact]
    public void Probabilities_beside_what_came_true()
    {
        // Of 100 rows with the probability 0.85, 60 come true, and all of 100 with 1: an error of 0.125 on average.
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Scored { Label = i >= 100 || i < 60, Probability = i < 100 ? 0.85f : 1 }));
        var history = WithHistory();
        Assert.Contains("calibration error, is 0.125", Description(history, ReportEvaluation.FromProbabilities(rows), "reliability"), StringComparison.Ordinal);
    }

    [Fact]
    public void Probabilities_of_predicted_classes()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(i => new ScoredClasses { Label = i < 8 ? 1u : 0u, Score = [0.2f, 0.8f] }));
        Assert.EndsWith("is 0.000.", Description(WithHistory(), ReportEvaluation.FromProbabilities(rows), "reliability"), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluations_stand_one_after_the_other_with_names_of_their_own()
    {
        var model = Runs.Convolutional(channels: 1);
        float[] image = [.. Enumerable.Range(0, 120).Select(i => i / 120f)];
        var both = ReportEvaluation.FromImage(model, image).With(ReportEvaluation.FromImage(model, image, output: 0)).With(ReportEvaluation.FromImage(model, image));
        Assert.Equal(["attribution", "attribution-2", "attribution-3"], model.DrawCharts(both).Keys.Where(name => name.StartsWith("attribution", StringComparison.Ordinal)));
    }

    [Fact]
    public void Page_and_charts_are_written_anywhere()
    {
        var model = Runs.Convolutional(channels: 1);
        using var page = new StringWriter();
        model.WriteReport(page, title: "A title");
        Assert.Contains("<title>A title</title>", page.ToString(), StringComparison.Ordinal);
        using var ofHistory = new StringWriter();
        model.History!.WriteReport(ofHistory);
        Assert.Contains("</html>", ofHistory.ToString(), StringComparison.Ordinal);
        Assert.Equal(model.History!.DrawCharts()["loss"], model.DrawCharts()["loss"]);
    }

    [Fact]
    public void What_cannot_be_explained_is_an_error()
    {
        var model = Runs.Convolutional(channels: 1);
        Assert.Throws<ArgumentException>("image", () => ReportEvaluation.FromImage(model, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("output", () => ReportEvaluation.FromImage(model, new float[120], output: 1));
        Assert.Throws<ArgumentException>("importance", () => ReportEvaluation.FromImportance(new Dictionary<string, RegressionMetricsStatistics>()));
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(10));
        Assert.Throws<ArgumentException>("labelColumnName", () => ReportEvaluation.FromProbabilities(rows, "Nothing"));
        Assert.Throws<ArgumentException>("labelColumnName", () => ReportEvaluation.FromProbabilities(rows, "Group"));
        Assert.Throws<ArgumentException>("probabilityColumnName", () => ReportEvaluation.FromProbabilities(rows, "IsTall"));
        foreach (var score in (float[][])[[2.5f, -1], [-0.3f, -0.4f], [0.2f, float.PositiveInfinity]])
        {
            var scored = _mlContext.Data.LoadFromEnumerable([new ScoredClasses { Label = 1, Score = [0.3f, 0.4f] }, new ScoredClasses { Label = 1, Score = score }]);
            Assert.Contains("expected values in [0, 1]", Assert.Throws<ArgumentException>("probabilityColumnName", () => ReportEvaluation.FromProbabilities(scored)).Message, StringComparison.Ordinal);
        }
        var plain = _mlContext.Transforms.Concatenate("Features", "Height", "Age", "Noise").Append(_mlContext.Regression.Trainers.DenseNeuralNet("Weight", hiddenLayers: [], numberOfEpochs: 1)).Fit(rows).GetDenseNeuralNet();
        Assert.Contains("no image", Assert.Throws<ArgumentException>("model", () => ReportEvaluation.FromImage(plain, [1, 2, 3])).Message, StringComparison.Ordinal);
    }

    /// <summary>An anomaly detection has one score, whatever its network puts out.</summary>
    [Fact]
    public void Of_an_anomaly_the_parts_of_its_score_are_shown()
    {
        var random = new Random(1);
        var images = Enumerable.Range(0, 60).Select(_ => new Image { Features = [.. Enumerable.Range(0, 16).Select(_ => random.NextSingle())] }).ToArray();
        var options = new DenseNeuralNetOptions { InputShape = new Shape(4, 4, 1), HiddenLayers = [3], NumberOfEpochs = 1, Seed = 1 };
        var model = _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options).Fit(_mlContext.Data.LoadFromEnumerable(images)).Model;
        var evaluation = ReportEvaluation.FromImage(model, images[0].Features);
        Assert.Contains("part of the score", Description(model, evaluation, "attribution"), StringComparison.Ordinal);
        Assert.Equal(model.DrawCharts(evaluation)["attribution"], model.DrawCharts(ReportEvaluation.FromImage(model, images[0].Features, output: 0))["attribution"]);
        Assert.Contains("outputs 0 to 0", Assert.Throws<ArgumentOutOfRangeException>("output", () => ReportEvaluation.FromImage(model, images[0].Features, output: 7)).Message, StringComparison.Ordinal);
    }

    private static IDenseNeuralNetModel WithHistory() => Runs.Convolutional(channels: 1);

    private static string Description(ITransformer model, ReportEvaluation evaluation, string chart) => Description(model.GetDenseNeuralNet(), evaluation, chart);

    /// <summary>What stands below a chart on the page.</summary>
    private static string Description(IDenseNeuralNetModel model, ReportEvaluation evaluation, string chart)
    {
        using var page = new StringWriter();
        model.WriteReport(page, evaluation);
        var text = page.ToString();
        var start = text.IndexOf("<figcaption>", text.IndexOf($"<figure id=\"{chart}\">", StringComparison.Ordinal), StringComparison.Ordinal);
        return text[start..text.IndexOf("</figcaption>", start, StringComparison.Ordinal)];
    }

    private static IEnumerable<Person> Rows(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (height, age, noise) = (random.NextSingle(), random.NextSingle(), random.NextSingle());
            return new Person { Height = height, Age = age, Noise = noise, Weight = 3 * height + age, IsTall = height > 0.5f, Grade = (int)(3 * height), Query = i / 20, Group = height + age > 1.2f ? "a" : "b" };
        })];
    }

    private sealed class Person
    {
        public float Height { get; set; }

        public float Age { get; set; }

        public float Noise { get; set; }

        public float Weight { get; set; }

        public bool IsTall { get; set; }

        public float Grade { get; set; }

        public int Query { get; set; }

        public string Group { get; set; } = "";
    }

    private sealed class Scored
    {
        public bool Label { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Image
    {
        [VectorType(16)]
        public float[] Features { get; set; } = [];
    }

    private sealed class ScoredClasses
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }
}
