using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>A missing feature costs no row: it counts as the mean of its column, and an indicator tells the network.</summary>
public sealed class MissingFeatureTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _log = [];

    public MissingFeatureTests() => _mlContext.Log += (_, e) => _log.Add(e.Message);

    /// <summary>The second feature decides, and where it is missing that decides too: without its rows nobody could know.</summary>
    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void What_is_missing_is_learned_from(DataCaching caching)
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(900, seed: 1));
        var test = _mlContext.Data.LoadFromEnumerable(Rows(500, seed: 2));
        var model = Trainer(o => o.DataCaching = caching).Fit(rows);
        Assert.StartsWith("Missing values, 1 columns", $"{model.Model.Layers[0].Layer}", StringComparison.Ordinal);
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(test)).RSquared, 0.95, 1);
        Assert.Contains(_log, line => line.Contains("of 900 rows of the training data miss a feature", StringComparison.Ordinal));
        Assert.Equal(Tasks.ScoreBits(model.Transform(test)), Tasks.ScoreBits(SavedModel.Reload(model, rows.Schema).Transform(test)));
    }

    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void A_silent_training_says_nothing_of_them(DataCaching caching)
    {
        Trainer(o => (o.DataCaching, o.Verbosity, o.NumberOfEpochs) = (caching, Verbosity.Silent, 1)).Fit(_mlContext.Data.LoadFromEnumerable(Rows(100, seed: 1)));
        Assert.DoesNotContain(_log, line => line.Contains("miss a feature", StringComparison.Ordinal));
    }

    /// <summary>With a loss by which rows in memory are not looked at for a line.</summary>
    [Fact]
    public void Streamed_rows_give_the_same_model()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(200, seed: 1));
        var scores = ((DataCaching[])[DataCaching.Memory, DataCaching.Stream]).Select(caching =>
            Tasks.ScoreBits(Trainer(o => (o.DataCaching, o.Shuffle, o.NumberOfEpochs, o.EnsembleSize, o.Loss) = (caching, false, 3, 2, new MeanAbsoluteError())).Fit(rows).Transform(rows))).ToArray();
        Assert.Equal(scores[0], scores[1]);
    }

    /// <summary>A row to predict may miss what none of those learned from did.</summary>
    [Fact]
    public void For_a_model_that_met_no_missing_value_one_is_the_mean()
    {
        var complete = _mlContext.Data.LoadFromEnumerable(Rows(200, seed: 1).Where(row => !float.IsNaN(row.Features[1])));
        var model = Trainer(o => o.NumberOfEpochs = 2).Fit(complete);
        Assert.StartsWith("Standardization", $"{model.Model.Layers[0].Layer}", StringComparison.Ordinal);
        var mean = model.Model.Layers[0].Parameters[0].ToArray()[1];
        var test = Rows(50, seed: 1).ToArray();
        var filled = test.Select(row => new Row { Features = [row.Features[0], float.IsNaN(row.Features[1]) ? mean : row.Features[1]], Label = row.Label }).ToArray();
        Assert.Equal(ScoresOf(model, filled), ScoresOf(model, test));
        Assert.Equal(ScoresOf(model, test), ScoresOf(SavedModel.Reload(model, complete.Schema), test));

        // Where nobody wants it so, it is told by a score that is none.
        var skipping = Trainer(o => (o.NumberOfEpochs, o.MissingFeatures) = (2, MissingFeatures.Skip)).Fit(complete);
        Assert.Equal(test.Select(row => float.IsNaN(row.Features[1])), ScoresOf(skipping, test).Select(float.IsNaN));

        float[] ScoresOf(ITransformer model, Row[] rows) => [.. model.Transform(_mlContext.Data.LoadFromEnumerable(rows)).GetColumn<float>("Score")];
    }

    /// <summary>One row of many misses its first feature: it may be held out, or come in the validation set alone.</summary>
    [Fact]
    public void What_only_a_row_to_measure_with_misses_is_taken_too()
    {
        var validation = Rows(20, seed: 3).Append(new Row { Features = [float.NaN, 10], Label = 1 });
        var model = Trainer(o => o.ValidationSet = _mlContext.Data.LoadFromEnumerable(validation)).Fit(_mlContext.Data.LoadFromEnumerable(Rows(200, seed: 1)));
        Assert.StartsWith("Missing values, 2 columns", $"{model.Model.Layers[0].Layer}", StringComparison.Ordinal);
        Assert.All(model.Model.History!, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
    }

    [Fact]
    public void Rows_are_skipped_where_asked_for_and_where_nothing_takes_them()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(200, seed: 1));
        foreach (var change in (Action<DenseNeuralNetOptions>[])[o => o.MissingFeatures = MissingFeatures.Skip, o => o.NormalizeFeatures = FeatureNormalization.Off, o => o.Layers = [new DenseLayer(4)], o => o.Augmentation = new ImageAugmentation(1, 2, flipHorizontally: true)])
        {
            _log.Clear();
            var model = Trainer(o =>
            {
                o.NumberOfEpochs = 1;
                change(o);
            }).Fit(rows);
            Assert.DoesNotContain(model.Model.Layers, place => place.Layer is MissingValueLayer);
            Assert.Contains(_log, line => line.Contains("with a missing or infinite feature in 'Features' (the first is in slot 1", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Infinite_features_are_skipped_still()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(200, seed: 1).Append(new Row { Features = [float.NaN, float.PositiveInfinity], Label = 1 }));
        Trainer(o => o.NumberOfEpochs = 1).Fit(rows);
        Assert.Contains(_log, line => line.Contains("Skipped 1 of 201 rows of the training data: 1 with an infinite feature in 'Features' (the first is in slot 1)", StringComparison.Ordinal));
    }

    [Fact]
    public void Training_goes_on_from_a_model_with_its_indicators()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Rows(200, seed: 1));
        var first = Trainer(o => (o.NumberOfEpochs, o.HiddenLayers) = (1, [4])).Fit(rows).Model;
        var complete = _mlContext.Data.LoadFromEnumerable(Rows(200, seed: 2).Where(row => !float.IsNaN(row.Features[1])));
        foreach (var more in (IDataView[])[rows, complete])
            Assert.Equal(first.Network.ToString(), Trainer(o => (o.NumberOfEpochs, o.HiddenLayers) = (1, [4])).Fit(more, first).Model.Network.ToString());

        // One that knows of no missing values skips rows that have them.
        var plain = Trainer(o => (o.NumberOfEpochs, o.HiddenLayers) = (1, [4])).Fit(complete).Model;
        _log.Clear();
        Trainer(o => (o.NumberOfEpochs, o.HiddenLayers) = (1, [4])).Fit(rows, plain);
        Assert.Contains(_log, line => line.Contains("with a missing or infinite feature", StringComparison.Ordinal));
    }

    private DenseNeuralNetRegressionTrainer Trainer(Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions { Seed = 1 };
        change(options);
        return _mlContext.Regression.Trainers.DenseNeuralNet(options);
    }

    private static IEnumerable<Row> Rows(int count, int seed)
    {
        var random = new Random(seed);
        for (var row = 0; row < count; row++)
        {
            var (x, y) = (random.NextSingle(), 10 + random.NextSingle());
            var isMissing = random.Next(4) == 0;
            yield return new Row { Features = [x, isMissing ? float.NaN : y], Label = x + (isMissing ? 3 : y - 10) };
        }
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
