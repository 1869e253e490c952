using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet.Tests;

/// <summary>The networks learn, by the measure of ML.NET's own evaluators on rows that they have not seen.</summary>
public class EvaluationTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _train;
    private readonly IDataView _test;

    public EvaluationTests()
    {
        _train = _mlContext.Data.LoadFromEnumerable(Sample.Rows(2000));
        _test = _mlContext.Data.LoadFromEnumerable(Sample.Rows(500, seed: 2));
    }

    /// <summary>One row that is far on the wrong side costs much, and not all.</summary>
    [Fact]
    public void Log_loss_is_finite_however_sure_a_wrong_prediction_is()
    {
        Assert.Equal(0.5f, LogitProbability.Of(0));
        foreach (var logit in (float[])[-1000, -100, -20, 20, 100, 1000, float.MaxValue, float.MinValue])
            Assert.InRange(LogitProbability.Of(logit), float.Epsilon, MathF.BitDecrement(1));
        Assert.True(float.IsNaN(LogitProbability.Of(float.NaN)));

        Far[] rows = [.. Enumerable.Range(0, 200).Select(i => new Far { Features = [i % 2 == 0 ? 1 : -1], Label = i % 2 == 0 })];
        var options = new DenseNeuralNetOptions { HiddenLayers = [], NormalizeFeatures = FeatureNormalization.Off, NumberOfEpochs = 20, Seed = 1 };
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(_mlContext.Data.LoadFromEnumerable(rows));
        Far[] wrong = [new() { Features = [1e6f], Label = false }, new() { Features = [-1e6f], Label = true }];
        var metrics = _mlContext.BinaryClassification.EvaluateNonCalibrated(model.Transform(_mlContext.Data.LoadFromEnumerable(wrong)));
        Assert.Equal(0, metrics.Accuracy);
        Assert.InRange(_mlContext.BinaryClassification.Evaluate(model.Transform(_mlContext.Data.LoadFromEnumerable(wrong))).LogLoss, 20, 100);
    }

    [Fact]
    public void Multiclass()
    {
        var metrics = _mlContext.MulticlassClassification.Evaluate(FitAndScore(Tasks.Multiclass));
        Assert.True(metrics.MicroAccuracy > 0.95, $"accuracy {metrics.MicroAccuracy}");
        Assert.True(metrics.LogLoss < 0.2, $"log-loss {metrics.LogLoss}");
    }

    [Fact]
    public void Multiclass_as_in_the_textbook_with_sigmoid_outputs_squared_errors_and_gradient_descent()
    {
        var metrics = _mlContext.MulticlassClassification.Evaluate(FitAndScore(Tasks.Multiclass, options =>
        {
            options.Activation = Activation.Sigmoid;
            options.OutputActivation = Activation.Sigmoid;
            options.Loss = new MeanSquaredError();
            options.Optimizer = new StochasticGradientDescent(momentum: 0.9f);
            options.LearningRate = 0.3f;
            options.BatchSize = 8;
        }));
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
    }

    [Fact]
    public void Binary()
    {
        var metrics = _mlContext.BinaryClassification.Evaluate(FitAndScore(Tasks.Binary), nameof(Sample.Flag));
        Assert.True(metrics.AreaUnderRocCurve > 0.97, $"area under the ROC curve {metrics.AreaUnderRocCurve}");
        Assert.True(metrics.LogLoss < 0.4, $"log-loss {metrics.LogLoss}");
    }

    [Fact]
    public void Regression()
    {
        var metrics = _mlContext.Regression.Evaluate(FitAndScore(Tasks.Regression), nameof(Sample.Number));
        Assert.True(metrics.RSquared > 0.97, $"R-squared {metrics.RSquared}");
    }

    [Fact]
    public void Regression_of_several_outputs()
    {
        var metrics = _mlContext.Regression.EvaluateMultiOutput(FitAndScore(Tasks.MultiOutput), nameof(Sample.Numbers));
        Assert.All(metrics.Outputs, output => Assert.True(output.MeanSquaredError < 0.02, $"mean squared error {output.MeanSquaredError}"));
    }

    [Fact]
    public void Linear_models_without_hidden_layers()
    {
        var metrics = _mlContext.MulticlassClassification.Evaluate(FitAndScore(Tasks.Multiclass, options =>
        {
            options.HiddenLayers = [];
            options.LearningRate = 0.05f;
        }));
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
    }

    [Fact]
    public void Cross_validation()
    {
        var options = new DenseNeuralNetOptions { HiddenLayers = [16], LearningRate = 0.01f, NumberOfEpochs = 20, Seed = 1 };
        options.LabelColumnName = nameof(Sample.Flag);
        var binary = _mlContext.BinaryClassification.CrossValidate(
            _train, _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options), numberOfFolds: 3, labelColumnName: options.LabelColumnName);
        Assert.Equal(3, binary.Count);
        Assert.All(binary, fold => Assert.True(fold.Metrics.Accuracy > 0.9, $"accuracy {fold.Metrics.Accuracy}"));

        options.LabelColumnName = nameof(Sample.Number);
        var regression = _mlContext.Regression.CrossValidate(
            _train, _mlContext.Regression.Trainers.DenseNeuralNet(options), numberOfFolds: 3, labelColumnName: options.LabelColumnName);
        Assert.All(regression, fold => Assert.True(fold.Metrics.RSquared > 0.9, $"R-squared {fold.Metrics.RSquared}"));

        var multiclass = _mlContext.MulticlassClassification.CrossValidate(_train, Tasks.Pipeline(_mlContext, Tasks.Multiclass), numberOfFolds: 3);
        Assert.All(multiclass, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.9, $"accuracy {fold.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void Confusion_matrices_count_the_predicted_labels()
    {
        var binary = FitAndScore(Tasks.Binary);
        var flags = binary.GetColumn<bool>(nameof(Sample.Flag)).Zip(binary.GetColumn<bool>("PredictedLabel")).ToArray();
        var matrix = _mlContext.BinaryClassification.Evaluate(binary, nameof(Sample.Flag)).ConfusionMatrix;
        bool[] classes = [true, false];
        Assert.Equal(
            classes.Select(actual => classes.Select(predicted => (double)flags.Count(row => row == (actual, predicted))).ToArray()),
            matrix.Counts);

        var multiclass = FitAndScore(Tasks.Multiclass);
        var keys = multiclass.GetColumn<uint>("Label").Zip(multiclass.GetColumn<uint>("PredictedLabel")).ToArray();
        matrix = _mlContext.MulticlassClassification.Evaluate(multiclass).ConfusionMatrix;
        uint[] values = [1, 2, 3];
        Assert.Equal(
            values.Select(actual => values.Select(predicted => (double)keys.Count(row => row == (actual, predicted))).ToArray()),
            matrix.Counts);
        Assert.Contains("middle", matrix.GetFormattedConfusionTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void Precision_and_recall()
    {
        var scored = FitAndScore(Tasks.Binary);
        var rows = scored.GetColumn<bool>(nameof(Sample.Flag)).Zip(scored.GetColumn<bool>("PredictedLabel")).ToArray();
        var hits = (double)rows.Count(row => row == (true, true));
        var metrics = _mlContext.BinaryClassification.Evaluate(scored, nameof(Sample.Flag));
        Assert.Equal(hits / rows.Count(row => row.Second), metrics.PositivePrecision, 1e-9);
        Assert.Equal(hits / rows.Count(row => row.First), metrics.PositiveRecall, 1e-9);
        Assert.True(metrics.AreaUnderPrecisionRecallCurve > 0.97, $"area under the precision-recall curve {metrics.AreaUnderPrecisionRecallCurve}");
    }

    private IDataView FitAndScore(string task, Action<DenseNeuralNetOptions>? change = null) =>
        Tasks.Pipeline(_mlContext, task, options =>
        {
            options.NumberOfEpochs = 30;
            change?.Invoke(options);
        }).Fit(_train).Transform(_test);

    private sealed class Far
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
