using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Tests;

public class MultiOutputEvaluationTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Errors_by_hand()
    {
        var metrics = Evaluate([new([1, 10], [2, 10]), new([3, 10], [3, 6]), new([5, 40], [3, 40])]);

        // Errors 1, 0, -2 around labels of variance 8/3; 0, -4, 0 around labels of variance 200.
        AssertMetrics(metrics.Outputs[0], 3 / 3.0, 5 / 3.0, 1 - 5 / 8.0);
        AssertMetrics(metrics.Outputs[1], 4 / 3.0, 16 / 3.0, 1 - 16 / 600.0);
        AssertMetrics(metrics.Overall, 7 / 6.0, 21 / 6.0, (1 - 5 / 8.0 + 1 - 16 / 600.0) / 2);

        static void AssertMetrics(RegressionMetrics actual, double absolute, double squared, double rSquared)
        {
            Assert.Equal(absolute, actual.MeanAbsoluteError, 1e-14);
            Assert.Equal(squared, actual.MeanSquaredError, 1e-14);
            Assert.Equal(Math.Sqrt(squared), actual.RootMeanSquaredError, 1e-14);
            Assert.Equal(squared, actual.LossFunction, 1e-14);
            Assert.Equal(rSquared, actual.RSquared, 1e-14);
        }
    }

    [Fact]
    public void Each_output_as_ML_NET_evaluates_it_alone()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 200).Select(_ => new Scored([random.NextSingle(), random.NextSingle()], [random.NextSingle(), random.NextSingle()])).ToArray();
        var metrics = Evaluate(rows);
        for (var output = 0; output < 2; output++)
        {
            var alone = _mlContext.Data.LoadFromEnumerable(rows.Select(row => new { Label = row.Label[output], Score = row.Score[output] }));
            var expected = _mlContext.Regression.Evaluate(alone);
            Assert.Equal(expected.MeanAbsoluteError, metrics.Outputs[output].MeanAbsoluteError, 1e-6);
            Assert.Equal(expected.MeanSquaredError, metrics.Outputs[output].MeanSquaredError, 1e-6);
            Assert.Equal(expected.RootMeanSquaredError, metrics.Outputs[output].RootMeanSquaredError, 1e-6);
            Assert.Equal(expected.RSquared, metrics.Outputs[output].RSquared, 1e-5);
        }
    }

    [Fact]
    public void Labels_far_from_zero_lose_no_precision()
    {
        var metrics = Evaluate([new([8388608, 0], [8388608, 0]), new([8388609, 1], [8388609, 1]), new([8388610, 2], [8388610, 0])]);
        Assert.Equal(1, metrics.Outputs[0].RSquared, 1e-12);
        Assert.Equal(1 - 4 / 2.0, metrics.Outputs[1].RSquared, 1e-12);
    }

    [Fact]
    public void R_squared_of_a_constant_label_is_not_a_number_and_left_out_of_the_mean()
    {
        var metrics = Evaluate([new([1, 7], [1, 7]), new([2, 7], [2, 8])]);
        Assert.Equal(1, metrics.Outputs[0].RSquared);
        Assert.Equal(double.NaN, metrics.Outputs[1].RSquared);
        Assert.Equal(1, metrics.Overall.RSquared);
        Assert.Equal(double.NaN, Evaluate([new([3, 7], [1, 7]), new([3, 7], [2, 8])]).Overall.RSquared);
        // The worst that can be is not left out.
        Assert.Equal(double.NegativeInfinity, Evaluate([new([1, 1], [1, float.PositiveInfinity]), new([2, 2], [2, 2])]).Overall.RSquared);
    }

    [Fact]
    public void Rows_without_label_or_score_are_left_out_and_reported_once()
    {
        var warnings = new List<string>();
        _mlContext.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        Scored[] rows = [new([1, 2], [1, 2]), new([2, 5], [3, 3])];
        var expected = Evaluate(rows);
        Assert.Empty(warnings);

        var metrics = Evaluate([new([float.NaN, 2], [1, 2]), .. rows, new([1, 2], [1, float.NaN]), new([1, float.NaN], [1, 2]), new([float.NegativeInfinity, 2], [1, 2])]);
        Assert.Equal(expected.Overall.MeanSquaredError, metrics.Overall.MeanSquaredError);
        Assert.Contains("Rows left out of the evaluation: 3 of 6 with a missing label in 'Label', 1 of 6 with a missing score in 'Score'.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows()
    {
        Assert.Contains("no rows", Assert.Throws<InvalidOperationException>(() => Evaluate([])).Message, StringComparison.Ordinal);
        Assert.Contains("There is nothing to evaluate. Rows left out: 1 of 1 with a missing label in 'Label'.", Assert.Throws<InvalidOperationException>(() => Evaluate([new([float.NaN, 1], [1, 1])])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nothing", "Numbers", "Could not find label column 'Nothing'")]
    [InlineData("Numbers", "Nothing", "Could not find score column 'Nothing'")]
    [InlineData("Number", "Numbers", "label column 'Number': expected a known-size vector of Single, got Single")]
    [InlineData("Numbers", "Category", "score column 'Category': expected a known-size vector of Single, got String")]
    [InlineData("Numbers", "Features", "score column 'Features': expected Vector<Single, 2> as the label, got Vector<Single, 4>")]
    public void A_missing_or_unfit_column_is_named(string label, string score, string message)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(5));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.EvaluateMultiOutput(data, label, score));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nulls_and_empty_names_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => _mlContext.Regression.EvaluateMultiOutput(null!));
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(5));
        Assert.Throws<ArgumentException>(() => _mlContext.Regression.EvaluateMultiOutput(data, ""));
        Assert.Throws<ArgumentNullException>(() => _mlContext.Regression.EvaluateMultiOutput(data, "Numbers", null!));
    }

    private MultiOutputRegressionMetrics Evaluate(params IEnumerable<Scored> rows) => _mlContext.Regression.EvaluateMultiOutput(_mlContext.Data.LoadFromEnumerable(rows));

    private sealed class Scored(float[] label, float[] score)
    {
        [VectorType(2)]
        public float[] Label { get; set; } = label;

        [VectorType(2)]
        public float[] Score { get; set; } = score;
    }
}
