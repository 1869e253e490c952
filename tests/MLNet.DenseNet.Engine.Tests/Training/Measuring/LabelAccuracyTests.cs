namespace MLNet.DenseNet.Engine.Tests.Training.Measuring;

/// <summary>Where rows have several labels of 0 and 1, each epoch tells what share of them is right.</summary>
public class LabelAccuracyTests
{
    private const int Inputs = 3;
    private const int Labels = 5;

    [Theory]
    [InlineData("sigmoid", 1, false)]
    [InlineData("identity", 1, true)]
    [InlineData("sigmoid", 3, true)]
    public void Share_of_labels_that_are_right_is_measured(string output, int members, bool isWeighted)
    {
        const int Rows = 37;
        var (features, labels) = Made(Rows, seed: 2);
        float[] weights = [.. Enumerable.Range(0, Rows).Select(row => isWeighted ? row % 3 : 1f)];
        var layer = new DenseLayer(Labels, Samples.Activations[output]);
        var network = Network.Create(Inputs, members == 1 ? [layer] : [new EnsembleLayer(members, [layer])], seed: 1);
        var history = Train(network, 3, Dataset.FromTargets(Inputs, Labels, features, labels, isWeighted ? weights : []));
        var predicted = network.Predict(features).Select(value => value > (output == "sigmoid" ? 0.5f : 0) ? 1f : 0).ToArray();
        var expected = Enumerable.Range(0, Rows).Sum(row => weights[row] * Enumerable.Range(row * Labels, Labels).Average(i => predicted[i] == labels[i] ? 1.0 : 0)) / weights.Sum();
        Assert.Equal(expected, history[^1].ValidationAccuracy!.Value, 6);
        Assert.InRange(expected, 0.3, 0.99);
        Assert.Equal(("accuracy", history[^1].Accuracy), (history[^1].MetricName, history[^1].Metric));
    }

    [Fact]
    public void Labels_are_learned()
    {
        var history = Train(Network.Create(Inputs, [new DenseLayer(16, Activation.Tanh), new DenseLayer(Labels, Activation.Sigmoid)], seed: 1), 60, null);
        Assert.True(history[^1].Accuracy > 0.93, history[^1].ToString());
        Assert.Null(history.BaselineAccuracy);
    }

    /// <summary>Of 100 labels a row has 1. A guess has 99 % of them right, so that what was learned shows in the loss alone.</summary>
    [Fact]
    public void Rare_labels_are_judged_by_the_loss()
    {
        var history = TrainRare(new EarlyStopping(patience: 8));
        Assert.True(history[^1].ValidationLoss < 0.6 * history[0].ValidationLoss, history[^1].ToString());
        Assert.InRange(history[^1].ValidationAccuracy!.Value, 0.985, 0.9925);
        Assert.DoesNotContain(history.Verdict.Fit, new[] { TrainingFit.LearnedNothing, TrainingFit.Underfits });
        Assert.DoesNotContain("guess", history.Verdict.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Early_stopping_has_no_longer_patience_with_rare_labels()
    {
        var usual = TrainRare(new EarlyStopping(patience: 2, minimumImprovement: 0.005));
        var longer = TrainRare(new EarlyStopping(patience: 2, minimumImprovement: 0.005) { InitialPatience = 15 });
        Assert.Equal((TrainingEnd.EarlyStopped, usual.Count), (longer.End, longer.Count));
    }

    /// <summary>Shares are no labels: they have no accuracy.</summary>
    [Fact]
    public void Targets_between_0_and_1_have_none()
    {
        var (features, labels) = Made(40, seed: 1);
        labels[7] = 0.5f;
        var history = new NetworkTrainer(Network.Create(Inputs, [new DenseLayer(Labels, Activation.Sigmoid)], seed: 1), new TrainingOptions { NumberOfEpochs = 1, Seed = 1 }).Train(Dataset.FromTargets(Inputs, Labels, features, labels));
        Assert.Equal((null, null), (history[0].Accuracy, history.BaselineAccuracy));
    }

    private static TrainingHistory Train(Network network, int epochs, Dataset? validation)
    {
        var (features, labels) = Made(400, seed: 1);
        var options = new TrainingOptions { Loss = new BinaryCrossEntropy(), LearningRate = 0.02f, NumberOfEpochs = epochs, Seed = 1 };
        return new NetworkTrainer(network, options).Train(Dataset.FromTargets(Inputs, Labels, features, labels), validation);
    }

    private static TrainingHistory TrainRare(EarlyStopping stopping)
    {
        const int Rare = 100;
        var options = new TrainingOptions { Loss = new BinaryCrossEntropy(), LearningRate = 0.01f, NumberOfEpochs = 60, EarlyStopping = stopping, Seed = 1 };
        return new NetworkTrainer(Network.Create(Inputs, [new DenseLayer(32, Activation.Tanh), new DenseLayer(Rare, Activation.Sigmoid)], seed: 1), options).Train(Rows(1000, seed: 1), Rows(300, seed: 2));

        static Dataset Rows(int rows, int seed)
        {
            var features = Samples.Numbers(rows * Inputs, seed);
            var labels = new float[rows * Rare];
            foreach (var (row, numbers) in features.Chunk(Inputs).Index())
                labels[row * Rare + (int)((numbers[0] + 1) / 2 * Rare)] = 1;
            return Dataset.FromTargets(Inputs, Rare, features, labels);
        }
    }

    /// <summary>Of some labels most are 1, of others most are 0.</summary>
    private static (float[] Features, float[] Labels) Made(int rows, int seed)
    {
        var features = Samples.Numbers(rows * Inputs, seed);
        return (features, [.. features.Chunk(Inputs).SelectMany(row => Enumerable.Range(0, Labels).Select(label => row[label % Inputs] + row[(label + 1) % Inputs] > 0.3f * (label - 1) ? 1f : 0))]);
    }
}
