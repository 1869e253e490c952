using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Labels that go along a straight line with their columns: a linear model beside the network tells them, and what is left is learned.</summary>
public class LinearLabelsTests
{
    private const int Rows = 500;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>An event on one day in a hundred decides. Without sums beside, a network learned these days one by one: R-squared was 0.7.</summary>
    [Fact]
    public void What_few_rows_have_is_learned_beside_all_else()
    {
        var transformer = Fit(Days(1, isExact: true));
        Assert.Contains("Wide and deep, 5 columns [Numeric embedding", $"{transformer.Model.Network}", StringComparison.Ordinal);
        Assert.InRange(RSquared(transformer, isExact: true), 0.98, 1);
    }

    /// <summary>What is not on the line is learned, too.</summary>
    [Fact]
    public void What_is_left_by_the_line_is_learned()
    {
        var rows = Days(1, isExact: false);
        var alone = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, HiddenLayers = [], NumericEmbedding = NumericEmbedding.Off }).Fit(rows);
        Assert.InRange(1 - RSquared(Fit(rows), isExact: false), 0, 0.5 * (1 - RSquared(alone, isExact: false)));
    }

    /// <summary>It is saved, goes on learning from where it was, also in other units, and explains itself.</summary>
    [Fact]
    public void It_is_a_model_as_others_are()
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, RecordDiagnostics = true });
        var rows = Days(1, isExact: true);
        var transformer = trainer.Fit(rows);
        Assert.Equal(Tasks.ScoreBits(transformer.Transform(Days(2, isExact: true))), Tasks.ScoreBits(SavedModel.Reload(transformer, rows.Schema).Transform(Days(2, isExact: true))));

        var further = trainer.Fit(rows, transformer.Model);
        Assert.Equal(($"{transformer.Model.Network}", true), ($"{further.Model.Network}", further.Model.History!.EpochsBefore > 0));
        Assert.InRange(RSquared(further, isExact: true), 0.98, 1);
        // The weights of the last layer are those of a model that predicts in the labels' unit, 40 of them for an event.
        Assert.InRange(transformer.Model.History!.Weights[^1].Final.Highest, 5, 50);
        var row = transformer.Transform(Days(2, isExact: true));
        // The last hidden layer of each of four networks.
        var hidden = _mlContext.Transforms.ExtractDenseNeuralNetFeatures(transformer).Fit(row).Transform(row);
        Assert.Equal(4 * 32, ((VectorDataViewType)hidden.Schema["HiddenFeatures"].Type).Size);
        var contributions = _mlContext.Transforms.CalculateFeatureContribution(transformer, numberOfPositiveContributions: 5, numberOfNegativeContributions: 5, normalize: false).Fit(row).Transform(row);
        // They add up to what a score is beside that of the mean row.
        var rest = contributions.GetColumn<float>("Score").Zip(contributions.GetColumn<float[]>("FeatureContributions"), (score, ofRow) => score - ofRow.Sum()).ToArray();
        Assert.All(rest, value => Assert.Equal(rest[0], value, 1e-2f));
    }

    /// <summary>Where a line tells less, in a loss that asks for something else than means, and with layers of one's own, there is none.</summary>
    [Fact]
    public void Elsewhere_there_are_no_sums_beside()
    {
        Assert.DoesNotContain("Wide", Layers(new(), Days(1, isExact: true, noise: 40)), StringComparison.Ordinal);
        Assert.DoesNotContain("Wide", Layers(new() { Loss = new QuantileLoss(0.5f) }, Days(1, isExact: true)), StringComparison.Ordinal);
        Assert.DoesNotContain("Wide", Layers(new() { Layers = [new DenseLayer(4)] }, Days(1, isExact: true)), StringComparison.Ordinal);
        Assert.DoesNotContain("Wide", Layers(new() { HiddenLayers = [4] }, Days(1, isExact: true)), StringComparison.Ordinal);
        Assert.DoesNotContain("Wide", Layers(new() { DataCaching = DataCaching.Stream }, Days(1, isExact: true)), StringComparison.Ordinal);

        string Layers(DenseNeuralNetOptions options, IDataView rows)
        {
            (options.Seed, options.NumberOfEpochs) = (1, 1);
            return $"{_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(rows).Model.Network}";
        }
    }

    private RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters> Fit(IDataView rows) => _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1 }).Fit(rows);

    private double RSquared(RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters> transformer, bool isExact) => _mlContext.Regression.Evaluate(transformer.Transform(Days(7, isExact))).RSquared;

    /// <param name="seed">Other ones give other days.</param>
    /// <param name="isExact">Whether all is on a line; else a wave is added.</param>
    /// <param name="noise">The deviation of what nothing tells.</param>
    private IDataView Days(int seed, bool isExact, double noise = 0.1)
    {
        var random = new Random(seed);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(_ =>
        {
            float[] features = [random.Next(100) == 0 ? 1 : 0, .. Enumerable.Range(0, 4).Select(_ => 4 * random.NextSingle() - 2)];
            var wave = isExact ? 0 : 1.5 * Math.Sin(3 * features[1]);
            return new Day { Features = features, Label = (float)(40 * features[0] + (isExact ? 0.1 : 2) * features.Skip(1).Sum() + wave + noise * (random.NextDouble() + random.NextDouble() - 1)) };
        }).ToArray());
    }

    private sealed class Day
    {
        [VectorType(5)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
