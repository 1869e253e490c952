namespace MLNet.DenseNet.Engine.Tests.Resuming;

public sealed class ResumingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;

    private string CheckpointPath => Path.Combine(_folder, "training.checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string, bool, bool> Trainings
    {
        get
        {
            // Each optimizer and each schedule once, in pairs.
            var (optimizers, schedules) = (Samples.Optimizers.Keys.ToArray(), Samples.Schedules.Keys.ToArray());
            var data = new TheoryData<string, string, bool, bool>();
            for (var i = 0; i < Math.Max(optimizers.Length, schedules.Length); i++)
                data.Add(optimizers[i % optimizers.Length], schedules[i % schedules.Length], i % 3 != 0, i % 2 == 0);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void A_resumed_training_gives_the_bits_of_one_that_was_not_interrupted(string optimizer, string schedule, bool validates, bool restoresBest)
    {
        var options = SmallTraining.Options();
        options.NumberOfEpochs = 9;
        options.Optimizer = Samples.Optimizers[optimizer];
        options.LearningRateSchedule = Samples.Schedules[schedule];
        options.ValidationFraction = validates ? 0.3f : 0;
        options.RestoreBestWeights = restoresBest;
        var (whole, wholeHistory) = Train(options);

        // After epoch 5; the checkpoint is that of epoch 4, which is told again.
        options.Checkpoints = new Checkpoints(_folder, everyEpochs: 2);
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 5)
                throw new TimeoutException();
        };
        Assert.Throws<TimeoutException>(() => Train(options));

        var done = new List<int>();
        options.EpochCompleted = e => done.Add(e.Epoch);
        options.NumberOfThreads = 2;
        var (resumed, history) = Train(options);
        Assert.Equal([4, 5, 6, 7, 8, 9], done);
        Assert.Equal(whole, resumed);
        Assert.Equal(wholeHistory.Select(Numbers), history.Select(Numbers));
        Assert.Equal(wholeHistory.RestoredEpoch, history.RestoredEpoch);
        Assert.Equal(history.Select(e => e.Elapsed).Order(), history.Select(e => e.Elapsed));

        // The last epoch is saved as well, so nothing is left to do.
        options.EpochCompleted = _ => Assert.Fail("An epoch was trained again.");
        Assert.Equal(whole, Train(options).Bits);

        static object Numbers(EpochSummary e) => (e.Epoch, e.Loss, e.RSquared, e.ValidationLoss, e.LearningRate);
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("convolutional")]
    [InlineData("recurrent")]
    public void A_training_killed_again_and_again_gives_the_same_bits(string network)
    {
        var expected = Run(network, Path.Combine(_folder, "whole"), killAfter: null)[^1];
        Assert.Equal(64, expected.Length);

        var interrupted = Path.Combine(_folder, "interrupted");
        var killed = (string[][])[Run(network, interrupted, killAfter: 3), Run(network, interrupted, killAfter: 5), Run(network, interrupted, killAfter: 8)];
        Assert.All(killed, lines => Assert.DoesNotContain(expected, lines));
        var lines = Run(network, interrupted, killAfter: null);
        Assert.Equal(expected, lines[^1]);
        Assert.True(int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture) > 10, lines[0]);
        Assert.Equal("60", lines[^2]);
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused_in_words()
    {
        var options = Checkpointed();
        Train(options);
        CheckRefused(o => o.LearningRate = 0.5f, "saved with 'LearningRate: 0.01', now 'LearningRate: 0.5'");
        CheckRefused(o => o.Optimizer = new Adam(beta1: 0.8f), "Beta1 = 0.8");
        CheckRefused(o => o.Seed = 9, "Seed: 9");
        Assert.Contains("training rows", Assert.Throws<ArgumentException>(() => Train(options, SmallTraining.Data(weighted: true))).Message, StringComparison.Ordinal);

        var otherNetwork = Assert.Throws<ArgumentException>(() => new NetworkTrainer(SmallTraining.NewNetwork(seed: 5), options).Train(SmallTraining.Data()));
        Assert.Contains("saved with 'initial weights", otherNetwork.Message, StringComparison.Ordinal);

        // Other rows often come with other initial weights, those of a standardization. The message then names the rows.
        var both = Assert.Throws<ArgumentException>(() => new NetworkTrainer(SmallTraining.NewNetwork(seed: 5), options).Train(SmallTraining.Data(weighted: true)));
        Assert.Contains("saved with 'training rows", both.Message, StringComparison.Ordinal);

        void CheckRefused(Action<TrainingOptions> change, string expected)
        {
            var changed = Checkpointed();
            change(changed);
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Train(changed)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_training_of_more_epochs_than_the_finished_one_is_refused_and_leaves_its_checkpoint()
    {
        var (bits, _) = Train(Checkpointed());
        var saved = File.ReadAllBytes(CheckpointPath);
        var options = Checkpointed();
        options.NumberOfEpochs = 9;
        Assert.Contains("saved with 'NumberOfEpochs: 3', now 'NumberOfEpochs: 9'", Assert.Throws<ArgumentException>(() => Train(options)).Message, StringComparison.Ordinal);
        Assert.Equal(saved, File.ReadAllBytes(CheckpointPath));
        Assert.Equal(bits, Train(Checkpointed()).Bits);
    }

    [Fact]
    public void A_damaged_checkpoint_is_a_format_error_and_changes_nothing()
    {
        Train(Checkpointed());
        var bytes = File.ReadAllBytes(CheckpointPath);
        foreach (var length in (int[])[0, 3, 10, bytes.Length / 2, bytes.Length - 1])
            CheckRefused(bytes[..length]);
        for (var position = 0; position < bytes.Length; position += 7)
        {
            var changed = bytes.ToArray();
            changed[position] ^= 0x10;
            CheckRefused(changed);
        }

        void CheckRefused(byte[] damaged)
        {
            File.WriteAllBytes(CheckpointPath, damaged);
            var network = SmallTraining.NewNetwork();
            var error = Assert.Throws<FormatException>(() => new NetworkTrainer(network, Checkpointed()).Train(SmallTraining.Data()));
            Assert.Contains($"'{CheckpointPath}'", error.Message, StringComparison.Ordinal);
            Assert.Equal(Samples.ParameterBits(SmallTraining.NewNetwork()), Samples.ParameterBits(network));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_training_that_a_callback_stopped_stays_so(int everyEpochs)
    {
        using var folder = new CheckpointFolder();
        var options = folder.Options(epochs: 12, everyEpochs);
        options.EpochCompleted = StopAfter(8);
        var stopped = CheckpointFolder.Train(options);
        Assert.Equal((TrainingEnd.StoppedByCallback, 8), (stopped.History.End, stopped.History.Count));

        options.EpochCompleted = _ => Assert.Fail("An epoch was trained again.");
        var again = CheckpointFolder.Train(options);
        Assert.Equal((TrainingEnd.StoppedByCallback, 8), (again.History.End, again.History.Count));
        Assert.Equal(stopped.Bits, again.Bits);
    }

    /// <summary>The process may die when an epoch is saved and its callback has not been called, or has not come to its end.</summary>
    [Fact]
    public void A_stop_that_an_interruption_kept_from_being_called_comes_when_training_goes_on()
    {
        using var folder = new CheckpointFolder();
        var options = folder.Options(epochs: 6);
        CheckpointFolder.TrainUntil(3, options);
        options.EpochCompleted = StopAfter(3);
        var stopped = CheckpointFolder.Train(options);
        Assert.Equal((TrainingEnd.StoppedByCallback, 3), (stopped.History.End, stopped.History.Count));
        options.EpochCompleted = null;
        Assert.Equal(stopped.Bits, CheckpointFolder.Train(options).Bits);

        options.Checkpoints = null;
        options.EpochCompleted = StopAfter(3);
        Assert.Equal(CheckpointFolder.Train(options).Bits, stopped.Bits);
    }

    [Fact]
    public void An_unfinished_file_is_no_checkpoint()
    {
        File.WriteAllBytes(CheckpointPath + ".unfinished", [1, 2, 3]);
        var expected = SmallTraining.Train(SmallTraining.Options());
        Assert.Equal(expected, Train(Checkpointed()).Bits);
        Assert.Equal([CheckpointPath, Path.Combine(_folder, "training.lock")], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_trainings_at_once_in_one_folder_are_refused()
    {
        var second = Checkpointed();
        var options = Checkpointed();
        options.EpochCompleted = _ =>
        {
            var error = Assert.Throws<IOException>(() => Train(second));
            Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
            Assert.Contains(nameof(TrainingOptions.Checkpoints), error.Message, StringComparison.Ordinal);
        };
        var (bits, _) = Train(options);
        Assert.Equal(bits, Train(second).Bits);
    }

    [Fact]
    public void The_constants_of_a_users_loss_are_part_of_the_training_whatever_their_types()
    {
        var options = Checkpointed();
        options.Loss = new DatedLoss(new DateTime(2020, 1, 2), typeof(DatedLoss));
        Train(options);
        Train(options);
        options.Loss = new DatedLoss(new DateTime(2021, 3, 4), typeof(DatedLoss));
        Assert.Contains("2021", Assert.Throws<ArgumentException>(() => Train(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_values_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new Checkpoints(""));
        Assert.ThrowsAny<ArgumentException>(() => new Checkpoints("a\0b"));
        Assert.Throws<ArgumentOutOfRangeException>("everyEpochs", () => new Checkpoints(_folder, 0));
        var options = Checkpointed();
        options.Seed = null;
        Assert.Throws<ArgumentOutOfRangeException>(nameof(options.Seed), () => Train(options));
    }

    private static Action<EpochSummary> StopAfter(int epoch) => summary =>
    {
        if (summary.Epoch == epoch)
            summary.Stop();
    };

    private TrainingOptions Checkpointed()
    {
        var options = SmallTraining.Options();
        options.Checkpoints = new Checkpoints(_folder);
        return options;
    }

    private static (int[] Bits, TrainingHistory History) Train(TrainingOptions options, Dataset? data = null)
    {
        var network = SmallTraining.NewNetwork();
        var history = new NetworkTrainer(network, options).Train(data ?? SmallTraining.Data());
        return (Samples.ParameterBits(network), history);
    }

    /// <summary>A loss with constants whose own properties are of the same type again.</summary>
    private sealed class DatedLoss(DateTime date, Type type) : CustomLoss
    {
        public DateTime Date => date;

        public Type Type => type;

        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient) => 0;
    }

    /// <summary>Trains in a process of its own, killed after some epochs where a number is given.</summary>
    /// <returns>What it wrote until then.</returns>
    private static string[] Run(string network, string folder, int? killAfter)
    {
        var run = OtherProgram.Run("ResumedTraining", [network, folder], killAfter: killAfter);
        Assert.Equal(killAfter is null, run.ExitCode == 0);
        return run.Lines;
    }
}
