using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Tables of thousands of numbers and fewer rows, such as the activity of genes.</summary>
public class FewRowsTests
{
    private const int Rows = 80;
    private const int Features = 3000;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Few features tell, most do not. With hidden layers, or from random weights, what is learned is outweighed by chance.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void What_few_features_tell_is_learned(int? networks)
    {
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, EnsembleSize = networks });
        var transformer = trainer.Fit(View(Rows, seed: 1));
        var model = transformer.Model;
        Assert.Equal(
            networks is null ? "Standardization, limit 3, Ensemble of 4 [Standardization, limit 1000, Dense 1 sigmoid]" : "Standardization, limit 3, Standardization, limit 1000, Dense 1 sigmoid",
            string.Join(", ", model.Layers.Select(place => $"{place.Layer}")));
        var hidden = Metrics(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, HiddenLayers = [128, 64], EnsembleSize = networks }).Fit(View(Rows, seed: 1)));
        Assert.InRange(Metrics(transformer).Accuracy, hidden.Accuracy + 0.1, 1);
        Assert.InRange(Metrics(transformer).LogLoss, 0, 0.6 * hidden.LogLoss);

        // The fewer features weigh, the higher is the rate.
        var rate = model.History!.Settings.LearningRate;
        Assert.InRange(rate, 1f / 200, 1);
        Assert.Equal(Tasks.ScoreBits(transformer.Transform(View(20, seed: 3))), Tasks.ScoreBits(SavedModel.Reload(transformer, View(1, seed: 1).Schema).Transform(View(20, seed: 3))));

        // What goes on learning keeps weights of features, and takes a tenth of the rate.
        var further = trainer.Fit(View(Rows, seed: 1), model).Model;
        Assert.Equal((0.1f * rate, true), (further.History!.Settings.LearningRate, further.History.EpochsBefore > 0));
        Assert.Equal($"{model.Network}", $"{further.Network}");

        CalibratedBinaryClassificationMetrics Metrics(ITransformer trained) => _mlContext.BinaryClassification.Evaluate(trained.Transform(View(300, seed: 2)));
    }

    /// <summary>What a network is measured with is new to it: where there is nothing to learn, it learns next to nothing.</summary>
    [Fact]
    public void Where_nothing_tells_predictions_stay_near_the_mean()
    {
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1 }).Fit(View(Rows, seed: 1, told: 0));
        // In bits: 1 for the mean of two classes as often.
        Assert.InRange(_mlContext.BinaryClassification.Evaluate(model.Transform(View(300, seed: 2, told: 0))).LogLoss, 0.9, 1.2);
    }

    [Fact]
    public void Missing_features_are_weighed_too()
    {
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1 }).Fit(View(Rows, seed: 1, missing: 7));
        Assert.Contains("Standardization, limit 1000", $"{model.Model.Network}", StringComparison.Ordinal);
        Assert.InRange(_mlContext.BinaryClassification.Evaluate(model.Transform(View(300, seed: 2, missing: 5))).Accuracy, 0.75, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Numbers_are_learned_from_few_rows_too(bool areQuantiles)
    {
        var options = new DenseNeuralNetOptions { Seed = 1, LabelColumnName = "Number", Loss = areQuantiles ? new QuantileLoss(0.5f) : null };
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(View(Rows, seed: 1));
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(View(300, seed: 2)), labelColumnName: "Number").RSquared, 0.4, 1);
    }

    /// <summary>As many rows as features, or as few features as can be embedded, have what they had; so have hidden layers of one's own.</summary>
    [Fact]
    public void Other_tables_have_hidden_layers()
    {
        Assert.Contains("Dense 5 SiLU", Layers(View(40, seed: 1), [5]), StringComparison.Ordinal);
        Assert.Contains("Numeric embedding", Layers(View(40, seed: 1, features: TableDefaults.MostColumns), null), StringComparison.Ordinal);
        Assert.Contains("Dense 128 SiLU", Layers(View(2100, seed: 1, features: 2100), null), StringComparison.Ordinal);
        Assert.DoesNotContain("SiLU", Layers(View(2000, seed: 1, features: 2100), null), StringComparison.Ordinal);

        string Layers(IDataView rows, int[]? hidden) =>
            $"{_mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = hidden, NumberOfEpochs = 1, ValidationFraction = 0 }).Fit(rows).Model.Network}";
    }

    /// <summary>The first features tell.</summary>
    private IDataView View(int rows, int seed, int features = Features, int told = 5, int missing = 0)
    {
        var random = new Random(seed);
        var made = Enumerable.Range(0, rows).Select(_ =>
        {
            var label = random.Next(2) == 1;
            return new Row
            {
                Label = label,
                Number = label ? 3 : 1,
                Features = [.. Enumerable.Range(0, features).Select(feature => missing > 0 && random.Next(missing) == 0 && feature > 3 ? float.NaN : random.NextSingle() + (label && feature < told ? 0.4f : 0))],
            };
        }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return _mlContext.Data.LoadFromEnumerable(made, schema);
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Number { get; set; }

        public float[] Features { get; set; } = [];
    }
}
