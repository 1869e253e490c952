using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.EstimatorContract;

namespace MLNet.DenseNet.Tests.Data;

/// <summary>A column is hidden where a later step puts out another one of its name. What needs the first one must not take the second.</summary>
public class HiddenColumnTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _log = [];
    private readonly IDataView _data;

    public HiddenColumnTests()
    {
        _mlContext.Log += (_, e) => _log.Add(e.Message);
        _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(200));
    }

    [Fact]
    public void Several_outputs_are_not_evaluated_with_themselves()
    {
        var data = _mlContext.Transforms.CopyColumns("Score", nameof(Sample.Numbers)).Fit(_data).Transform(_data);
        var estimator = _mlContext.Transforms.DenseNeuralNet(Options("Score"));
        Refused("The label column is 'Score', which is the score column too", () => _mlContext.Regression.CrossValidateMultiOutput(data, estimator, 2, "Score"));
        Refused("The label column is 'Score', which is the score column too", () => _mlContext.Regression.EvaluateMultiOutput(estimator.Fit(data).Transform(data), "Score"));
    }

    [Theory]
    [InlineData("PredictedLabel", "predicted label")]
    [InlineData("Score", "score")]
    public void Several_labels_are_not_evaluated_with_themselves(string name, string role)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(200).Select(row => new Flags { Features = row.Features, Labels = [row.Flag, row.Number > 0] }));
        data = _mlContext.Transforms.CopyColumns(name, nameof(Flags.Labels)).Fit(data).Transform(data);
        var estimator = _mlContext.Transforms.DenseNeuralNet(Options(name));
        var expected = $"The label column is '{name}', which is the {role} column too";
        Refused(expected, () => _mlContext.BinaryClassification.CrossValidateMultiLabel(data, estimator, 2, name));
        Refused(expected, () => _mlContext.BinaryClassification.EvaluateMultiLabel(estimator.Fit(data).Transform(data), name));
    }

    /// <summary>ML.NET's own evaluations compare such predictions with themselves.</summary>
    [Theory]
    [InlineData("Score", true)]
    [InlineData("PredictedLabel", false)]
    public void A_training_warns_of_a_label_that_predictions_hide(string label, bool warns)
    {
        var data = _mlContext.Transforms.CopyColumns(label, nameof(Sample.Number)).Fit(_data).Transform(_data);
        _mlContext.Transforms.DenseNeuralNet(Options(label)).Fit(data);
        Assert.Equal(warns, _log.Any(line => line.Contains($"The label column '{label}' is hidden", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Tasks.Binary, "PredictedLabel")]
    [InlineData(Tasks.Regression, "Score")]
    [InlineData(Tasks.Multiclass, "Score")]
    [InlineData(Tasks.Multiclass, "PredictedLabel")]
    [InlineData(Tasks.Regression, "Color")]
    public void Columns_are_promised_right_where_keys_to_learn_from_are_named_as_an_output(string task, string name)
    {
        var data = _mlContext.Transforms.Conversion.MapValueToKey(name, nameof(Sample.Category)).Fit(_data).Transform(_data);
        PromisedSchema.Check(Tasks.Pipeline(_mlContext, task, options => options.FeatureColumnName = name), data);
    }

    [Fact]
    public void Intervals_are_not_put_around_what_a_later_step_makes_of_predictions()
    {
        var options = Options(nameof(Sample.Number));
        options.ValidationFraction = 0.3f;
        var network = _mlContext.Transforms.DenseNeuralNet(options);
        var exponential = _mlContext.Transforms.Expression("Score", "x => exp(x)", "Score");
        var (whole, part) = (network.Append(exponential).Fit(_data), network.Fit(_data));
        Refused("Behind the network, the step ExpressionTransformer of the pipeline puts other values into the column 'Score'", () => _mlContext.Transforms.CalculatePredictionInterval(whole));
        var withInterval = network.Append(_mlContext.Transforms.CalculatePredictionInterval(part)).Append(exponential).Fit(_data).Transform(_data);
        Assert.Contains("UpperBound", withInterval.Schema.Select(column => column.Name));
        Assert.NotNull(_mlContext.Transforms.CalculatePredictionInterval(network.Append(_mlContext.Transforms.DropColumns("Score", "Weight")).Fit(_data)));
        // What a step cannot do without other columns is not known, and not held against it.
        Assert.NotNull(_mlContext.Transforms.CalculatePredictionInterval(network.Append(_mlContext.Transforms.Concatenate("Both", "Score", nameof(Sample.Weight))).Fit(_data)));
    }

    [Fact]
    public void Features_that_a_later_step_replaces_are_not_explained()
    {
        var network = _mlContext.Transforms.DenseNeuralNet(Options(nameof(Sample.Number)));
        var model = network.Append(_mlContext.Transforms.NormalizeMinMax("Features")).Fit(_data);
        const string Expected = "puts other values into the column 'Features'";
        Refused(Expected, () => _mlContext.Transforms.CalculateDenseNeuralNetContribution(model));
        Refused(Expected, () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model));
        Assert.NotNull(_mlContext.Transforms.CalculateDenseNeuralNetContribution(network.Append(_mlContext.Transforms.NormalizeMinMax("Others", "Features")).Fit(_data)));
        // What the network puts out is known too; what is dropped is missed where it is needed.
        Refused(Expected, () => _mlContext.Transforms.CalculateDenseNeuralNetContribution(network.Append(_mlContext.Transforms.Concatenate("Features", "Score", "Score")).Fit(_data)));
        Assert.NotNull(_mlContext.Transforms.CalculateDenseNeuralNetContribution(network.Append(_mlContext.Transforms.DropColumns("Features")).Fit(_data)));
    }

    private static void Refused(string expected, Func<object> action) => Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static DenseNeuralNetOptions Options(string label) => new() { LabelColumnName = label, HiddenLayers = [4], NumberOfEpochs = 2, EnsembleSize = 1, Seed = 1 };

    private sealed class Flags
    {
        [VectorType(Sample.FeatureCount)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public bool[] Labels { get; set; } = [];
    }
}
