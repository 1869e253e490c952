using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

/// <summary>ML.NET's permutation feature importance finds which features the labels depend on, with fitted and with loaded models.</summary>
public class PermutationFeatureImportanceTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _train;
    private readonly IDataView _test;

    public PermutationFeatureImportanceTests()
    {
        _train = _mlContext.Data.LoadFromEnumerable(Sample.Rows(1500));
        _test = _mlContext.Data.LoadFromEnumerable(Sample.Rows(500, seed: 2));
    }

    [Fact]
    public void Binary() => Check(
        _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(nameof(Sample.Flag))).Fit(_train), [0, 1],
        model => new MLContext(seed: 1).BinaryClassification
            .PermutationFeatureImportance(model, model.Transform(_test), nameof(Sample.Flag)).Select(metrics => metrics.AreaUnderRocCurve.Mean));

    [Fact]
    public void Multiclass()
    {
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category)).Fit(_train);
        Check(
            _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(Options("Label")).Fit(keys.Transform(_train)), [0, 1],
            model => new MLContext(seed: 1).MulticlassClassification
                .PermutationFeatureImportance(model, model.Transform(keys.Transform(_test))).Select(metrics => metrics.MicroAccuracy.Mean));
    }

    [Fact]
    public void Regression() => Check(
        _mlContext.Regression.Trainers.DenseNeuralNet(Options(nameof(Sample.Number))).Fit(_train), [0, 2],
        model => new MLContext(seed: 1).Regression
            .PermutationFeatureImportance(model, model.Transform(_test), nameof(Sample.Number)).Select(metrics => metrics.RSquared.Mean));

    private static DenseNeuralNetOptions Options(string label) =>
        new() { LabelColumnName = label, HiddenLayers = [16], LearningRate = 0.01f, NumberOfEpochs = 20, Seed = 1 };

    /// <summary>Without the features that the label depends on the metric falls, without the others it stays.</summary>
    private void Check(
        ISingleFeaturePredictionTransformer<object> model, int[] expected, Func<ISingleFeaturePredictionTransformer<object>, IEnumerable<double>> importance)
    {
        var changes = importance(model).ToArray();
        Assert.Equal(Sample.FeatureCount, changes.Length);
        foreach (var (feature, change) in changes.Index())
            Assert.True(expected.Contains(feature) ? change < -0.1 : Math.Abs(change) < 0.03, $"feature {feature}: {change}");

        Assert.Equal(changes, importance((ISingleFeaturePredictionTransformer<object>)SavedModel.Reload(model, _train.Schema)));
    }
}
