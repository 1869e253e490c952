using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Missing features in tables that would be kept sparse: indicators of one of many categories, and a number.</summary>
public sealed class WideMissingFeatureTests
{
    private const int Inputs = 400;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _log = [];

    public WideMissingFeatureTests() => _mlContext.Log += (_, e) => _log.Add(e.Message);

    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void What_is_missing_is_learned_from(DataCaching caching)
    {
        var (rows, test) = (View(1500, row => row % 4 == 0), View(500, row => row % 3 == 0, seed: 2));
        var model = Trainer(o => (o.DataCaching, o.NumberOfEpochs) = (caching, 60)).Fit(rows);
        Assert.StartsWith("Missing values, 1 columns", $"{model.Model.Layers[0].Layer}", StringComparison.Ordinal);
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(test)).RSquared, 0.8, 1);
        Assert.Contains(_log, line => line.Contains("375 of 1500 rows of the training data miss a feature", StringComparison.Ordinal));
    }

    [Fact]
    public void Streamed_rows_give_the_same_model()
    {
        var rows = View(1500, row => row % 4 == 0);
        var scores = ((DataCaching[])[DataCaching.Memory, DataCaching.Stream]).Select(caching => Tasks.ScoreBits(Trainer(o => o.DataCaching = caching).Fit(rows).Transform(rows))).ToArray();
        Assert.Equal(scores[0], scores[1]);
    }

    /// <summary>The first thousand rows decide how all are kept. Those that are kept sparse may miss features too.</summary>
    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void A_feature_that_is_missing_once_rows_are_kept_sparse_is_learned_from(DataCaching caching)
    {
        var (rows, test) = (View(3000, row => row >= 1000 && row % 4 == 0), View(500, row => row % 3 == 0, seed: 2));
        var model = Trainer(o => (o.DataCaching, o.NumberOfEpochs) = (caching, 60)).Fit(rows);
        Assert.StartsWith("Missing values, 1 columns", $"{model.Model.Layers[0].Layer}", StringComparison.Ordinal);
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(test)).RSquared, 0.8, 1);
        Assert.Contains(_log, line => line.Contains("500 of 3000 rows of the training data miss a feature", StringComparison.Ordinal));
    }

    /// <summary>A row that is held out of a stream decides too.</summary>
    [Fact]
    public void Rows_held_out_are_kept_as_those_learned_from()
    {
        // The share is large enough that the only row with a missing feature is held out with one of the seeds at least.
        var layers = Enumerable.Range(1, 6).Select(seed =>
        {
            var model = Trainer(o => (o.DataCaching, o.ValidationFraction, o.Seed) = (DataCaching.Stream, 0.4f, seed)).Fit(View(300, row => row == 5)).Model;
            Assert.All(model.History!, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
            return model.Layers[0].Layer.ToString();
        });
        Assert.All(layers, layer => Assert.StartsWith("Missing values, 1 columns", layer, StringComparison.Ordinal));
    }

    /// <summary>Rows to learn from that are kept sparse, and some to measure with that are not, or the other way round.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_validation_set_may_miss_what_the_training_set_does_not(bool isInTraining)
    {
        var (complete, missing) = (View(200, _ => false), View(200, row => row % 5 == 0));
        var model = isInTraining ? Trainer(_ => { }).Fit(missing, complete).Model : Trainer(_ => { }).Fit(complete, missing).Model;
        Assert.StartsWith("Missing values, 1 columns", $"{model.Layers[0].Layer}", StringComparison.Ordinal);
        Assert.All(model.History!, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
    }

    [Theory]
    [InlineData(2049, DataCaching.Memory)]
    [InlineData(2049, DataCaching.Stream)]
    [InlineData(100_000, DataCaching.Memory)]
    [InlineData(100_000, DataCaching.Stream)]
    public void Wider_tables_learn_from_such_rows_too(int inputs, DataCaching caching)
    {
        var (rows, test) = (View(1500, row => row % 4 == 0, inputs: inputs), View(500, row => row % 3 == 0, seed: 2, inputs));
        var model = Trainer(o => (o.DataCaching, o.NumberOfEpochs) = (caching, 60)).Fit(rows);
        Assert.StartsWith("Missing values, 1 columns", $"{model.Model.Layers[0].Layer}", StringComparison.Ordinal);
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(test)).RSquared, 0.8, 1);

        // However a row comes, it is the same row.
        var sparse = _mlContext.Data.CreateEnumerable<Row>(test, reuseRowObject: false).First();
        float[] dense = new float[inputs];
        sparse.Features.CopyTo(dense);
        var scores = model.Transform(View([sparse, new Row { Features = new VBuffer<float>(inputs, dense), Label = 0 }], inputs)).GetColumn<float>("Score").ToArray();
        Assert.Equal(scores[0], scores[1], 1e-5f);
    }

    [Fact]
    public void Wide_numbers_may_miss_too()
    {
        const int Wide = 2500;
        var random = new Random(1);
        var rows = Enumerable.Range(0, 400).Select(row =>
        {
            float[] numbers = [.. Enumerable.Range(0, Wide).Select(_ => 100 + random.NextSingle())];
            var label = 10 * (numbers[0] - 100);
            for (var column = 1; column < Wide; column++)
                numbers[column] = random.Next(10) == 0 ? float.NaN : numbers[column];
            return new Row { Features = new VBuffer<float>(Wide, numbers), Label = label };
        }).ToArray();
        var model = Trainer(o => (o.NumberOfEpochs, o.HiddenLayers) = (30, [])).Fit(View(rows, Wide));
        Assert.StartsWith($"Missing values, {Wide - 1} columns", $"{model.Model.Layers[0].Layer}", StringComparison.Ordinal);
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(View(rows, Wide))).RSquared, 0.9, 1);
        Assert.Contains(_log, line => line.Contains("400 of 400 rows of the training data miss a feature", StringComparison.Ordinal));
    }

    private DenseNeuralNetRegressionTrainer Trainer(Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions { Seed = 1, NumberOfEpochs = 2, HiddenLayers = [8], Shuffle = false };
        change(options);
        return _mlContext.Regression.Trainers.DenseNeuralNet(options);
    }

    /// <summary>The number, of which half of the rows have none, is in slot 0; the label depends on whether it is missing, and on ten of the categories.</summary>
    private IDataView View(int count, Func<int, bool> isMissing, int seed = 1, int inputs = Inputs)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, count).Select(row =>
        {
            var category = random.Next(10);
            var number = isMissing(row) ? float.NaN : random.Next(2);
            return new Row { Features = new VBuffer<float>(inputs, 2, [number, 1], [0, 1 + category]), Label = category % 2 + (float.IsNaN(number) ? 3 : number) };
        }).ToArray();
        return View(rows, inputs);
    }

    private IDataView View(Row[] rows, int inputs)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, inputs);
        return _mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }
}
