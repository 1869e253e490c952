using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

public class QuantileCrossValidationTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;
    private int _epochs;

    public QuantileCrossValidationTests() => _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(90));

    /// <summary>The same folds as those of a split by hand.</summary>
    [Fact]
    public void Each_fold_is_scored_by_a_model_that_never_saw_it()
    {
        var results = _mlContext.Regression.CrossValidateQuantiles(_data, Pipeline(), 3, nameof(Sample.Number), seed: 7);
        var folds = _mlContext.Data.CrossValidationSplit(_data, 3, seed: 7);
        Assert.Equal([0, 1, 2], results.Select(result => result.Fold));
        foreach (var (result, fold) in results.Zip(folds))
        {
            var scored = Pipeline().Fit(fold.TrainSet).Transform(fold.TestSet);
            Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(result.ScoredHoldOutSet));
            Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(result.Model.Transform(fold.TestSet)));
            Assert.Equal(_mlContext.Regression.EvaluateQuantiles(scored, nameof(Sample.Number)).ToString(), result.Metrics.ToString());
            Assert.Equal([0.1f, 0.5f, 0.9f], result.Metrics.Quantiles.Select(quantile => quantile.Quantile));
        }

        Assert.Equal(90, results.Sum(result => result.ScoredHoldOutSet.GetColumn<float>(nameof(Sample.Number)).Count()));
    }

    [Fact]
    public void Rows_of_one_sampling_key_stay_together()
    {
        var rows = Sample.Rows(90);
        for (var i = 0; i < rows.Count; i++)
            rows[i].Category = $"{i / 10}";
        var results = _mlContext.Regression.CrossValidateQuantiles(_mlContext.Data.LoadFromEnumerable(rows), Pipeline(), 3, nameof(Sample.Number), nameof(Sample.Category));
        Assert.Equal(9, results.Sum(result => result.ScoredHoldOutSet.GetColumn<string>(nameof(Sample.Category)).Distinct().Count()));
    }

    /// <summary>Scores whose names are others, as behind a step that makes a new column of them.</summary>
    [Fact]
    public void Quantiles_can_be_given()
    {
        var unnamed = Pipeline().Append(_mlContext.Transforms.Concatenate("Score", "Score", nameof(Sample.Weight)));
        Assert.Contains("got [Score.0.1, Score.0.5, Score.0.9, Weight]", Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.CrossValidateQuantiles(_data, unnamed, 2, nameof(Sample.Number))).Message, StringComparison.Ordinal);
        var results = _mlContext.Regression.CrossValidateQuantiles(_data, unnamed, 2, nameof(Sample.Number), quantiles: [0.1f, 0.5f, 0.9f, 0.95f]);
        Assert.All(results, result => Assert.Equal([0.1f, 0.5f, 0.9f, 0.95f], result.Metrics.Quantiles.Select(quantile => quantile.Quantile)));
    }

    /// <summary>How many scores there are is known of those of a model.</summary>
    [Fact]
    public void Another_number_of_quantiles_is_told_after_the_first_fold()
    {
        var error = Assert.Throws<ArgumentException>("quantiles", () => _mlContext.Regression.CrossValidateQuantiles(_data, Pipeline(), 3, nameof(Sample.Number), quantiles: [0.1f, 0.9f]));
        Assert.Contains("There are 2 quantiles, and 3 scores in the column 'Score'", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _epochs);
    }

    [Fact]
    public void What_cannot_be_evaluated_is_refused_before_any_training()
    {
        Refused("'Missing'", () => _mlContext.Regression.CrossValidateQuantiles(_data, Pipeline(), 3, "Missing"), "label");
        Refused("'Numbers'", () => _mlContext.Regression.CrossValidateQuantiles(_data, Pipeline(), 3, nameof(Sample.Numbers)), "CrossValidateMultiOutput");
        Refused("", () => _mlContext.Regression.CrossValidateQuantiles(_data, Pipeline(), 1, nameof(Sample.Number)), "more than 1");
        Refused("", () => _mlContext.Regression.CrossValidateQuantiles(_data, null!), "estimator");
        Refused("quantiles", () => _mlContext.Regression.CrossValidateQuantiles(_data, Pipeline(), 3, nameof(Sample.Number), quantiles: [0.5f, 0.1f, 0.9f]), "must ascend");
        var single = Options();
        single.Loss = null;
        Refused("'Score'", () => _mlContext.Regression.CrossValidateQuantiles(_data, _mlContext.Regression.Trainers.DenseNeuralNet(single), 3, nameof(Sample.Number)), "for a single prediction there is mlContext.Regression.CrossValidate");
        Refused("'Number'", () => _mlContext.Regression.CrossValidateMultiOutput(_data, Pipeline(), 3, nameof(Sample.Number)), "for several quantiles of one mlContext.Regression.CrossValidateQuantiles");

        // ML.NET's own would evaluate after training all folds.
        Refused("3 quantiles of the label column 'Number'", () => _mlContext.Regression.CrossValidate(_data, Pipeline(), 3, nameof(Sample.Number)), "mlContext.Regression.CrossValidateQuantiles");
        Refused("3 quantiles of the label column 'Number'", () => _mlContext.Regression.CrossValidate(_data, _mlContext.Transforms.DenseNeuralNet(Options()), 3, nameof(Sample.Number)), "mlContext.Regression.CrossValidateQuantiles");
        Assert.Equal(0, _epochs);

        Assert.Equal(2, _mlContext.Regression.CrossValidateQuantiles(_data, Pipeline(), 2, nameof(Sample.Number)).Count);
        Assert.Equal(4, _epochs);

        static void Refused(string name, Action run, string what)
        {
            var error = Assert.ThrowsAny<Exception>(run);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
        }
    }

    private EstimatorChain<DenseNeuralNetQuantileRegressionTransformer> Pipeline() =>
        _mlContext.Transforms.NormalizeMinMax("Features").Append(_mlContext.Regression.Trainers.DenseNeuralNetQuantile(Options()));

    private DenseNeuralNetOptions Options() => new()
    {
        LabelColumnName = nameof(Sample.Number),
        HiddenLayers = [6],
        NumberOfEpochs = 2,
        Loss = new MultiQuantileLoss(0.1f, 0.5f, 0.9f),
        Seed = 1,
        EpochCompleted = _ => _epochs++,
    };
}
