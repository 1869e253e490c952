using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Tests;

public class QuantileEvaluationTests
{
    private static readonly float[] Labels = [1, 2.5f, -3, 10, 0.25f, 7];
    private static readonly float[][] Scores = [[0.5f, 1, 2], [2.5f, 2.5f, 2.5f], [-4, -3.5f, 1], [2, 6, 9.5f], [0.5f, 0.75f, 1], [6, 7.5f, 9]];

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Errors 1, 3 and -2 of the lower quantile, -1, -1 and -2 of the upper one.</summary>
    [Fact]
    public void Metrics_by_hand()
    {
        var metrics = Evaluate([3, 5, 0], [[2, 4], [2, 6], [2, 2]], [0.25f, 0.75f]);
        Assert.Equal([0.25f, 0.75f], metrics.Quantiles.Select(quantile => quantile.Quantile));
        Assert.Equal((0.25 * 1 + 0.25 * 3 + 0.75 * 2) / 3, metrics.Quantiles[0].PinballLoss, 1e-14);
        Assert.Equal((0.25 * 1 + 0.25 * 1 + 0.25 * 2) / 3, metrics.Quantiles[1].PinballLoss, 1e-14);
        Assert.Equal((metrics.Quantiles[0].PinballLoss + metrics.Quantiles[1].PinballLoss) / 2, metrics.MeanPinballLoss, 1e-14);
        Assert.Equal([1 / 3.0, 1], metrics.Quantiles.Select(quantile => quantile.Coverage));
        Assert.Equal((0.5, 2 / 3.0, 2), (metrics.Interval!.Confidence, metrics.Interval.Coverage, metrics.Interval.MeanWidth));
    }

    /// <summary>mean_pinball_loss with alpha 0.1, 0.5 and 0.9. One label is at its scores, which counts as below and as inside.</summary>
    [Fact]
    public void Losses_are_those_of_scikit_learn()
    {
        var metrics = Evaluate(Labels, Scores, [0.1f, 0.5f, 0.9f]);
        double[] expected = [0.21250000000000002, 0.4583333333333333, 0.20416666666666664];
        Assert.All(expected.Zip(metrics.Quantiles), pair => Assert.Equal(pair.First, pair.Second.PinballLoss, 1e-14));
        Assert.Equal(expected.Average(), metrics.MeanPinballLoss, 1e-14);
        Assert.Equal([2 / 6.0, 4 / 6.0, 5 / 6.0], metrics.Quantiles.Select(quantile => quantile.Coverage));
        Assert.Equal(4 / 6.0, metrics.Interval!.Coverage, 1e-14);
        Assert.Equal(17.5 / 6, metrics.Interval.MeanWidth, 1e-14);
        Assert.Equal("3 quantiles: mean pinball loss 0.2917, coverage of 0.1: 0.3333, of 0.5: 0.6667, of 0.9: 0.8333; intervals of 0.8: 0.6667 inside, mean width 2.917", metrics.ToString());
    }

    /// <summary>What is written as 0.1 and 0.9, which no float is, is 0.8 apart.</summary>
    [Theory]
    [InlineData(0.1f, 0.9f, 0.8)]
    [InlineData(0.05f, 0.95f, 0.9)]
    public void The_confidence_of_the_interval_is_exact(float lower, float upper, double expected) => Assert.Equal(expected, Evaluate([1], [[0, 2]], [lower, upper]).Interval!.Confidence);

    [Fact]
    public void A_single_quantile_has_no_interval()
    {
        var metrics = Evaluate([1, 3], [[2], [2]], [0.5f]);
        Assert.Null(metrics.Interval);
        Assert.Equal(0.5, metrics.MeanPinballLoss);
        Assert.Equal("1 quantile: mean pinball loss 0.5, coverage of 0.5: 0.5000", metrics.ToString());
    }

    /// <summary>What a model of quantiles writes, read in a culture that has a comma.</summary>
    [Fact]
    public void Quantiles_come_from_the_slot_names_of_a_model_in_any_culture()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(200));
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Number), HiddenLayers = [8], NumberOfEpochs = 30, Loss = new MultiQuantileLoss(0.05f, 1 / 3f, 0.95f), Seed = 1 };
        var scored = _mlContext.Transforms.DenseNeuralNet(options).Fit(data).Transform(data);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var metrics = _mlContext.Regression.EvaluateQuantiles(scored, nameof(Sample.Number));
            Assert.Equal([0.05f, 1 / 3f, 0.95f], metrics.Quantiles.Select(quantile => quantile.Quantile));
            var (labels, scores) = (scored.GetColumn<float>(nameof(Sample.Number)).ToArray(), scored.GetColumn<float[]>("Score").ToArray());
            Assert.Equal(Evaluate(labels, scores, [0.05f, 1 / 3f, 0.95f]).ToString(), metrics.ToString());
            Assert.StartsWith("3 quantiles: mean pinball loss 0.", metrics.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("low, high", "got [low, high]")]
    [InlineData("0.1, ", "got [0.1, ]")]
    [InlineData("0.9, 0.1", "got [0.9, 0.1]")]
    [InlineData("0.5, 0.5", "got [0.5, 0.5]")]
    [InlineData("0, 0.5", "got [0, 0.5]")]
    [InlineData("0.5, 1", "got [0.5, 1]")]
    [InlineData("0.5, NaN", "got [0.5, NaN]")]
    [InlineData("0,1, 0,9", "got [0,1, 0,9]")]
    [InlineData(null, "got no slot names")]
    public void Which_quantiles_scores_are_is_never_guessed(string? names, string got)
    {
        var data = View([1, 3], [[1, 2], [2, 3]], names?.Split(", "));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.EvaluateQuantiles(data));
        Assert.Contains("score column 'Score': expected slot names that are ascending quantiles, such as 0.05, 0.5 and 0.95, as a model of several quantiles has, or the parameter quantiles, " + got, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _mlContext.Regression.EvaluateQuantiles(data, quantiles: [0.1f, 0.9f]).Quantiles.Count);
    }

    [Fact]
    public void Quantiles_that_are_given_count_instead_of_names() =>
        Assert.Equal([0.2f, 0.7f], _mlContext.Regression.EvaluateQuantiles(View([1, 3], [[1, 2], [2, 3]], ["0.1", "0.9"]), quantiles: [0.2f, 0.7f]).Quantiles.Select(quantile => quantile.Quantile));

    [Fact]
    public void Quantiles_that_make_no_sense_are_refused()
    {
        var data = View(Labels, Scores, null);
        Refused<ArgumentException>([0.1f, 0.9f], "There are 2 quantiles, and 3 scores in the column 'Score'");
        Refused<ArgumentException>([], "at least one quantile");
        Refused<ArgumentException>([0.5f, 0.1f, 0.9f], "Quantiles must ascend; 0.1 comes after 0.5");
        Refused<ArgumentOutOfRangeException>([0.1f, 0.5f, 1], "must be in (0, 1); 1 was given");

        void Refused<T>(float[] quantiles, string message) where T : ArgumentException
        {
            var error = Assert.Throws<T>(() => _mlContext.Regression.EvaluateQuantiles(data, quantiles: quantiles));
            Assert.Equal("quantiles", error.ParamName);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>An infinite label is a missing one, as in training; an infinite score is as wrong as can be.</summary>
    [Fact]
    public void Rows_without_label_or_score_are_left_out_and_reported_once()
    {
        var warnings = new List<string>();
        _mlContext.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        float[] quantiles = [0.1f, 0.5f, 0.9f];
        var expected = Evaluate(Labels, Scores, quantiles).ToString();
        Assert.Empty(warnings);

        float[] missing = [float.NaN, 1, 1], more = [1, 2, 3];
        var data = View([float.NaN, .. Labels, 1, float.PositiveInfinity], [more, .. Scores, missing, more], names: null);
        Assert.Equal(expected, _mlContext.Regression.EvaluateQuantiles(data, quantiles: quantiles).ToString());
        Assert.Contains("Rows left out of the evaluation: 2 of 9 with a missing label in 'Label', 1 of 9 with a missing score in 'Score'.", Assert.Single(warnings), StringComparison.Ordinal);

        var infinite = Evaluate([1], [[float.NegativeInfinity, float.PositiveInfinity, float.PositiveInfinity]], quantiles);
        Assert.Equal((double.PositiveInfinity, 1, double.PositiveInfinity), (infinite.MeanPinballLoss, infinite.Interval!.Coverage, infinite.Interval.MeanWidth));
        Assert.Equal(0, Evaluate([1], [[float.PositiveInfinity, float.PositiveInfinity]], [0.1f, 0.9f]).Interval!.MeanWidth);
    }

    [Fact]
    public void No_rows()
    {
        Assert.Contains("no rows", Assert.Throws<InvalidOperationException>(() => Evaluate([], [], [0.5f])).Message, StringComparison.Ordinal);
        Assert.Contains("There is nothing to evaluate. Rows left out: 1 of 1 with a missing score in 'Score'.", Assert.Throws<InvalidOperationException>(() => Evaluate([1], [[float.NaN]], [0.5f])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nothing", "Numbers", "Could not find label column 'Nothing'")]
    [InlineData("Number", "Nothing", "Could not find score column 'Nothing'")]
    [InlineData("Numbers", "Numbers", "label column 'Numbers': expected Single, got Vector<Single, 2>")]
    [InlineData("Number", "Number", "score column 'Number': expected a known-size vector of Single, got Single")]
    public void A_missing_or_unfit_column_is_named(string label, string score, string message)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(5));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.EvaluateQuantiles(data, label, score));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_several_values_is_none()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new Unsized { Label = [1], Score = [1] }]);
        Assert.Contains("label column 'Label': expected Single, got Vector<Single>", Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.EvaluateQuantiles(data)).Message, StringComparison.Ordinal);
    }

    private QuantileRegressionMetrics Evaluate(float[] labels, float[][] scores, float[] quantiles)
    {
        var given = _mlContext.Regression.EvaluateQuantiles(View(labels, scores, null, quantiles.Length), quantiles: quantiles);
        var named = _mlContext.Regression.EvaluateQuantiles(View(labels, scores, [.. quantiles.Select(quantile => quantile.ToString(CultureInfo.InvariantCulture))], quantiles.Length));
        Assert.Equal(named.ToString(), given.ToString());
        return given;
    }

    private IDataView View(float[] labels, float[][] scores, string[]? names, int? size = null)
    {
        var schema = SchemaDefinition.Create(typeof(Scored));
        var column = schema[nameof(Scored.Score)];
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, size ?? scores[0].Length);
        if (names is not null)
            column.AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(name => name.AsMemory())]), new VectorDataViewType(TextDataViewType.Instance, names.Length));
        return _mlContext.Data.LoadFromEnumerable(labels.Zip(scores, (label, score) => new Scored { Label = label, Score = score }), schema);
    }

    private sealed class Unsized
    {
        public float[] Label { get; set; } = [];

        [VectorType(1)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Scored
    {
        public float Label { get; set; }

        public float[] Score { get; set; } = [];
    }
}
