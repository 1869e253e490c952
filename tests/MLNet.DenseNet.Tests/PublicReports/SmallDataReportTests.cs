using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.PublicReports;

/// <summary>What was reported of other trainers about data that is tiny, trivial or far from zero.</summary>
public class SmallDataReportTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>One row alone gave a null reference (dotnet/machinelearning#156).</summary>
    [Fact]
    public void One_row()
    {
        var row = _mlContext.Data.LoadFromEnumerable(new[] { new Row { Label = 3, Flag = true, Features = [1, 2] } });
        Assert.Equal(3, _mlContext.Regression.Trainers.DenseNeuralNet().Fit(row).Transform(row).GetColumn<float>("Score").Single(), 0.5f);
        var error = Assert.Throws<InvalidOperationException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet("Flag").Fit(row));
        Assert.Contains("same class in the label column 'Flag'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Two rows with early stopping gave a validation score of NaN and no weights to go back to (scikit-learn#24713); trivial data, predictions of NaN (modelbuilder#2544).</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.5f)]
    public void Two_rows_and_features_that_say_nothing(float validationFraction)
    {
        foreach (var count in (int[])[2, 3, 50])
        {
            var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { Label = i, Features = [7, 7] }));
            var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { ValidationFraction = validationFraction, EarlyStopping = new EarlyStopping(patience: 3), HiddenLayers = [4] }).Fit(data);
            Assert.All(model.Transform(data).GetColumn<float>("Score"), score => Assert.True(float.IsFinite(score)));
            Assert.All(model.Model.History!, epoch => Assert.True(double.IsFinite(epoch.Loss) && double.IsFinite(epoch.ValidationLoss ?? 0)));
        }
    }

    /// <summary>The same output for all inputs of XOR (a question on Stack Overflow).</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void XOR_is_learned_by_a_regression(int copies)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 4 * copies).Select(i => new Row { Features = [i & 1, i >> 1 & 1], Label = (i ^ i >> 1) & 1 }));
        var scored = _mlContext.Regression.Trainers.DenseNeuralNet().Fit(data).Transform(data);
        Assert.All(data.GetColumn<float>("Label").Zip(scored.GetColumn<float>("Score")), row => Assert.Equal(row.First, row.Second, 0.1f));
    }

    /// <summary>The profit of fifty firms was always predicted as 0 (dotnet/machinelearning#6239).</summary>
    [Fact]
    public void Large_labels_of_few_rows()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 50).Select(_ => (Research: random.NextSingle() * 160_000, Office: 60_000 + random.NextSingle() * 120_000))
            .Select(x => new Row { Features = [x.Research, x.Office], Label = 50_000 + 0.8f * x.Research - 0.05f * x.Office });
        var data = _mlContext.Data.LoadFromEnumerable(rows.ToArray());
        var scored = _mlContext.Regression.Trainers.DenseNeuralNet().Fit(data).Transform(data);
        Assert.True(_mlContext.Regression.Evaluate(scored).RSquared > 0.97);
        Assert.Equal(50, scored.GetColumn<float>("Score").Distinct().Count());
    }

    /// <summary>Standardizing lost all precision where the mean is far larger than the spread (fv3net#1111).</summary>
    [Theory]
    [InlineData(1e4f)]
    [InlineData(1e6f)]
    [InlineData(1.6e7f)]
    public void Features_and_labels_far_from_zero(float mean)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Row { Features = [mean + i % 20, mean - i % 7], Label = mean + 2 * (i % 20) - i % 7, Flag = i % 20 > 9 }));
        Assert.True(_mlContext.Regression.Evaluate(_mlContext.Regression.Trainers.DenseNeuralNet().Fit(data).Transform(data)).RSquared > 0.98);
        Assert.Equal(1, _mlContext.BinaryClassification.Evaluate(_mlContext.BinaryClassification.Trainers.DenseNeuralNet("Flag").Fit(data).Transform(data), "Flag").Accuracy, 0.03);
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool Flag { get; set; }
    }
}
