using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

public class MultiOutputCrossValidationTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;
    private int _epochs;

    public MultiOutputCrossValidationTests() => _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(90));

    /// <summary>The same folds as those of a split by hand.</summary>
    [Fact]
    public void Each_fold_is_scored_by_a_model_that_never_saw_it()
    {
        var results = _mlContext.Regression.CrossValidateMultiOutput(_data, Pipeline(), 3, nameof(Sample.Numbers), seed: 7);
        var folds = _mlContext.Data.CrossValidationSplit(_data, 3, seed: 7);
        Assert.Equal([0, 1, 2], results.Select(result => result.Fold));
        foreach (var (result, fold) in results.Zip(folds))
        {
            var model = Pipeline().Fit(fold.TrainSet);
            var scored = model.Transform(fold.TestSet);
            Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(result.ScoredHoldOutSet));
            Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(result.Model.Transform(fold.TestSet)));
            Assert.Equal(_mlContext.Regression.EvaluateMultiOutput(scored, nameof(Sample.Numbers)).Overall.RSquared, result.Metrics.Overall.RSquared);
            Assert.Equal(2, result.Metrics.Outputs.Count);
        }

        Assert.Equal(90, results.Sum(result => result.ScoredHoldOutSet.GetColumn<float>(nameof(Sample.Number)).Count()));
    }

    [Fact]
    public void Rows_of_one_sampling_key_stay_together()
    {
        var rows = Sample.Rows(90);
        for (var i = 0; i < rows.Count; i++)
            rows[i].Category = $"{i / 10}";
        var results = _mlContext.Regression.CrossValidateMultiOutput(_mlContext.Data.LoadFromEnumerable(rows), Pipeline(), 3, nameof(Sample.Numbers), nameof(Sample.Category));
        Assert.Equal(9, results.Sum(result => result.ScoredHoldOutSet.GetColumn<string>(nameof(Sample.Category)).Distinct().Count()));
    }

    [Fact]
    public void Several_labels_are_refused_by_the_cross_validation_of_one_before_any_training()
    {
        var data = _mlContext.Transforms.CustomMapping<Sample, Flags>((row, made) => made.Labels = [row.Flag, !row.Flag], contractName: null).Fit(_data).Transform(_data);
        var pipeline = _mlContext.Transforms.DenseNeuralNet("Labels", numberOfEpochs: 1);
        foreach (var (catalog, run) in new (string, Action)[]
        {
            ("mlContext.BinaryClassification.CrossValidate ", () => _mlContext.BinaryClassification.CrossValidate(data, pipeline, 3, "Labels")),
            ("mlContext.BinaryClassification.CrossValidateNonCalibrated ", () => _mlContext.BinaryClassification.CrossValidateNonCalibrated(data, pipeline, 3, "Labels")),
            ("mlContext.MulticlassClassification.CrossValidate ", () => _mlContext.MulticlassClassification.CrossValidate(data, pipeline, 3, "Labels")),
        })
        {
            var error = Assert.Throws<NotSupportedException>(run);
            Assert.Contains(catalog, error.Message, StringComparison.Ordinal);
            Assert.Contains("CrossValidateMultiLabel", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_be_evaluated_is_refused_before_any_training()
    {
        Refused("'Numbers'", () => _mlContext.Regression.CrossValidate(_data, Pipeline(), 3, nameof(Sample.Numbers)), "CrossValidateMultiOutput");
        Refused("'Numbers'", () => _mlContext.Regression.CrossValidate(_data, _mlContext.Transforms.DenseNeuralNet(Options()), 3, nameof(Sample.Numbers)), "CrossValidateMultiOutput");
        Refused("'Missing'", () => _mlContext.Regression.CrossValidateMultiOutput(_data, Pipeline(), 3, "Missing"), "label");
        Refused("'Number'", () => _mlContext.Regression.CrossValidateMultiOutput(_data, Pipeline(), 3, nameof(Sample.Number)), "single output");
        Refused("", () => _mlContext.Regression.CrossValidateMultiOutput(_data, Pipeline(), 1, nameof(Sample.Numbers)), "more than 1");
        Refused("", () => _mlContext.Regression.CrossValidateMultiOutput(_data, null!), "estimator");
        var single = Options();
        single.LabelColumnName = nameof(Sample.Number);
        Refused("'Score'", () => _mlContext.Regression.CrossValidateMultiOutput(_data, _mlContext.Regression.Trainers.DenseNeuralNet(single), 3, nameof(Sample.Numbers)), "single output");
        Assert.Equal(0, _epochs);

        Assert.Equal(2, _mlContext.Regression.CrossValidate(_data, _mlContext.Regression.Trainers.DenseNeuralNet(single), 2, nameof(Sample.Number)).Count);
        Assert.Equal(4, _epochs);

        static void Refused(string name, Action run, string what)
        {
            var error = Assert.ThrowsAny<Exception>(run);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Which cannot be told from one that ends with several outputs.</summary>
    [Fact]
    public void A_pipeline_that_makes_one_output_of_several_is_told_another_way()
    {
        var single = Options();
        (single.LabelColumnName, single.FeatureColumnName) = (nameof(Sample.Number), "Outputs");
        var pipeline = Pipeline().Append(_mlContext.Transforms.CopyColumns("Outputs", "Score")).Append(_mlContext.Regression.Trainers.DenseNeuralNet(single));
        var error = Assert.Throws<NotSupportedException>(() => _mlContext.Regression.CrossValidate(_data, pipeline, 2, nameof(Sample.Number)));
        Assert.Contains("mlContext.Data.CrossValidationSplit", error.Message, StringComparison.Ordinal);
        Assert.All(
            _mlContext.Data.CrossValidationSplit(_data, 2),
            fold => Assert.True(double.IsFinite(_mlContext.Regression.Evaluate(pipeline.Fit(fold.TrainSet).Transform(fold.TestSet), nameof(Sample.Number)).RSquared)));
    }

    private EstimatorChain<DenseNeuralNetMultiOutputRegressionTransformer> Pipeline() =>
        _mlContext.Transforms.NormalizeMinMax("Features").Append(_mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(Options()));

    private DenseNeuralNetOptions Options() => new() { LabelColumnName = nameof(Sample.Numbers), HiddenLayers = [6], NumberOfEpochs = 2, Seed = 1, EpochCompleted = _ => _epochs++ };

    private sealed class Flags
    {
        [VectorType(2)]
        public bool[] Labels { get; set; } = [];
    }
}
