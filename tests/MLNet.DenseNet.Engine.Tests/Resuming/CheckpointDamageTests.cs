using System.Buffers.Binary;
using MLNet.DenseNet.Engine.Tests.Persistence;

namespace MLNet.DenseNet.Engine.Tests.Resuming;

/// <summary>Checkpoints that no training wrote, with a checksum that fits: nothing of them may reach the training.</summary>
public class CheckpointDamageTests
{
    private const string Fingerprint = "a training";
    private const int Epochs = 4;
    private const int StepsPerEpoch = 3;

    private static readonly byte[] Saved = Save();
    private static readonly int Steps = StartOfSteps();
    private static readonly int Values = SmallTraining.NewNetwork().ParameterCount;

    // The network's, the best, and Adam's two.
    private static readonly int StartOfBlocks = Saved.Length - sizeof(uint) - 4 * Values * sizeof(float);

    [Fact]
    public void What_was_saved_comes_back()
    {
        var progress = NewProgress();
        CheckpointFormat.Read(new MemoryStream(Saved), Fingerprint, progress);
        Assert.Equal(2 * StepsPerEpoch, progress.Learners.Steps);
        Assert.Equal((2, 2), (progress.Epochs.Count, progress.Best!.Epoch));
        Assert.Equal(Bits(Trained()), Bits(progress));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Values_that_are_not_finite_are_refused(float value)
    {
        for (var block = 0; block < 4; block++)
        {
            foreach (var index in (int[])[0, Values / 2, Values - 1])
            {
                var changed = Saved.ToArray();
                BinaryPrimitives.WriteSingleLittleEndian(changed.AsSpan(StartOfBlocks + (block * Values + index) * sizeof(float)), value);
                // A mean of squared gradients can overflow where its weight does not.
                if (block >= 2 && value == float.PositiveInfinity)
                    CheckpointFormat.Read(new MemoryStream(SavedNetworks.WithRightChecksum(changed)), Fingerprint, NewProgress());
                else
                    Assert.Contains("not finite", Refused(changed).Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(0)]
    [InlineData(2 * StepsPerEpoch - 1)]
    [InlineData(1L << 44)]
    [InlineData(long.MaxValue)]
    public void Steps_that_do_not_fit_the_epochs_are_refused(long steps)
    {
        var changed = Saved.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(Steps), steps);
        Assert.Contains($"{steps} steps in 2 epochs of 3", Refused(changed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Epochs_that_do_not_fit_the_training_are_refused()
    {
        Assert.Contains("0 of 4 epochs", Refused(Save(Trained(epochs: 0))).Message, StringComparison.Ordinal);
        Assert.Contains("2 of 5 epochs", Refused(Save(planned: 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_of_another_number_or_length_are_refused()
    {
        var changed = Saved.ToArray();
        changed[StartOfBlocks - sizeof(int)]++;
        Assert.Contains("5 blocks", Refused(changed).Message, StringComparison.Ordinal);
        Assert.Contains("blocks of", Refused([.. Saved, 0]).Message, StringComparison.Ordinal);
        Assert.Contains("blocks of", Refused(Saved[..^1]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_truncated_nor_changed_bytes_come_through_whatever_the_checksum()
    {
        for (var length = 0; length < Saved.Length; length++)
        {
            CheckHarmless(Saved[..length]);
            if (length >= sizeof(uint))
                CheckHarmless(SavedNetworks.WithRightChecksum(Saved[..length]));
        }

        // Mostly before the weights, since nearly any number is a valid weight.
        var random = new Random(5);
        for (var trial = 0; trial < 3000; trial++)
            CheckHarmless(trial % 4 == 0 ? Mutations.Next(Saved, random) : SavedNetworks.WithRightChecksum([.. Mutations.Next(Saved[..StartOfBlocks], random), .. Saved[StartOfBlocks..]]));
    }

    private static void CheckHarmless(byte[] bytes)
    {
        var progress = NewProgress();
        var before = Bits(progress);
        try
        {
            CheckpointFormat.Read(new MemoryStream(bytes), Fingerprint, progress);
            Assert.All(progress.Network.Parameters, parameter => Assert.All(parameter.ToArray(), value => Assert.True(float.IsFinite(value))));
            Assert.InRange(progress.Learners.Steps, progress.Epochs.Count * StepsPerEpoch, long.MaxValue);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            Assert.DoesNotContain("7-bit", exception.Message, StringComparison.Ordinal);
            Assert.Equal(before, Bits(progress));
            Assert.Empty(progress.Epochs);
            Assert.Equal(0, progress.Learners.Steps);
        }
    }

    private static FormatException Refused(byte[] bytes)
    {
        var progress = NewProgress();
        var before = Bits(progress);
        var error = Assert.Throws<FormatException>(() => CheckpointFormat.Read(new MemoryStream(SavedNetworks.WithRightChecksum(bytes)), Fingerprint, progress));
        Assert.Equal(before, Bits(progress));
        Assert.Equal((0, 0), (progress.Epochs.Count, progress.Learners.Steps));
        return error;
    }

    private static TrainingProgress NewProgress()
    {
        var network = SmallTraining.NewNetwork();
        return new TrainingProgress(
            network, new Learners(network, new MeanSquaredError(), new TrainingOptions()), new ScheduledRate(new ConstantSchedule(), 0.1f, StepsPerEpoch, Epochs), new BestWeights(network, EarlyStoppingMetric.Loss));
    }

    private static TrainingProgress Trained(int epochs = 2)
    {
        var progress = NewProgress();
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var values = new CheckpointValues(progress);
            foreach (var (array, seed) in values.Weights.SkipLast(1).Concat(values.State).Select((array, i) => (array, 10 * epoch + i)))
                Samples.Numbers(array.Length, seed).CopyTo(array.Values);

            progress.Learners.Steps += StepsPerEpoch;
            progress.Add(new EpochSummary(epoch, Epochs, 1.0 / epoch, null, null, null, null, null, 0.1f, 8, TimeSpan.FromTicks(epoch), TimeSpan.FromTicks(1)));
        }

        return progress;
    }

    private static byte[] Save(TrainingProgress? progress = null, int planned = Epochs)
    {
        using var stream = new MemoryStream();
        CheckpointFormat.Write(stream, Fingerprint, progress ?? Trained(), new TrainingSettings("a", "b", 0.5f, "c", 0, 1, planned, true, 3, 4, 0));
        return stream.ToArray();
    }

    private static int StartOfSteps()
    {
        using var reader = new BinaryReader(new MemoryStream(Saved));
        reader.ReadBytes(6);
        Assert.Equal((CheckpointFormat.LibraryVersion, Fingerprint), (reader.ReadString(), reader.ReadString()));
        return (int)reader.BaseStream.Position;
    }

    private static int[] Bits(TrainingProgress progress)
    {
        var values = new CheckpointValues(progress);
        return [.. values.Weights.Concat(values.State).SelectMany(array => Samples.Bits(array.Values))];
    }
}
