using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Numbers beside more than a thousand indicators, whose rows are kept sparse: they are shifted, as in a dense table.</summary>
public class SparseNumberTests
{
    private const int Inputs = 2500;
    private const int Year = 7;
    private const int Count = 1200;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Unshifted, years would come to the network as nearly the same number.</summary>
    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void Numbers_far_from_0_are_learned_from(DataCaching caching)
    {
        var model = Trainer(o => (o.DataCaching, o.NumberOfEpochs) = (caching, 20)).Fit(View(1500, seed: 1));
        Assert.InRange(_mlContext.Regression.Evaluate(model.Transform(View(300, seed: 2))).RSquared, 0.9, 1);
    }

    [Fact]
    public void Vectors_of_the_same_values_give_the_same_model_and_scores_however_they_are_stored()
    {
        var (sparse, dense) = (View(200, seed: 1), View(200, seed: 1, isDense: true));
        var (one, other) = (Trainer().Fit(sparse), Trainer().Fit(dense));
        var expected = Tasks.ScoreBits(one.Transform(sparse));
        Assert.Equal(expected, Tasks.ScoreBits(other.Transform(sparse)));
        Assert.Equal(expected, Tasks.ScoreBits(one.Transform(dense)));
        Assert.Equal(expected, Tasks.ScoreBits(SavedModel.Reload(one, sparse.Schema).Transform(sparse)));
    }

    [Fact]
    public void Streamed_rows_give_the_bits_of_rows_in_memory()
    {
        // Of fewer rows in memory, categories would be weighed.
        var rows = View(6000, seed: 1);
        var scores = ((DataCaching[])[DataCaching.Memory, DataCaching.Stream]).Select(caching =>
            Tasks.ScoreBits(Trainer(o => (o.DataCaching, o.Shuffle, o.DataLimits) = (caching, false, new DataLimits(Chunk: 10_000))).Fit(rows).Transform(rows))).ToArray();
        Assert.Equal(scores[0], scores[1]);
    }

    /// <summary>Zeros of numbers are stored, those before the decision as those after it; a number is hardly ever 0.</summary>
    [Theory]
    [InlineData(0.02, true)]
    [InlineData(0.08, false)]
    public void Zeros_of_numbers_are_kept(double zeros, bool areKept)
    {
        var (storage, random) = (new FeatureStorage(Inputs), new Random(1));
        var buffers = new[] { new FeatureBuffer(Inputs, storage), new FeatureBuffer(Inputs, storage) };
        foreach (var buffer in buffers)
        {
            for (var row = 0; row < FeatureStorage.DecidingRows + 50; row++)
            {
                float[] values = random.NextDouble() < zeros ? [1] : [1, 3];
                buffer.Add(new VBuffer<float>(Inputs, values.Length, values, [row % 1000, Count]));
            }

            var sparse = buffer.ToSparse()!;
            Assert.Equal(areKept ? [Count] : [], storage.Numbers);
            Assert.Equal(areKept ? buffer.Rows : sparse.Values.Span.ToArray().Count(value => value == 3), sparse.Columns.Span.ToArray().Count(column => column == Count));
            Assert.True(Enumerable.Range(0, buffer.Rows).All(row => sparse.Columns.Span[sparse.RowStarts.Span[row]] == row % 1000));
            buffer.Clear();
            Assert.Equal(0, buffer.Rows);
        }
    }

    /// <summary>Rows to measure with keep the zeros of the same numbers, whatever they have most of.</summary>
    [Fact]
    public void A_validation_set_has_the_numbers_of_the_training_set()
    {
        var (training, validation) = (new FeatureStorage(Inputs), new FeatureStorage(Inputs));
        training.Decide(200, 200, _ => [Count]);
        validation.Follow(training);
        validation.Decide(100, 100, _ => []);
        Assert.Equal([Count], validation.Numbers);

        var model = Trainer(o => o.ValidationSet = View(100, seed: 3, count: 0)).Fit(View(300, seed: 1)).Model;
        Assert.All(model.History!, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
    }

    /// <summary>A spike in one number among a thousand words, with all options left open.</summary>
    [Theory]
    [InlineData(DataCaching.Memory, null)]
    [InlineData(DataCaching.Memory, 1)]
    [InlineData(DataCaching.Stream, null)]
    public void Functions_of_numbers_are_learned_beside_words(DataCaching caching, int? networks)
    {
        var (training, test) = (Spikes(2500, seed: 1), Spikes(500, seed: 2));
        var (with, without) = (Fit(NumericEmbedding.Auto), Fit(NumericEmbedding.Off));
        Assert.Contains("Wide and deep, 1 columns [Numeric embedding 8, 23 bins, scales 6, Dense 64 identity]", $"{with.Model.Network}", StringComparison.Ordinal);
        Assert.Equal(networks ?? (caching == DataCaching.Memory ? 4 : 1), with.Model.Network.Members.Length);
        Assert.DoesNotContain("Numeric embedding", $"{without.Model.Network}", StringComparison.Ordinal);
        var (learned, missed) = (RSquared(with), RSquared(without));
        Assert.InRange(learned, 0.8, 1);
        Assert.InRange(missed, -1, learned - 0.2);

        // The same after saving, and for vectors that store no zeros or all.
        var expected = Tasks.ScoreBits(with.Transform(test));
        Assert.Equal(expected, Tasks.ScoreBits(SavedModel.Reload(with, test.Schema).Transform(test)));
        Assert.Equal(expected, Tasks.ScoreBits(with.Transform(Spikes(500, seed: 2, isDense: true))));

        // What goes on learning keeps its functions.
        var further = Open(NumericEmbedding.Auto).Fit(training, with.Model).Model;
        Assert.Equal($"{with.Model.Network}", $"{further.Network}");
        Assert.True(further.History!.EpochsBefore > 0);

        RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters> Fit(NumericEmbedding embedding) => Open(embedding).Fit(training);
        double RSquared(ITransformer model) => _mlContext.Regression.Evaluate(model.Transform(test)).RSquared;
        DenseNeuralNetRegressionTrainer Open(NumericEmbedding embedding) =>
            _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, EnsembleSize = networks, NumericEmbedding = embedding, DataCaching = caching });
    }

    [Fact]
    public void Numbers_may_be_missing_among_words()
    {
        var transformer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, EnsembleSize = 1 }).Fit(Spikes(2500, seed: 1, missing: 10));
        Assert.Equal(["Missing values, 1 columns", "Standardization, limit 3", "Wide and deep, 1 columns [Numeric embedding 8, 23 bins, scales 6, Dense 64 identity]"], transformer.Model.Layers.Take(3).Select(place => $"{place.Layer}"));
        Assert.All(transformer.Transform(Spikes(100, seed: 2, missing: 3)).GetColumn<float>("Score"), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void Hidden_layers_of_ones_own_stand_alone()
    {
        Assert.DoesNotContain("Wide and deep", $"{Trainer().Fit(View(200, seed: 1)).Model.Network}", StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(o => o.NumericEmbedding = NumericEmbedding.On).Fit(View(200, seed: 1)));
    }

    private DenseNeuralNetRegressionTrainer Trainer(Action<DenseNeuralNetOptions>? change = null)
    {
        var options = new DenseNeuralNetOptions { Seed = 1, NumberOfEpochs = 2, HiddenLayers = [8] };
        change?.Invoke(options);
        return _mlContext.Regression.Trainers.DenseNeuralNet(options);
    }

    /// <summary>A year, a count that is 0 in a quarter of the rows unless it is given, and one of a thousand categories.</summary>
    private IDataView View(int rows, int seed, bool isDense = false, int? count = null)
    {
        var random = new Random(seed);
        var made = Enumerable.Range(0, rows).Select(_ =>
        {
            var (year, number, category) = (random.Next(20), count ?? random.Next(4), 100 + random.Next(1000));
            var sparse = new VBuffer<float>(Inputs, 3, [2000 + year, 1, number], [Year, category, Count]);
            return new Row { Features = isDense ? new VBuffer<float>(Inputs, [.. sparse.DenseValues()]) : number > 0 ? sparse : new VBuffer<float>(Inputs, 2, [2000 + year, 1], [Year, category]), Label = year / 5f + number };
        }).ToArray();
        return AsView(made);
    }

    /// <summary>A year, of which one in eight is a spike, and one of a thousand words.</summary>
    private IDataView Spikes(int rows, int seed, bool isDense = false, int missing = 0)
    {
        var random = new Random(seed);
        var made = Enumerable.Range(0, rows).Select(row =>
        {
            var (year, word) = (2000 + random.Next(24), 100 + random.Next(1000));
            var sparse = new VBuffer<float>(Inputs, 2, [missing > 0 && row % missing == 0 ? float.NaN : year, 1], [Year, word]);
            return new Row { Features = isDense ? new VBuffer<float>(Inputs, [.. sparse.DenseValues()]) : sparse, Label = year % 8 == 5 ? 3 : 0 };
        }).ToArray();
        return AsView(made);
    }

    private IDataView AsView(Row[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Inputs);
        return _mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }
}
