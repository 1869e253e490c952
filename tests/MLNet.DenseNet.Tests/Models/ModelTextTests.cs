using System.Globalization;
using System.Reflection;
using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

public class ModelTextTests
{
    private readonly DenseNeuralNetRegressionModelParameters _model;
    private readonly IDataView _data;

    public ModelTextTests()
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(20));
        _data = mlContext.Transforms.Concatenate("Named", nameof(Sample.Number), nameof(Sample.Weight)).Fit(rows).Transform(rows);
        _model = mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(Sample.Number),
            FeatureColumnName = "Named",
            Layers = [new DenseLayer(3, Activation.Tanh), new DropoutLayer(0.25f)],
            NumberOfEpochs = 1,
        }).Fit(_data).Model;
    }

    private static IReadOnlyList<string> Summary =>
    [
        "   layer                     shape   parameters  memory  per row",
        "0  Standardization, limit 3  2 -> 2           0     0 B      8 B",
        "1  Dense 3 tanh              2 -> 3           9    36 B     12 B",
        "2  Dropout 0.25              3 -> 3           0     0 B     12 B",
        "3  Dense 1 identity          3 -> 1           4    16 B      4 B",
        "   all                       2 -> 1          13    52 B     36 B",
    ];

    [Fact]
    public void A_summary_names_layers_shapes_parameter_counts_and_memory()
    {
        Assert.Equal(Summary, Lines(_model.SaveSummary));
        Assert.Equal(Summary, _model.Summary().ToString().Split('\n'));
    }

    /// <summary>They would be read back as other cells and lines.</summary>
    [Fact]
    public void Names_of_features_are_one_cell_each()
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(20));
        var data = mlContext.Transforms.CopyColumns("a\tb\nc", nameof(Sample.Weight)).Append(mlContext.Transforms.Concatenate("Features", nameof(Sample.Number), "a\tb\nc")).Fit(rows).Transform(rows);
        var model = mlContext.Regression.Trainers.DenseNeuralNet(nameof(Sample.Number), hiddenLayers: [], numberOfEpochs: 1).Fit(data).Model;
        Assert.Contains(Lines(writer => model.SaveAsText(writer, data.Schema["Features"])), line => line.StartsWith("a b c\t", StringComparison.Ordinal) && line.Count(letter => letter == '\t') == 1);
    }

    [Fact]
    public void Text_holds_every_parameter_to_the_bit_with_the_names_of_features()
    {
        var parameters = _model.Layers.SelectMany(layer => layer.Parameters).Select(parameter => parameter.ToArray()).ToArray();
        var (means, scales, weights, bias) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        var (outputWeights, outputBias) = (parameters[4], parameters[5]);
        string[] expected =
        [
            .. Summary,
            "", "0\tmean\t2", Text(means),
            "", "0\tscale\t2", Text(scales),
            "", "1\tweights\t2 x 3", "Number\t" + Text(weights[..3]), "Weight\t" + Text(weights[3..]),
            "", "1\tbias\t3", Text(bias),
            "", "3\tweights\t3 x 1", Text(outputWeights[..1]), Text(outputWeights[1..2]), Text(outputWeights[2..]),
            "", "3\tbias\t1", Text(outputBias),
        ];
        Assert.Equal(expected, Lines(writer => _model.SaveAsText(writer, _data.Schema["Named"])));
        Assert.Contains(Text(weights[..3]), Lines(writer => _model.SaveAsText(writer)));
        Assert.Contains(Text(weights[..3]), Lines(writer => _model.SaveAsText(writer, _data.Schema["Features"])));
        Assert.Equal(weights[..3], Text(weights[..3]).Split('\t').Select(value => float.Parse(value, CultureInfo.InvariantCulture)));

        static string Text(float[] values) =>
            string.Join('\t', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
    }

    /// <summary>Two weights have two rows because there are two features, others because there are two units.</summary>
    [Fact]
    public void Weights_of_features_inside_other_layers_have_their_names_and_no_others_have()
    {
        Layer[] layers = [new ResidualLayer([new DropoutLayer(0.1f), new ResidualLayer([new DenseLayer(2), new DenseLayer(2)]), new DenseLayer(3)])];
        var model = new MLContext(seed: 1).Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Layers = layers, NumberOfEpochs = 1, FeatureColumnName = "Named", LabelColumnName = "Number" }).Fit(_data).Model;
        var lines = Lines(writer => model.SaveAsText(writer, _data.Schema["Named"]));
        Assert.Equal(
            ["1\tprojection\t2 x 3", "1\t2.1.weights\t2 x 2"],
            lines.Index().Where(line => line.Item.StartsWith("Number\t", StringComparison.Ordinal)).Select(line => lines[line.Index - 1]));
        Assert.Contains("1\t2.2.weights\t2 x 2", lines);
    }

    [Fact]
    public void Text_is_the_same_in_every_culture()
    {
        var expected = Lines(writer => _model.SaveAsText(writer));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(expected, Lines(writer => _model.SaveAsText(writer)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ML_NET_saves_text_and_summary_through_its_own_interfaces()
    {
        Assert.Equal(Lines(_model.SaveSummary), Lines(writer => Call("ICanSaveSummary", "SaveSummary", writer, null)));
        Assert.Equal(Lines(writer => _model.SaveAsText(writer)), Lines(writer => Call("ICanSaveInTextFormat", "SaveAsText", writer, null)));

        var pairs = (IList<KeyValuePair<string, object>>)Call("ICanGetSummaryInKeyValuePairs", "GetSummaryInKeyValuePairs", [null])!;
        Assert.Equal(["0", "1", "2", "3", "0 mean", "0 scale", "1 weights", "1 bias", "3 weights", "3 bias"], pairs.Select(pair => pair.Key));
        Assert.Equal("Dense 3 tanh: 2 -> 3, 9 parameters", pairs[1].Value);
        Assert.Equal(_model.Layers[1].Parameters[0].ToArray(), pairs[6].Value);

        object? Call(string interfaceName, string method, params object?[] arguments) =>
            _model.GetType().GetInterfaces().Single(type => type.Name == interfaceName)
                .GetMethod(method, BindingFlags.Public | BindingFlags.Instance)!.Invoke(_model, arguments);
    }

    private static string[] Lines(Action<TextWriter> write)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(writer);
        return writer.ToString().TrimEnd('\n').Split('\n');
    }
}
