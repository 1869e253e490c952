using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Augmentations;

/// <summary>The rows of a batch as an augmentation leaves them.</summary>
internal static class AugmentedSamples
{
    /// <summary>All rows of a data set as one batch, in order.</summary>
    public static (float[][] Features, float[] Targets, float[] Weights) Augment(Augmentation augmentation, Dataset data, int outputs, long step = 0, int threads = 1, int seed = 5)
    {
        var rows = RowSubset.All(data);
        using var team = new ThreadTeam(threads);
        using var batches = rows.OpenBatches(new BatchLayout(
            outputs, data.Rows, Augmentation: augmentation, NoiseDeviations: augmentation.Noise > 0 ? rows.Features.ToDeviations(augmentation.Noise) : null));
        batches.Begin(1);
        Assert.True(batches.TryTakeNext());
        batches.Batch.Augment(new TrainingStep(seed, step), team);
        var features = batches.Batch.Features.Dense;
        return ([.. Enumerable.Range(0, data.Rows).Select(row => features[row].ToArray())], batches.Batch.Targets.Values.ToArray(), batches.Batch.Targets.Weights.ToArray());
    }
}
