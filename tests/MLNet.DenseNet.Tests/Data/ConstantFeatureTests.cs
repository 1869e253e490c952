using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.Data;

/// <summary>Of a feature that had one value only, weights have learned nothing: nothing may come of other values later.</summary>
public class ConstantFeatureTests
{
    private const string Constants = "features have the same value, or none, in all rows";

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _log = [];

    public ConstantFeatureTests() => _mlContext.Log += (_, e) => _log.Add(e.Message);

    public static TheoryData<string> Networks => ["default", "linear", "small", "layers", "wide"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Another_value_at_prediction_changes_no_score(string network)
    {
        var model = Fit(Options(network), Rows(constant: 5, missing: network == "default" ? float.NaN : 1));
        Assert.Contains(_log, line => line.Contains($"2 of {(network == "wide" ? 2100 : 4)} {Constants}", StringComparison.Ordinal));
        var expected = Scores(model, Rows(constant: 5, missing: network == "default" ? float.NaN : 1));
        Assert.Equal(expected, Scores(model, Rows(constant: -700, missing: 3)));
        Assert.Equal(expected, Scores(model, Rows(constant: float.PositiveInfinity, missing: float.NaN)));
        Assert.NotEqual(expected[0], expected[1]);
        float[][] Rows(float constant, float missing) => ConstantFeatureTests.Rows(300, constant, missing, network == "wide" ? 2100 : 4);
    }

    /// <summary>Such as words that occur in no row, or in all the same.</summary>
    [Fact]
    public void Nor_does_it_in_sparse_rows()
    {
        var rows = Enumerable.Range(0, 200).Select(row => Sparse(row, last: null)).ToList();
        var options = Options("small");
        options.HiddenLayers = null;
        var model = Fit(options, rows);
        Assert.Contains(_log, line => line.Contains($"513 of 600 {Constants}", StringComparison.Ordinal));
        Assert.Equal(Scores(model, rows), Scores(model, [.. Enumerable.Range(0, 200).Select(row => Sparse(row, last: 7))]));

        static SparseRow Sparse(int row, float? last) => new()
        {
            Features = last is null ? new VBuffer<float>(600, 3, [1, 1, 5], [row % 50, 50 + row % 37, 598]) : new VBuffer<float>(600, 4, [1, 1, -2, last.Value], [row % 50, 50 + row % 37, 598, 599]),
            Label = row % 50 < 25 ? 1 : 0,
        };
    }

    [Fact]
    public void A_training_that_goes_on_learns_it_where_it_has_several_by_then()
    {
        var first = Fit(Options("small"), Rows(300, 5, 1, 4));
        var options = Options("small");
        (options.InitialModel, options.NumberOfEpochs) = (first.GetDenseNeuralNet(), 200);
        var random = new Random(2);
        var rows = Rows(300, 5, 1, 4);
        foreach (var row in rows)
            row[2] = random.NextSingle() * 8;
        var model = _mlContext.Transforms.DenseNeuralNet(options).Fit(View(rows, row => row[0] + row[2] / 5));
        var scores = Scores(model, rows);
        Assert.InRange(scores.Zip(rows, (score, row) => Math.Abs(score - row[0] - row[2] / 5)).Average(), 0, 0.1);
    }

    /// <summary>A column that no row had, and rows have now: those that still miss it have its mean, and are told of.</summary>
    [Fact]
    public void So_it_does_where_none_had_a_value()
    {
        var options = Options("small");
        var first = Fit(options, Rows(300, 5, float.NaN, 4)).GetDenseNeuralNet();
        (options.InitialModel, options.NumberOfEpochs) = (first, 1);
        var rows = Rows(300, 5, float.NaN, 4);
        var random = new Random(2);
        foreach (var row in rows.Where(_ => random.Next(3) > 0))
            row[3] = 50 + random.NextSingle();
        var network = Fit(options, rows).GetDenseNeuralNet().Network;
        var known = rows.Select(row => row[3]).Where(value => !float.IsNaN(value)).Average();
        Assert.Equal(known, network.Layers[0].Parameters[0].ToArray().Single(), 1e-3);
        Assert.Equal([known, 1], [network.Layers[1].Parameters[0].ToArray()[3], network.Layers[1].Parameters[1].ToArray()[4]], (a, b) => Math.Abs(a - b) < 1e-3);
    }

    /// <summary>There, another value is what is looked for.</summary>
    [Fact]
    public void An_anomaly_may_be_another_value()
    {
        var options = new DenseNeuralNetOptions { NumberOfEpochs = 20, Seed = 1 };
        var model = _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options).Fit(View(Rows(300, 5, 1, 4), row => row[0]));
        Assert.DoesNotContain(_log, line => line.Contains(Constants, StringComparison.Ordinal));
        Assert.InRange(Scores(model, Rows(1, 9, 1, 4))[0] / Scores(model, Rows(1, 5, 1, 4))[0], 10, double.PositiveInfinity);
    }

    private static DenseNeuralNetOptions Options(string network) => network switch
    {
        "default" => new() { Seed = 1 },
        "linear" => new() { HiddenLayers = [], Seed = 1 },
        "layers" => new() { Layers = [new DenseLayer(4, Activation.SiLU), new DenseLayer(3, Activation.Tanh)], NumberOfEpochs = 3, Seed = 1 },
        "wide" => new() { Seed = 1 },
        _ => new() { HiddenLayers = [8], NumberOfEpochs = 10, Seed = 1 },
    };

    private ITransformer Fit(DenseNeuralNetOptions options, float[][] rows) => _mlContext.Transforms.DenseNeuralNet(options).Fit(View(rows, row => row[0] - row[1]));

    private ITransformer Fit(DenseNeuralNetOptions options, List<SparseRow> rows) => _mlContext.Transforms.DenseNeuralNet(options).Fit(View(rows));

    private static float[][] Rows(int count, float constant, float missing, int columns)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (float[])[random.NextSingle(), random.NextSingle(), constant, missing, .. Enumerable.Range(4, columns - 4).Select(_ => random.NextSingle())])];
    }

    private IDataView View(float[][] rows, Func<float[], float> label)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        return _mlContext.Data.LoadFromEnumerable(rows.Select(row => new Row { Features = row, Label = label(row) }), schema);
    }

    private IDataView View(List<SparseRow> rows)
    {
        var schema = SchemaDefinition.Create(typeof(SparseRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 600);
        return _mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private float[] Scores(ITransformer model, float[][] rows) => [.. model.Transform(View(rows, row => 0)).GetColumn<float>("Score")];

    private float[] Scores(ITransformer model, List<SparseRow> rows) => [.. model.Transform(View(rows)).GetColumn<float>("Score")];

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class SparseRow
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }
}
