using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Tables in which nearly all rows are of one class, such as payments that are hardly ever fraud.</summary>
public class RareClassesTests
{
    private const int Columns = 8;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _log = [];

    public RareClassesTests() => _mlContext.Log += (_, e) => _log.Add(e.Message);

    /// <summary>With hidden layers, it was 0.50 and 0.41 with 5 such rows, which is no more than chance, 0.83 and 0.62 with 12, and 0.83 and 0.86 with 29.</summary>
    [Theory]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    [InlineData(12, 1)]
    [InlineData(12, 2)]
    [InlineData(29, 1)]
    [InlineData(29, 2)]
    public void Are_told_as_well_as_by_a_linear_trainer(int rare, int seed)
    {
        var (training, test) = (View(4000, rare, seed), View(4000, 200, seed + 10));
        var linear = AreaUnderCurve(_mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(training));
        var ours = AreaUnderCurve(_mlContext.BinaryClassification.Trainers.DenseNeuralNet().Fit(training));
        Assert.True(ours > linear - 0.02, FormattableString.Invariant($"L-BFGS {linear:F3}, ours {ours:F3}"));

        double AreaUnderCurve(ITransformer model) => _mlContext.BinaryClassification.Evaluate(model.Transform(test)).AreaUnderRocCurve;
    }

    [Theory]
    [InlineData(290, 29, true)]
    [InlineData(289, 29, false)]
    [InlineData(3000, 30, false)]
    [InlineData(30, 3, true)]
    public void Have_no_hidden_layer(int rows, int rare, bool isLinear)
    {
        var network = Network(new DenseNeuralNetOptions { NumberOfEpochs = 1 }, View(rows, rare, seed: 1));
        Assert.Equal(isLinear, !network.Contains("SiLU", StringComparison.Ordinal));
        Assert.Equal(isLinear, !network.Contains("Numeric embedding", StringComparison.Ordinal));
        Assert.Equal(isLinear, _log.Any(message => message.Contains($"{rare} rows are of other classes than the commonest", StringComparison.Ordinal)));
    }

    /// <summary>Two rare classes are as many rows together.</summary>
    [Fact]
    public void May_be_several()
    {
        var rows = View(1000, 20, seed: 1);
        var mapped = _mlContext.Transforms.Conversion.MapValueToKey("Class").Fit(rows).Transform(rows);
        var model = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Class", NumberOfEpochs = 1 }).Fit(mapped).Model;
        Assert.Equal(3, model.Network.OutputShape.Size);
        Assert.DoesNotContain("SiLU", $"{model.Network}", StringComparison.Ordinal);
    }

    /// <summary>What the options say, and what more features than rows have, stays.</summary>
    [Fact]
    public void Change_nothing_that_is_said()
    {
        var rows = View(300, 5, seed: 1);
        Assert.Contains("Dense 7 SiLU", Network(new DenseNeuralNetOptions { HiddenLayers = [7], NumberOfEpochs = 1 }, rows), StringComparison.Ordinal);
        Assert.Contains("Dense 6 ReLU", Network(new DenseNeuralNetOptions { Layers = [new DenseLayer(6, Activation.ReLU)], NumberOfEpochs = 1 }, rows), StringComparison.Ordinal);
        Assert.Contains("Numeric embedding", Network(new DenseNeuralNetOptions { NumericEmbedding = NumericEmbedding.On, NumberOfEpochs = 1 }, rows), StringComparison.Ordinal);
        Assert.Contains("Numeric embedding", Network(new DenseNeuralNetOptions { NumberOfEpochs = 1 }, View(40, 2, seed: 1, columns: 100)), StringComparison.Ordinal);
    }

    /// <summary>Rows of a rare class that come later do not change what a model is.</summary>
    [Fact]
    public void A_model_that_is_gone_on_from_stays_what_it_is()
    {
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { NumberOfEpochs = 1 });
        var (few, many) = (View(600, 5, seed: 1), View(600, 200, seed: 2));
        var (linear, hidden) = (trainer.Fit(few).Model, trainer.Fit(many).Model);
        Assert.Equal($"{linear.Network}", $"{trainer.Fit(many, linear).Model.Network}");
        Assert.Equal($"{hidden.Network}", $"{trainer.Fit(few, hidden).Model.Network}");
    }

    private string Network(DenseNeuralNetOptions options, IDataView rows) => $"{_mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(rows).Model.Network}";

    /// <summary>Two features tell, with the chance of a logistic curve.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="rare">How many of them have the label.</param>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="columns">How many features.</param>
    private IDataView View(int rows, int rare, int seed, int columns = Columns)
    {
        var random = new Random(seed);
        var (made, count) = (new List<Row>(), 0);
        while (made.Count < rows)
        {
            float[] x = [.. Enumerable.Range(0, columns).Select(_ => 4 * random.NextSingle() - 2)];
            var label = random.NextDouble() < 1 / (1 + Math.Exp(5 - 1.5 * x[0] - x[1]));
            if (label ? count == rare : made.Count - count == rows - rare)
                continue;
            count += label ? 1 : 0;
            made.Add(new Row { Label = label, Class = label ? $"rare {count % 2}" : "common", Features = x });
        }

        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
        return _mlContext.Data.LoadFromEnumerable(made, schema);
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public string Class { get; set; } = "";

        public float[] Features { get; set; } = [];
    }
}
