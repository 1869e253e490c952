using MLNet.DenseNet.Engine.Tests.Persistence;
using static MLNet.DenseNet.Engine.Tests.History.SavedHistories;

namespace MLNet.DenseNet.Engine.Tests.History;

/// <summary>Histories that no training wrote, most of them with a checksum that fits.</summary>
public class HistoryDamageTests
{
    private static readonly TrainingSettings Settings = new("a", "b", 0.5f, "c", 0, 1, 2, true, 3, 4, 5, GradientNormLimit: 1);
    private static readonly EpochSummary Epoch = new(1, 2, 0.5, 0.5, null, 0.25, 0.5, null, 0.5f, 8, TimeSpan.FromTicks(3), TimeSpan.FromTicks(4));
    private static readonly LayerSummary Layer = new("d", "e", new Shape(5, 6), 7, 8, 9);
    private static readonly WeightHistogram Histogram = new(-1, 1, [3, 4]);

    public static TheoryData<string, object> Impossible => new()
    {
        { "its learning rate is NaN", Settings with { LearningRate = float.NaN } },
        { "its learning rate is 0", Settings with { LearningRate = 0 } },
        { "its learning rate is Infinity", Settings with { LearningRate = float.PositiveInfinity } },
        { "its weight decay is -1", Settings with { WeightDecay = -1 } },
        { "its batch size is 0", Settings with { BatchSize = 0 } },
        { "its number of epochs is -2", Settings with { NumberOfEpochs = -2 } },
        { "it is of -4 training", Settings with { TrainingRows = -4 } },
        { "a limit of its gradients is NaN", Settings with { GradientNormLimit = float.NaN } },
        { "a limit of its gradients is 0", Settings with { GradientValueLimit = 0 } },
        { "the learning rate of epoch 1 is NaN", Epoch with { LearningRate = float.NaN } },
        { "the learning rate of epoch 1 is -Infinity", Epoch with { LearningRate = float.NegativeInfinity } },
        { "the learning rate of epoch 1 is -0.5", Epoch with { LearningRate = -0.5f } },
        { "the rows a second of epoch 1 are NaN", Epoch with { RowsPerSecond = double.NaN } },
        { "the time until the end of epoch 1 is -", Epoch with { Elapsed = TimeSpan.FromTicks(-1) } },
        { "the time until the end of epoch 1 is 10675199", Epoch with { Elapsed = TimeSpan.MaxValue } },
        { "the time left of epoch 1 is -", Epoch with { EstimatedTimeLeft = TimeSpan.MinValue } },
        { "the accuracy of epoch 1 is 1.5", Epoch with { Accuracy = 1.5 } },
        { "the accuracy of epoch 1 is -1", Epoch with { ValidationAccuracy = -1 } },
        { "the NDCG of epoch 1 is 1.5", Epoch with { Ndcg = 1.5 } },
        { "the NDCG of epoch 1 is -1", Epoch with { ValidationNdcg = -1 } },
        { "the R-squared of epoch 1 is 2", Epoch with { RSquared = 2 } },
        { "the gradient norm of epoch 1 in layer 0 is -1", Epoch with { Diagnostics = [new LayerDiagnostics(0, -1, null)] } },
        { "the gradient norm of epoch 1 in layer -1 is 1", Epoch with { Diagnostics = [new LayerDiagnostics(-1, 1, null)] } },
        { "the share of dead units of epoch 1 in layer 0 is 2", Epoch with { Diagnostics = [new LayerDiagnostics(0, 1, 2)] } },
        { "the annealing of epoch 1 went on from epoch 1", Epoch with { AnnealedFrom = 1 } },
        { "the annealing of epoch 1 went on from epoch -1", Epoch with { AnnealedFrom = -1 } },
        { "the baseline accuracy is 3", 3.0 },
        { "its layer d has -8 parameters", Layer with { ParameterCount = -8 } },
        { "its layer d has 8 parameters and -9", Layer with { ValuesPerRow = -9 } },
        { "in 0 members", Layer with { Members = 0 } },
        { "its layer d has -8 parameters", Layer with { Layers = [Layer, Layer with { Layers = [Layer with { ParameterCount = -8 }] }] } },
        { "its layers lie more than 8 deep in one another", Enumerable.Range(0, 9).Aggregate(Layer, (inner, _) => Layer with { Layers = [inner] }) },
        { "its network has 2147483648 parameters", Layer with { ParameterCount = int.MaxValue } },
        { "weights of layer -1", new LayerWeights(-1, Histogram, Histogram) },
        { "go from NaN to 1", new LayerWeights(0, Histogram with { Lowest = float.NaN }, Histogram) },
        { "go from -1 to -2", new LayerWeights(0, Histogram, Histogram with { Highest = -2 }) },
        { "less than no weights", new LayerWeights(0, Histogram, Histogram with { Counts = [1, -1] }) },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_no_training_can_have_written_is_refused_in_words(string expected, object part)
    {
        Load(Save(new TrainingHistory([Epoch], TrainingEnd.Completed, 1, Settings, new NetworkSummary([Layer]), 0.5, [new LayerWeights(0, Histogram, Histogram)])));

        var history = new TrainingHistory(
            [part as EpochSummary ?? Epoch], TrainingEnd.Completed, 1, part as TrainingSettings ?? Settings,
            new NetworkSummary([part as LayerSummary ?? Layer, Layer with { ParameterCount = 1 }]), part as double? ?? 0.5, [part as LayerWeights ?? new LayerWeights(0, Histogram, Histogram)]);
        var error = Assert.Throws<FormatException>(() => Load(Save(history)));
        Assert.StartsWith("The saved training history is damaged: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Epochs_that_do_not_follow_each_other_are_refused()
    {
        Check([Epoch, Epoch with { Elapsed = TimeSpan.FromTicks(2) }], "until the end of epoch 2");
        Check([Epoch, Epoch, Epoch], "it has 3 epochs of 2");

        static void Check(EpochSummary[] epochs, string expected) => Assert.Contains(
            expected, Assert.Throws<FormatException>(() => Load(Save(new TrainingHistory(epochs, TrainingEnd.Completed, null, Settings)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_overflows_in_validation_can_be_written_and_is_read()
    {
        foreach (var value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            var epoch = Epoch with { ValidationLoss = value, ValidationAccuracy = double.NaN, ValidationRSquared = double.NegativeInfinity };
            Assert.Equal([epoch], Load(Save(new TrainingHistory([epoch], TrainingEnd.Completed, null, Settings))));
        }
    }

    [Fact]
    public void Errors_say_what_and_where()
    {
        var saved = Save(new TrainingHistory([Epoch], TrainingEnd.Completed, null, Settings));
        const int FirstText = 4 + 2 + 1 + 4;
        Check([.. saved[..FirstText], 0xff, 0xff, 0xff, 0xff, 0xff, .. saved[FirstText..]], "a text is longer than any can be, at byte 16");
        Check([.. saved[..FirstText], 1, 0xff, .. saved[(FirstText + 2)..]], "a text is not UTF-8, at byte 13");
        Check(saved[..(FirstText + 1)], "it ends too early, at byte 12");
        Check(saved[..^4], "it ends before its checksum");
        Check([.. saved[..^1], (byte)(saved[^1] ^ 1)], "its checksum does not fit its bytes");

        static void Check(byte[] damaged, string expected) =>
            Assert.Equal($"The saved training history is damaged: {expected}.", Assert.Throws<FormatException>(() => Load(damaged)).Message);
    }

    [Fact]
    public void A_length_that_is_not_there_takes_no_memory()
    {
        var saved = Save(new TrainingHistory([Epoch], TrainingEnd.Completed, null, Settings));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => Load([.. saved[..11], 0xff, 0xff, 0xff, 0xff, 0x07, .. saved[12..]]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    /// <summary>A stack has no room for them, and no caller can catch that.</summary>
    [Fact]
    public void Layers_in_one_another_are_refused_however_deep()
    {
        // The empty network of a history, its histograms, what it went on from, its steps and what it held out end the bytes.
        const int Rest = 4 + 4 + 16 + 8 + 7 + 4;
        byte[] saved = Save(new TrainingHistory([Epoch], TrainingEnd.Completed, null, Settings));
        byte[] layer = [0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, .. new byte[8], 1, 0, 0, 0];
        var bytes = saved[..^Rest].Concat(Enumerable.Repeat((byte[])[1, 0, 0, 0, .. layer], 1_000_000).SelectMany(part => part)).ToArray();
        Assert.Contains("more than 8 deep", Assert.Throws<FormatException>(() => Load(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_becomes_of_the_bytes_is_a_format_error_or_a_history()
    {
        var options = SmallTraining.Options();
        options.ValidationFraction = 0.3f;
        options.RecordDiagnostics = true;
        var saved = Save(new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data()));
        var random = new Random(3);
        var loaded = 0;
        for (var trial = 0; trial < 5000; trial++)
        {
            try
            {
                var history = Load(Mutations.Next(saved, random));
                GC.KeepAlive((history.Network?.ToString(), history.Network?.ParameterCount, history.Select(e => e.Elapsed + e.EstimatedTimeLeft).ToArray()));
                loaded++;
            }
            catch (FormatException exception)
            {
                Assert.Contains("saved training history", exception.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(loaded, 1, 4000);
    }
}
