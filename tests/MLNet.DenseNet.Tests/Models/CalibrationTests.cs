using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>What ML.NET puts after a binary trainer: calibrators and thresholds.</summary>
public class CalibrationTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _train;
    private readonly IDataView _test;
    private readonly BinaryPredictionTransformer<DenseNeuralNetBinaryModelParameters> _model;

    public CalibrationTests()
    {
        _train = _mlContext.Data.LoadFromEnumerable(Sample.Rows(1000));
        _test = _mlContext.Data.LoadFromEnumerable(Sample.Rows(500, seed: 2));
        _model = _mlContext.BinaryClassification.Trainers
            .DenseNeuralNet(nameof(Sample.Flag), hiddenLayers: [16], learningRate: 0.01f, numberOfEpochs: 20, seed: 1).Fit(_train);
    }

    public static TheoryData<string> Calibrators => ["Platt", "isotonic", "naive"];

    [Theory]
    [MemberData(nameof(Calibrators))]
    public void Calibrators_learn_from_the_scores(string calibrator)
    {
        var calibrators = _mlContext.BinaryClassification.Calibrators;
        IEstimator<ITransformer> estimator = calibrator switch
        {
            "Platt" => calibrators.Platt(nameof(Sample.Flag)),
            "isotonic" => calibrators.Isotonic(nameof(Sample.Flag)),
            _ => calibrators.Naive(nameof(Sample.Flag)),
        };
        var calibration = estimator.Fit(_model.Transform(_train));
        var calibrated = calibration.Transform(_model.Transform(_test));

        var rows = calibrated.GetColumn<bool>(nameof(Sample.Flag)).Zip(calibrated.GetColumn<float>("Probability")).ToArray();
        // The squared error of the probabilities: 0.25 where they say nothing.
        var brierScore = rows.Average(row => Math.Pow((row.First ? 1 : 0) - row.Second, 2));
        Assert.True(brierScore < 0.1, $"Brier score {brierScore}");
        Assert.NotEqual(Tasks.ScoreBits(_model.Transform(_test), "Probability"), Tasks.ScoreBits(calibrated, "Probability"));

        var reloaded = SavedModel.Reload(_model.Append(calibration), _train.Schema);
        Assert.Equal(Tasks.ScoreBits(calibrated, "Probability"), Tasks.ScoreBits(reloaded.Transform(_test), "Probability"));
    }

    [Fact]
    public void Another_threshold_moves_labels_only()
    {
        const float Threshold = 1.5f;
        var moved = _mlContext.BinaryClassification.ChangeModelThreshold(_model, Threshold);
        var scores = _model.Transform(_test).GetColumn<float>("Score").ToArray();
        foreach (var model in (ITransformer[])[moved, SavedModel.Reload(moved, _train.Schema)])
        {
            var scored = model.Transform(_test);
            Assert.Equal(scores, scored.GetColumn<float>("Score"));
            Assert.Equal(scores.Select(score => score > Threshold), scored.GetColumn<bool>("PredictedLabel"));
        }

        Assert.Equal(scores.Select(score => score > 0), _model.Transform(_test).GetColumn<bool>("PredictedLabel"));
        Assert.Contains(scores, score => score is > 0 and < Threshold);
    }
}
