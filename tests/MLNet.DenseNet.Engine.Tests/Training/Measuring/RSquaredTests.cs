namespace MLNet.DenseNet.Engine.Tests.Training;

public class RSquaredTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Is_one_minus_the_share_of_variation_left(bool weighted)
    {
        var validation = SmallTraining.Data(weighted);
        var network = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(network, SmallTraining.Options()).Train(SmallTraining.Data(), validation);

        var predictions = network.Predict(SmallTraining.Features);
        var weights = weighted ? SmallTraining.Weights : [.. Enumerable.Repeat(1f, SmallTraining.Rows)];
        var expected = Enumerable.Range(0, SmallTraining.Outputs).Average(output =>
        {
            var rows = Enumerable.Range(0, SmallTraining.Rows)
                .Select(r => (Target: (double)SmallTraining.Targets[r * SmallTraining.Outputs + output], Score: predictions[r * SmallTraining.Outputs + output], Weight: weights[r])).ToArray();
            var mean = rows.Sum(r => r.Weight * r.Target) / rows.Sum(r => r.Weight);
            return 1 - rows.Sum(r => r.Weight * Math.Pow(r.Target - r.Score, 2)) / rows.Sum(r => r.Weight * Math.Pow(r.Target - mean, 2));
        });
        Assert.Equal(expected, history[^1].ValidationRSquared!.Value, 1e-6);
        Assert.InRange(history[^1].RSquared!.Value, -10, 1);
    }

    [Fact]
    public void Outputs_whose_targets_are_all_the_same_are_left_out()
    {
        Assert.Null(Train([2, 2, 2, 2]));
        Assert.Null(Train([2, 5, 2, 5]));
        Assert.InRange(Train([2, 5, 3, 5])!.Value, -1000, 1);

        static double? Train(float[] targets)
        {
            var network = Network.Create(1, [new DenseLayer(2)], seed: 1);
            return new NetworkTrainer(network, new TrainingOptions { NumberOfEpochs = 1 }).Train(Dataset.FromTargets(1, 2, new float[] { 1, 2 }, targets))[0].RSquared;
        }
    }

    /// <summary>Mixing makes the variation of targets smaller, and that of the noise in them too.</summary>
    [Fact]
    public void Of_mixed_targets_it_is_by_the_variation_of_the_mixtures()
    {
        var (features, noise) = (Samples.Numbers(3000, seed: 1), Samples.Numbers(3000, seed: 2));
        var data = Dataset.FromTargets(1, 1, features, features.Zip(noise, (x, e) => x + e).ToArray());
        var plain = Train(0);
        Assert.InRange(plain.ValidationRSquared!.Value, 0.4, 0.6);
        foreach (var mixup in (float[])[1, 50])
        {
            var mixed = Train(mixup);
            Assert.Equal(plain.ValidationRSquared.Value, mixed.ValidationRSquared!.Value, 0.02);
            Assert.Equal(plain.RSquared!.Value, mixed.RSquared!.Value, 0.03);
        }

        var same = Dataset.FromTargets(1, 1, features, Enumerable.Repeat(0.1f, 3000).ToArray());
        Assert.Null(new NetworkTrainer(NewNetwork(), Options(0.3f)).Train(same)[^1].RSquared);

        EpochSummary Train(float mixup) => new NetworkTrainer(NewNetwork(), Options(mixup)).Train(data, data)[^1];

        static Network NewNetwork() => Network.Create(1, [new DenseLayer(1)], seed: 1);

        static TrainingOptions Options(float mixup) => new() { NumberOfEpochs = 20, LearningRate = 0.01f, Seed = 1, Augmentation = mixup > 0 ? new TableAugmentation(mixup: mixup) : null };
    }

    [Fact]
    public void Classifications_have_none()
    {
        var network = Network.Create(1, [new DenseLayer(1, Activation.Sigmoid)], seed: 1);
        var data = Dataset.FromClasses(1, 2, new float[] { 1, 2 }, new[] { 0, 1 });
        var epoch = new NetworkTrainer(network, new TrainingOptions { NumberOfEpochs = 1 }).Train(data, data)[0];
        Assert.Equal((null, null), (epoch.RSquared, epoch.ValidationRSquared));
        Assert.NotNull(epoch.Accuracy);
    }
}
