using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests;

/// <summary>What is done with words and categories, whose rows are kept sparse, where the options leave it open.</summary>
public class SparseDefaultsTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(100, true, "32", 0.0003f, "AdamW")]
    [InlineData(100, false, "64, 32", 0.003f, "AdamW")]
    [InlineData(2999, false, "64, 32", 0.003f, "AdamW")]
    [InlineData(3000, false, "64, 32", 0.003f, "Muon")]
    [InlineData(12_000, true, "32", 0.0003f, "AdamW")]
    [InlineData(12_000, false, "64, 32", 0.003f, "Muon")]
    public void Hidden_layers_batches_rate_and_optimizer(int rows, bool isClassification, string hiddenLayers, float rate, string optimizer)
    {
        var options = Filled(rows, isClassification, _ => { });
        Assert.Equal((hiddenLayers, 32, rate, 0.1f), (string.Join(", ", options.HiddenLayers!), options.BatchSize!.Value, options.LearningRate!.Value, options.WeightDecay!.Value));
        Assert.Equal((optimizer, false, 10, 5), (options.Optimizer!.GetType().Name, options.AverageWeights, options.EarlyStopping!.Patience, options.EarlyStopping.AnnealingEpochs));
        Assert.True(options.Optimizer is AdamW or Muon { Factor: 1, Interval: 1 });

        // What is given stays.
        Assert.Equal([5], Filled(rows, isClassification, o => o.HiddenLayers = [5]).HiddenLayers!);
        Assert.All((Action<DenseNeuralNetOptions>[])[o => o.NumberOfEpochs = 9, o => o.HiddenLayers = [], o => o.BatchSize = 32], change => Assert.IsType<AdamW>(Filled(rows, isClassification, change).Optimizer));
        Assert.Equal((64, 0.02f), (Filled(rows, isClassification, o => o.BatchSize = 64).BatchSize!.Value, Filled(rows, isClassification, o => o.LearningRate = 0.02f).LearningRate!.Value));
    }

    [Fact]
    public void Few_epochs_and_linear_networks_have_a_rate_between()
    {
        Assert.Equal(0.001f, Filled(100, isClassification: true, o => o.NumberOfEpochs = 5).LearningRate);
        Assert.Equal(0.003f, Filled(100, isClassification: false, o => o.NumberOfEpochs = 5).LearningRate);
        Assert.Equal(0.001f, Filled(100, isClassification: true, o => o.HiddenLayers = []).LearningRate);
        Assert.Equal(0.001f, Filled(100, isClassification: false, o => o.HiddenLayers = []).LearningRate);
    }

    [Theory]
    [InlineData(262_144, true, true, null, 4)]
    [InlineData(262_145, true, true, null, 1)]
    [InlineData(131_072, true, false, null, 4)]
    [InlineData(131_073, true, false, null, 1)]
    [InlineData(8192, true, true, 1024, 4)]
    [InlineData(8193, true, true, 1024, 1)]
    [InlineData(1 << 23, true, true, 0, 4)]
    [InlineData((1 << 23) + 1, true, true, 0, 1)]
    [InlineData(10_000, false, true, null, 4)]
    [InlineData(10_001, false, true, null, 1)]
    public void Ensembles_end_where_first_layers_are_large(int inputs, bool isSparse, bool isClassification, int? units, int networks)
    {
        var data = RowSubset.All((isSparse, isClassification) switch
        {
            (true, true) => Dataset.FromClasses(Sparse(inputs, 2), 2, new int[2], default),
            (true, false) => Dataset.FromTargets(Sparse(inputs, 2), 1, new float[2], default),
            _ => Dataset.FromClasses(inputs, 2, new float[2 * inputs], new int[2]),
        });
        var options = new DenseNeuralNetOptions { HiddenLayers = units is null ? null : units == 0 ? [] : [units.Value] };
        Assert.Equal(networks, EnsembleDefaults.Size(options, data, outputs: 1, takesLong: false, initial: null));
    }

    /// <summary>Whether rows are in memory or come again and again, and going on from the model that comes of it.</summary>
    [Theory]
    [InlineData(DataCaching.Memory, 4)]
    [InlineData(DataCaching.Stream, 1)]
    public void A_pipeline_trains_by_them(DataCaching caching, int networks)
    {
        const int Inputs = 2000;
        var random = new Random(1);
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(row => new Words { Label = row % 2 == 0, Features = new VBuffer<float>(Inputs, 2, [1, 1], [row % 2 == 0 ? 3 : 5, 10 + random.Next(Inputs - 10)]) }).ToArray());
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { DataCaching = caching, Verbosity = Verbosity.Silent });
        var model = trainer.Fit(rows).Model;
        var history = model.History!;
        Assert.Equal((32, 0.0003f, networks), (history.Settings.BatchSize, history.Settings.LearningRate, history.Network!.Layers[^1].Members));
        Assert.Contains("32", history.Network.Layers[^1].ToString(), StringComparison.Ordinal);
        Assert.True(trainer.Fit(rows, model).Model.History!.EpochsBefore > 0);
    }

    /// <summary>Four of hundreds of indicators tell the label. What the others tell by chance of so few rows would be learned instead: an area under the curve of 0.77, an R-squared of 0.5.</summary>
    [Theory]
    [InlineData(400, 0.05)]
    [InlineData(400, 0.3)]
    [InlineData(200, 0.3)]
    public void Indicators_that_tell_nothing_do_not_outweigh_those_that_do(int inputs, double share)
    {
        const int Training = 500;
        var random = new Random(1);
        var rows = Enumerable.Range(0, 2500).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, inputs).Select(_ => random.NextDouble() < share ? 1f : 0)];
            var sum = features[0] + 2 * features[1] - 3 * features[2] + features[5];
            return new Indicators { Features = features, Label = sum > 0, Sum = sum };
        }).ToArray();
        var definition = SchemaDefinition.Create(typeof(Indicators));
        definition[nameof(Indicators.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, inputs);
        var (training, test) = (_mlContext.Data.LoadFromEnumerable(rows.Take(Training), definition), _mlContext.Data.LoadFromEnumerable(rows.Skip(Training), definition));
        var told = new List<string>();
        _mlContext.Log += (_, e) => told.Add(e.Message);
        Assert.InRange(_mlContext.BinaryClassification.Evaluate(_mlContext.BinaryClassification.Trainers.DenseNeuralNet().Fit(training).Transform(test)).AreaUnderRocCurve, 0.98, 1);
        Assert.Contains(told, line => line.Contains($"{inputs} features, of which about ", StringComparison.Ordinal) && line.Contains("may tell nothing, are weighed by how surely they go with the label.", StringComparison.Ordinal));
        Assert.InRange(_mlContext.Regression.Evaluate(_mlContext.Regression.Trainers.DenseNeuralNet(nameof(Indicators.Sum)).Fit(training).Transform(test), nameof(Indicators.Sum)).RSquared, 0.95, 1);
    }

    /// <summary>Images and anomalies may be sparse, too; what is measured on words is not said of them, nor of layers of one's own.</summary>
    [Fact]
    public void Other_networks_on_sparse_rows_have_what_they_had()
    {
        const int Side = 20;
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(row => new Dots { Label = row % 2 == 0, Features = new VBuffer<float>(Side * Side, 1, [1], [row % 2 == 0 ? 3 : row]) }).ToArray());
        Assert.All((Action<DenseNeuralNetOptions>[])[o => o.InputShape = new Shape(Side, Side, 1), o => o.Layers = [new DenseLayer(4)]], change =>
        {
            var options = new DenseNeuralNetOptions { NumberOfEpochs = 1, Verbosity = Verbosity.Silent };
            change(options);
            Assert.Equal(0.003f, _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(rows).Model.History!.Settings.LearningRate);
        });
    }

    [Fact]
    public void Anomalies_of_many_sparse_rows_have_large_batches()
    {
        const int Inputs = 400;
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 10_000).Select(row => new Dots { Features = new VBuffer<float>(Inputs, 1, [1], [row % Inputs]) }).ToArray());
        var options = new DenseNeuralNetOptions { HiddenLayers = [2], NumberOfEpochs = 1, Verbosity = Verbosity.Silent };
        Assert.Equal(128, _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options).Fit(rows).Model.History!.Settings.BatchSize);
    }

    private static DenseNeuralNetOptions Filled(int rows, bool isClassification, Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions();
        change(options);
        var features = Sparse(inputs: 3, rows);
        var data = RowSubset.All(isClassification ? Dataset.FromClasses(features, 2, new int[rows], default) : Dataset.FromTargets(features, 1, new float[rows], default));
        var kind = new NetworkKind(IsForWords: true);
        HiddenLayerDefaults.FillIn(options, data, kind);
        DefaultSettings.FillIn(options, new TrainingRows(data, data), kind, standardizesTargets: !isClassification);
        return options;
    }

    private static SparseFeatures Sparse(int inputs, int rows) => new(inputs, ReadOnlyMemory<float>.Empty, ReadOnlyMemory<int>.Empty, new int[rows + 1]);

    private sealed class Words
    {
        public bool Label { get; set; }

        [VectorType(2000)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class Indicators
    {
        public bool Label { get; set; }

        public float Sum { get; set; }

        public float[] Features { get; set; } = [];
    }

    private sealed class Dots
    {
        public bool Label { get; set; }

        [VectorType(400)]
        public VBuffer<float> Features { get; set; }
    }
}
