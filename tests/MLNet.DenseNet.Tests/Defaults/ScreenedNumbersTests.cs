using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests.Defaults;

/// <summary>Many numbers that tell nothing, and two that tell the label only together.</summary>
public class ScreenedNumbersTests
{
    private const int Columns = 60;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _log = [];

    public ScreenedNumbersTests() => _mlContext.Log += (_, e) =>
    {
        lock (_log)
            _log.Add(e.Message);
    };

    [Fact]
    public void Two_numbers_are_found_among_many()
    {
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(seed: 1).Fit(Load(Rows(500, seed: 1)));
        var told = Embedding(model.GetDenseNeuralNet().Network).Columns!;
        Assert.Contains(3, told);
        Assert.Contains(40, told);
        Assert.InRange(told.Count, 2, 8);
        Assert.Contains(_log, message => message.Contains($"{Columns - told.Count} of {Columns} numbers tell no more of the label than chance would", StringComparison.Ordinal));
        Assert.InRange(_mlContext.BinaryClassification.Evaluate(model.Transform(Load(Rows(1000, seed: 2)))).Accuracy, 0.93, 1);

        // A training that goes on has the same functions, whatever its rows say.
        var onwards = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { InitialModel = model.Model, NumberOfEpochs = 1, Seed = 1 }).Fit(Load(Rows(200, seed: 3)));
        Assert.Equal(told, Embedding(onwards.GetDenseNeuralNet().Network).Columns!);
    }

    [Fact]
    public void All_have_functions_where_that_was_asked_for_or_quantiles_are_learned()
    {
        var rows = Load(Rows(500, seed: 1));
        var options = new DenseNeuralNetOptions { NumericEmbedding = NumericEmbedding.On, NumberOfEpochs = 1, Seed = 1 };
        Assert.Equal(Columns, Embedding(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(rows).GetDenseNeuralNet().Network).Columns!.Count);
        options = new DenseNeuralNetOptions { LabelColumnName = nameof(Row.Number), NumberOfEpochs = 1, Seed = 1 };
        Assert.InRange(Embedding(_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(rows).GetDenseNeuralNet().Network).Columns!.Count, 2, 8);
        options.Loss = new QuantileLoss(0.9f);
        Assert.Equal(Columns, Embedding(_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(rows).GetDenseNeuralNet().Network).Columns!.Count);
    }

    private static NumericEmbeddingLayer Embedding(Network network) => Assert.Single(network.Members[0].Layers.Select(place => place.Layer).OfType<NumericEmbeddingLayer>());

    private IDataView Load(List<Row> rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private static List<Row> Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, Columns).Select(_ => 2 * random.NextSingle() - 1)];
            return new Row { Features = features, Label = features[3] > 0 != features[40] > 0.2f, Number = features[3] * features[40] };
        })];
    }

    private sealed class Row
    {
        [VectorType(Columns)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public float Number { get; set; }
    }
}
