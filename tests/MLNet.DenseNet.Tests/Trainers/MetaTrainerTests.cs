using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

/// <summary>ML.NET's trainers that make multiclass models of binary ones take ours.</summary>
public class MetaTrainerTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void One_versus_all() =>
        CheckLearnsAndReloads(_mlContext.MulticlassClassification.Trainers.OneVersusAll(Binary()));

    [Fact]
    public void One_versus_all_with_scores_that_are_no_probabilities() =>
        CheckLearnsAndReloads(_mlContext.MulticlassClassification.Trainers.OneVersusAll(Binary(), useProbabilities: false));

    [Fact]
    public void Pairwise_coupling() =>
        CheckLearnsAndReloads(_mlContext.MulticlassClassification.Trainers.PairwiseCoupling(Binary()));

    private DenseNeuralNetBinaryTrainer Binary() =>
        _mlContext.BinaryClassification.Trainers.DenseNeuralNet(hiddenLayers: [16], learningRate: 0.01f, numberOfEpochs: 10, seed: 1);

    private void CheckLearnsAndReloads(IEstimator<ITransformer> trainer)
    {
        var train = _mlContext.Data.LoadFromEnumerable(Sample.Rows(1500));
        var test = _mlContext.Data.LoadFromEnumerable(Sample.Rows(500, seed: 2));
        var model = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category)).Append(trainer).Fit(train);
        var scored = model.Transform(test);
        var metrics = _mlContext.MulticlassClassification.Evaluate(scored);
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");

        Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(SavedModel.Reload(model, train.Schema).Transform(test)));
    }
}
