namespace MLNet.DenseNet.Engine.Tests.Training;

public class DiagnosticsTests
{
    [Fact]
    public void Nothing_is_recorded_unless_asked_for()
    {
        var history = new NetworkTrainer(SmallTraining.NewNetwork(), SmallTraining.Options()).Train(SmallTraining.Data());
        Assert.Empty(history.Weights);
        Assert.All(history, e => Assert.Empty(e.Diagnostics));
    }

    [Fact]
    public void Gradient_norms_are_the_means_over_the_batches()
    {
        var options = SmallTraining.Options();
        (options.Shuffle, options.NumberOfEpochs, options.RecordDiagnostics) = (false, 1, true);
        var epoch = new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data())[0];

        var network = SmallTraining.NewNetwork();
        var trainer = new NetworkTrainer(network, options);
        var norms = new List<double[]>();
        foreach (var (first, end) in ((int, int)[])[(0, 4), (4, 8), (8, 10)])
        {
            trainer.ComputeGradient(
                SmallTraining.Features.AsSpan((first * SmallTraining.Inputs)..(end * SmallTraining.Inputs)),
                SmallTraining.Targets.AsSpan((first * SmallTraining.Outputs)..(end * SmallTraining.Outputs)));
            norms.Add([.. network.Layers.Select(l => Math.Sqrt(l.Parameters.Sum(p => trainer.Gradient(p).Sum(g => (double)g * g))))]);
            trainer.Step();
        }

        // The layer between them is dropout, which has no parameters.
        Assert.Equal([0, 2], epoch.Diagnostics.Select(d => d.Layer));
        Assert.All(epoch.Diagnostics, d => Assert.Equal(norms.Average(n => n[d.Layer]), d.GradientNorm, 1e-9));
        Assert.All(epoch.Diagnostics, d => Assert.Null(d.DeadUnits));
    }

    [Fact]
    public void Units_that_are_0_for_every_row_are_dead()
    {
        // Of the features, 1 and -1: the first unit is active for one row, the second for the other, the third and the fourth for none.
        var network = Network.Create(1, [new DenseLayer(4, Activation.ReLU), new DenseLayer(2, Activation.Tanh), new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [1, -1, 0, 0.5f]);
        network.SetParameter(network.Parameters[1], [0, 0, 0, -0.6f]);
        var options = new TrainingOptions { BatchSize = 1, NumberOfEpochs = 2, LearningRate = 1e-6f, RecordDiagnostics = true };
        var history = new NetworkTrainer(network, options).Train(Dataset.FromTargets(1, 1, new float[] { 1, -1 }, new float[] { 1, 2 }));
        Assert.All(history, e => Assert.Equal([(0, 0.5), (1, (double?)null), (2, null)], e.Diagnostics.Select(d => (d.Layer, d.DeadUnits))));
    }

    /// <summary>The first filter is active where the input is positive, the second nowhere, the third where it is negative, which is at one place of one row.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Channels_that_are_0_at_every_place_of_every_row_are_dead(bool isLayerOfItsOwn)
    {
        Layer[] rectified = isLayerOfItsOwn ? [new ConvolutionLayer(3, 1), new ActivationLayer(Activation.ReLU)] : [new ConvolutionLayer(3, 1, activation: Activation.ReLU)];
        var network = Network.Create(new Shape(2, 3, 1), [.. rectified, new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [1, 1, -1]);
        network.SetParameter(network.Parameters[1], [0, -9, 0]);
        float[] images = [1, 2, 3, 4, 5, 6, 1, 1, 1, 1, -0.5f, 1];
        var options = new TrainingOptions { BatchSize = 1, NumberOfEpochs = 2, LearningRate = 1e-6f, RecordDiagnostics = true };
        var history = new NetworkTrainer(network, options).Train(Dataset.FromTargets(6, 1, images, new float[] { 1, 2 }));
        (int, double?)[] expected = isLayerOfItsOwn ? [(0, null), (1, 1.0 / 3), (2, null)] : [(0, 1.0 / 3), (1, null)];
        Assert.All(history, e => Assert.Equal(expected, e.Diagnostics.Select(d => (d.Layer, d.DeadUnits))));
        if (isLayerOfItsOwn)
            Assert.All(history, e => Assert.Equal(0, e.Diagnostics[1].GradientNorm));
    }

    /// <summary>A network of the first member's layers alone begins with the same weights and draws the same numbers.</summary>
    [Fact]
    public void Of_an_ensemble_each_layer_is_measured_in_all_members_together()
    {
        var options = SmallTraining.Options();
        (options.NumberOfEpochs, options.RecordDiagnostics) = (1, true);
        DenseLayer[] layers = [new(6, Activation.ReLU), new(SmallTraining.Outputs)];
        var one = Train(Network.Create(SmallTraining.Inputs, [new EnsembleLayer(1, layers)], seed: 1));
        var alone = Train(Network.Create(SmallTraining.Inputs, layers, seed: 1));
        Assert.Equal(alone[0].Diagnostics, one[0].Diagnostics);

        // Members with the same weights have the same gradients, dead units and histograms.
        var ensemble = Network.Create(SmallTraining.Inputs, [new EnsembleLayer(3, layers)], seed: 1);
        for (var i = 4; i < ensemble.Parameters.Count; i++)
            ensemble.SetParameter(ensemble.Parameters[i], ensemble.Parameters[i % 4].ToArray());
        var three = Train(ensemble);
        Assert.Equal([0, 1], three[0].Diagnostics.Select(d => d.Layer));
        Assert.All(alone[0].Diagnostics.Zip(three[0].Diagnostics), pair =>
        {
            Assert.Equal(pair.First.GradientNorm, pair.Second.GradientNorm, 1e-12);
            Assert.Equal(pair.First.DeadUnits, pair.Second.DeadUnits);
        });
        Assert.Equal(alone.Weights.Select(w => w.Layer), three.Weights.Select(w => w.Layer));
        Assert.Equal(alone.Weights.SelectMany(w => w.Final.Counts.Select(count => 3 * count)), three.Weights.SelectMany(w => w.Final.Counts));

        // All units of one of them are dead, and none of the others.
        for (var i = 0; i < ensemble.Parameters.Count; i += 4)
        {
            ensemble.SetParameter(ensemble.Parameters[i], new float[6 * SmallTraining.Inputs]);
            ensemble.SetParameter(ensemble.Parameters[i + 1], [.. Enumerable.Repeat(i == 4 ? -100f : 100, 6)]);
        }

        Assert.Equal(1 / 3.0, Train(ensemble)[0].Diagnostics[0].DeadUnits!.Value, 1e-12);

        TrainingHistory Train(Network network) => new NetworkTrainer(network, options).Train(SmallTraining.Data());
    }

    [Fact]
    public void Layers_that_members_share_are_measured_as_those_of_a_network_alone()
    {
        var options = SmallTraining.Options();
        (options.NumberOfEpochs, options.RecordDiagnostics) = (1, true);
        Layer[] common = [new StandardizationLayer(), new DropoutLayer(0.1f), new ActivationLayer(Activation.ReLU)];
        DenseLayer[] layers = [new(6, Activation.ReLU), new(SmallTraining.Outputs)];
        var ensemble = Network.Create(SmallTraining.Inputs, [.. common, new EnsembleLayer(1, layers)], seed: 1);
        var alone = Network.Create(SmallTraining.Inputs, [.. common, .. layers], seed: 1);
        foreach (var network in (Network[])[ensemble, alone])
        {
            // The first input is never positive.
            network.SetParameter(network.Parameters[0], [1e6f, .. new float[SmallTraining.Inputs - 1]]);
        }

        var expected = Train(alone)[0].Diagnostics;
        Assert.Equal(expected, Train(ensemble)[0].Diagnostics);
        Assert.Equal(Samples.ParameterBits(alone), Samples.ParameterBits(ensemble.Members[0]));
        Assert.Equal(1.0 / SmallTraining.Inputs, expected.Single(layer => layer.Layer == 2).DeadUnits);

        TrainingHistory Train(Network network) => new NetworkTrainer(network, options).Train(SmallTraining.Data());
    }

    [Fact]
    public void Of_a_long_epoch_at_most_32_batches_are_measured()
    {
        var network = SmallTraining.NewNetwork();
        foreach (var (batchCount, measured) in ((int, int)[])[(1, 1), (32, 32), (33, 17), (64, 32), (1000, 32)])
        {
            var recorder = new DiagnosticsRecorder(network, batchCount, scaling: null);
            Assert.Equal(measured, Enumerable.Range(0, batchCount).Count(batch => recorder.For(batch) is not null));
        }
    }

    [Fact]
    public void Histograms_count_the_weights_before_and_after()
    {
        var network = SmallTraining.NewNetwork();
        var options = SmallTraining.Options();
        (options.LearningRate, options.RestoreBestWeights, options.RecordDiagnostics) = (1.5f, true, true);
        var initial = network.Parameters[0].ToArray();
        var history = new NetworkTrainer(network, options).Train(SmallTraining.Data());
        Assert.True(history.RestoredEpoch < history.Count);

        Assert.Equal([0, 2], history.Weights.Select(w => w.Layer));
        Check(initial, history.Weights[0].Initial);
        Check(network.Parameters[0].ToArray(), history.Weights[0].Final);

        static void Check(float[] weights, WeightHistogram histogram)
        {
            Assert.Equal((weights.Min(), weights.Max()), (histogram.Lowest, histogram.Highest));
            var width = (histogram.Highest - (double)histogram.Lowest) / histogram.Counts.Count;
            var expected = new int[histogram.Counts.Count];
            foreach (var weight in weights)
                expected[Math.Clamp((int)((weight - (double)histogram.Lowest) / width), 0, expected.Length - 1)]++;
            Assert.Equal(expected, histogram.Counts);
        }
    }

    [Fact]
    public void Weights_that_are_all_the_same_or_as_far_apart_as_can_be_are_counted_too()
    {
        Assert.Equal(3, WeightHistogram.Of([2, 2, 2]).Counts[0]);
        var widest = WeightHistogram.Of([float.MinValue, 0, float.MaxValue]).Counts;
        Assert.Equal((1, 1, 1, 3), (widest[0], widest[25], widest[^1], widest.Sum()));
    }

    [Fact]
    public void What_was_recorded_before_an_interruption_is_kept()
    {
        var folder = Directory.CreateTempSubdirectory("densenet").FullName;
        try
        {
            var options = SmallTraining.Options();
            options.RecordDiagnostics = true;
            var whole = new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data());

            options.Checkpoints = new Checkpoints(folder);
            options.EpochCompleted = e => throw new TimeoutException();
            Assert.Throws<TimeoutException>(() => new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data()));
            options.EpochCompleted = null;
            var resumed = new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data());
            Assert.Equal(whole.SelectMany(e => e.Diagnostics), resumed.SelectMany(e => e.Diagnostics));
            Assert.Equal(whole.Weights.Select(w => w.Initial.Lowest), resumed.Weights.Select(w => w.Initial.Lowest));
            Assert.Equal(whole.Weights.Select(w => w.Final.Lowest), resumed.Weights.Select(w => w.Final.Lowest));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
