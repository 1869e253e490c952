using Microsoft.ML;

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
    public void Cross_validation_and_permutation_importance()
    {
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(nameof(Sample.Flag), hiddenLayers: [16], learningRate: 0.01f, numberOfEpochs: 20, seed: 1);
        var folds = _mlContext.BinaryClassification.CrossValidate(_train, trainer, numberOfFolds: 3, labelColumnName: nameof(Sample.Flag));
        Assert.All(folds, fold => Assert.True(fold.Metrics.Accuracy > 0.9, $"accuracy {fold.Metrics.Accuracy}"));

        var model = trainer.Fit(_train);
        var importance = _mlContext.BinaryClassification.PermutationFeatureImportance(model, model.Transform(_test), nameof(Sample.Flag));
        var byFeature = importance.Select(m => m.AreaUnderRocCurve.Mean).ToArray();
        // The flag depends on the first two features alone.
        Assert.All(byFeature[..2], x => Assert.True(x < -0.2));
        Assert.All(byFeature[2..], x => Assert.True(Math.Abs(x) < 0.05));
    }

    [Fact]
    public void One_versus_all_around_the_binary_trainer()
    {
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category))
            .Append(_mlContext.MulticlassClassification.Trainers.OneVersusAll(
                _mlContext.BinaryClassification.Trainers.DenseNeuralNet(hiddenLayers: [16], learningRate: 0.01f, numberOfEpochs: 10, seed: 1)));
        var metrics = _mlContext.MulticlassClassification.Evaluate(pipeline.Fit(_train).Transform(_test));
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
    }

    private IDataView FitAndScore(string task, Action<DenseNeuralNetOptions>? change = null) =>
        Tasks.Pipeline(_mlContext, task, options =>
        {
            options.NumberOfEpochs = 30;
            change?.Invoke(options);
        }).Fit(_train).Transform(_test);
}
