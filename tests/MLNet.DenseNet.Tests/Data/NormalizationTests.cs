using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

public class NormalizationTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>As house prices and surfaces are: nothing near 1.</summary>
    [Fact]
    public void Features_and_labels_of_any_unit_are_learned_with_the_default_rate()
    {
        var rows = Sample.Rows(300);
        foreach (var row in rows)
        {
            row.Number = 250_000 + 40_000 * row.Number;
            row.Features = [.. row.Features.Select((x, i) => i switch { 0 => 2000 + 5 * x, 1 => 1e-4f * x, 2 => 1e6f * x, _ => x })];
        }

        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var model = Regression(FeatureNormalization.Auto).Fit(data);
        var metrics = _mlContext.Regression.Evaluate(model.Transform(data), nameof(Sample.Number));
        Assert.True(metrics.RSquared > 0.95, $"R-squared {metrics.RSquared}");

        // Reported in the label's own units, and of the predictions that the model makes.
        var history = model.Model.History!;
        Assert.Equal(metrics.RSquared, history[^1].RSquared!.Value, 0.05);
        Assert.InRange(history[^1].Loss, metrics.MeanSquaredError * 0.8, metrics.MeanSquaredError * 1.5);

        var raw = _mlContext.Regression.Evaluate(Regression(FeatureNormalization.Off).Fit(data).Transform(data), nameof(Sample.Number));
        Assert.True(raw.RSquared < 0.5, $"R-squared {raw.RSquared} without");
    }

    [Fact]
    public void The_model_holds_the_means_and_deviations_of_the_rows_learned_from_alone()
    {
        var rows = Sample.Rows(40);
        var (training, validation) = (_mlContext.Data.LoadFromEnumerable(rows.Take(30)), _mlContext.Data.LoadFromEnumerable(rows.Skip(30)));
        var model = Regression(FeatureNormalization.On).Fit(training, validation).Model;
        var values = rows.Take(30).Select(row => (double)row.Features[1]).ToArray();
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        Assert.Equal(mean, model.Layers[0].Parameters[0].ToArray()[1], 1e-6);
        Assert.Equal(1 / deviation, model.Layers[0].Parameters[1].ToArray()[1], 1e-5);

        // Rows that the trainer splits off itself stay out as well.
        var split = Regression(FeatureNormalization.On, validationFraction: 0.5f).Fit(_mlContext.Data.LoadFromEnumerable(rows)).Model;
        var all = Regression(FeatureNormalization.On).Fit(_mlContext.Data.LoadFromEnumerable(rows)).Model;
        Assert.NotEqual(all.Layers[0].Parameters[0].ToArray(), split.Layers[0].Parameters[0].ToArray());
    }

    [Theory]
    [InlineData(FeatureNormalization.Auto)]
    [InlineData(FeatureNormalization.On)]
    public void Going_on_from_a_model_keeps_its_means_and_deviations(FeatureNormalization normalization)
    {
        var rows = Sample.Rows(60);
        var first = Regression(normalization).Fit(_mlContext.Data.LoadFromEnumerable(rows.Take(30))).Model;
        var second = Regression(normalization).Fit(_mlContext.Data.LoadFromEnumerable(rows.Skip(30)), first).Model;
        Assert.Equal(first.Layers[0].Parameters[0].ToArray(), second.Layers[0].Parameters[0].ToArray());
        Assert.Equal(first.Layers[0].Parameters[1].ToArray(), second.Layers[0].Parameters[1].ToArray());
    }

    [Fact]
    public void Going_on_from_a_model_does_as_that_one_did_unless_it_is_told_otherwise()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(30));
        var without = Regression(FeatureNormalization.Off).Fit(data).Model;
        Assert.Equal(["Dense 16 SiLU", "Dense 1 identity"], Regression(FeatureNormalization.Auto).Fit(data, without).Model.Layers.Select(l => $"{l.Layer}"));
        var error = Assert.ThrowsAny<ArgumentException>(() => Regression(FeatureNormalization.On).Fit(data, without));
        Assert.Contains("Standardization", error.Message, StringComparison.Ordinal);
    }

    /// <summary>One value of 1e20 among hundreds, in each feature, as files have them where something is not known.</summary>
    [Fact]
    public void A_value_far_beyond_all_others_spoils_no_feature()
    {
        var rows = Sample.Rows(400);
        for (var feature = 0; feature < rows[0].Features.Length; feature++)
            rows[17 * feature + 3].Features[feature] = 1e20f;
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(nameof(Sample.Number)).Fit(_mlContext.Data.LoadFromEnumerable(rows));
        var scored = model.Transform(_mlContext.Data.LoadFromEnumerable(Sample.Rows(200)));
        Assert.InRange(_mlContext.Regression.Evaluate(scored, nameof(Sample.Number)).RSquared, 0.9, 1);
    }

    [Fact]
    public void A_feature_that_was_constant_while_training_cannot_decide_alone_later()
    {
        var rows = Sample.Rows(100);
        rows.ForEach(row => row.Features[3] = 7);
        var model = Regression(FeatureNormalization.Auto).Fit(_mlContext.Data.LoadFromEnumerable(rows));
        rows.ForEach(row => row.Features[3] = 1e9f);
        var scores = model.Transform(_mlContext.Data.LoadFromEnumerable(rows)).GetColumn<float>("Score");
        Assert.All(scores, score => Assert.InRange(score, -100, 100));
    }

    [Fact]
    public void A_constant_regression_target_is_learned()
    {
        var rows = Sample.Rows(50);
        rows.ForEach(row => row.Number = -12_345);
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var model = Regression(FeatureNormalization.Auto).Fit(data);
        Assert.All(model.Transform(data).GetColumn<float>("Score"), score => Assert.Equal(-12_345, score, 1f));
        Assert.Null(model.Model.History![^1].RSquared);
    }

    private DenseNeuralNetRegressionTrainer Regression(FeatureNormalization normalization, float validationFraction = 0) =>
        _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(Sample.Number),
            HiddenLayers = [16],
            NormalizeFeatures = normalization,
            ValidationFraction = validationFraction,
            NumberOfEpochs = 100,
            Seed = 1,
        });
}
