namespace MLNet.DenseNet.Engine.Tests.Training.Beginning;

/// <summary>Layers at the beginning that are statistics of the rows, without a standardization before them.</summary>
public class InputStatisticsTests
{
    [Fact]
    public void Replacements_of_missing_values_are_means()
    {
        var network = Network.Create(2, [new MissingValueLayer([0]), new DenseLayer(1)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(2, 1, (float[])[990, 0, 1010, 0, float.NaN, 0], new float[3]));
        Assert.Equal([1000f], network.Parameters[0].ToArray());
    }

    [Fact]
    public void Bins_of_an_embedding_are_quantiles()
    {
        var network = Network.Create(1, [new NumericEmbeddingLayer(2, bins: 4), new DenseLayer(1)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions()).Standardize(Dataset.FromTargets(1, 1, (float[])[0, 10, 20, 30, 40], new float[5]));
        Assert.Equal([0f, 10, 20, 30, 40], NumericEmbeddingLayer.EdgesOf(network.Layers[0]).ToArray());
    }
}
