namespace MLNet.DenseNet.Engine.Tests.Resuming;

/// <summary>What may happen to the folder before and while a training saves to it.</summary>
public sealed class LostFolderTests : IDisposable
{
    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_no_checkpoint_could_be_saved_for_is_told_before_the_first_epoch()
    {
        CheckRefused(_folder.File, isFolder: true);
        CheckRefused(_folder.Unfinished, isFolder: true);
        CheckRefused(_folder.Lock, isFolder: true);
        CheckRefused(_folder.Folder, isFolder: false);
        // The way is free again, in the same process.
        CheckpointFolder.Train(_folder.Options());

        void CheckRefused(string path, bool isFolder)
        {
            if (isFolder)
                Directory.CreateDirectory(path);
            else
                File.WriteAllBytes(path, []);
            var options = _folder.Options();
            options.EpochCompleted = _ => Assert.Fail("An epoch was trained.");
            var error = Assert.Throws<IOException>(() => CheckpointFolder.Train(options));
            Assert.Contains($"The folder '{_folder.Folder}' of the option Checkpoints cannot be used", error.Message, StringComparison.Ordinal);
            if (isFolder)
                Directory.Delete(_folder.Folder, recursive: true);
            else
                File.Delete(path);
        }
    }

    [Fact]
    public void A_folder_that_is_deleted_while_training_is_made_again_and_kept_for_this_training()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes no file that is open.");
        var expected = SmallTraining.Train(Plain(epochs: 6));
        var options = _folder.Options(epochs: 6);
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 2)
                Directory.Delete(_folder.Folder, recursive: true);
            if (e.Epoch == 3)
                Assert.Throws<IOException>(() => CheckpointFolder.Train(_folder.Options(epochs: 6)));
            if (e.Epoch == 4)
                File.Delete(_folder.Lock);
            if (e.Epoch == 5)
                Assert.Throws<IOException>(() => CheckpointFolder.Train(_folder.Options(epochs: 6)));
        };
        var (bits, history) = CheckpointFolder.Train(options);
        Assert.Equal(expected, bits);
        Assert.All(history, e => Assert.Null(e.CheckpointError));
        CheckNothingIsLeftToDo(expected, epochs: 6);
    }

    [Fact]
    public void A_folder_that_another_training_took_in_between_is_left_to_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes no file that is open.");
        var other = _folder.Options(epochs: 5);
        other.LearningRate = 0.5f;
        var options = _folder.Options(epochs: 5);
        var theirs = Array.Empty<byte>();
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 2)
                Directory.Delete(_folder.Folder, recursive: true);
            if (e.Epoch == 2)
                CheckpointFolder.TrainUntil(3, other);
            theirs = File.ReadAllBytes(_folder.File);
        };
        var (bits, history) = CheckpointFolder.Train(options);
        Assert.Equal(SmallTraining.Train(Plain(epochs: 5)), bits);
        Assert.Equal([3, 4, 5], history.Where(e => e.CheckpointError is not null).Select(e => e.Epoch));
        Assert.Contains("deleted or replaced while training", history[2].CheckpointError!.Message, StringComparison.Ordinal);
        Assert.Contains("LearningRate: 0.5", history[2].CheckpointError!.Message, StringComparison.Ordinal);
        Assert.Equal(theirs, File.ReadAllBytes(_folder.File));
        Assert.Equal(5, CheckpointFolder.Train(other).History.Count);
    }

    [Fact]
    public void A_training_that_holds_the_folder_when_another_is_bereft_of_it_is_left_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes no file that is open.");
        var inner = _folder.Options(epochs: 5);
        inner.LearningRate = 0.5f;
        // The outer training saves its third epoch while the inner one holds the folder.
        using var isHeld = new ManualResetEventSlim();
        using var isSaved = new ManualResetEventSlim();
        inner.EpochCompleted = e =>
        {
            isHeld.Set();
            isSaved.Wait();
        };
        var holder = new Thread(() => CheckpointFolder.Train(inner));
        var options = _folder.Options(epochs: 5);
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 2)
            {
                Directory.Delete(_folder.Folder, recursive: true);
                holder.Start();
                isHeld.Wait();
            }

            if (e.Epoch == 3)
                isSaved.Set();
        };
        var (_, history) = CheckpointFolder.Train(options);
        holder.Join();
        Assert.NotNull(history[2].CheckpointError);
        Assert.Equal(0.5f, CheckpointFolder.Train(inner).History.Settings.LearningRate);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_saved_does_not_end_the_training_and_is_saved_after_the_next_epoch()
    {
        var options = _folder.Options(epochs: 9, everyEpochs: 3);
        var saved = new List<int>();
        options.EpochCompleted = e =>
        {
            if (File.Exists(_folder.File) && e.CheckpointError is null)
                saved.Add(e.Epoch);
            if (e.Epoch == 2)
                Directory.CreateDirectory(_folder.Unfinished);
            if (e.Epoch == 4)
                Directory.Delete(_folder.Unfinished);
            File.Delete(_folder.File);
        };
        var (bits, history) = CheckpointFolder.Train(options);
        Assert.Equal(SmallTraining.Train(Plain(epochs: 9)), bits);
        Assert.Equal([3, 4], history.Where(e => e.CheckpointError is not null).Select(e => e.Epoch));
        Assert.Equal([5, 6, 9], saved);
        Assert.Contains($"'{_folder.File}' could not be saved after epoch 3", history[2].CheckpointError!.Message, StringComparison.Ordinal);
    }

    /// <summary>What was written before a save failed would keep a full disk full, and the model from being saved.</summary>
    [Fact]
    public void A_save_that_failed_leaves_no_unfinished_file()
    {
        var options = _folder.Options();
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 1)
            {
                File.Delete(_folder.File);
                Directory.CreateDirectory(Path.Combine(_folder.File, "in the way"));
            }
        };
        var (_, history) = CheckpointFolder.Train(options);
        Assert.Equal([false, true, true], history.Select(e => e.CheckpointError is not null));
        Assert.False(File.Exists(_folder.Unfinished));
    }

    [Fact]
    public void A_file_that_cannot_be_replaced_for_a_moment_is_tried_again()
    {
        var options = _folder.Options(epochs: 3);
        Thread? scanner = null;
        options.EpochCompleted = e =>
        {
            if (e.Epoch != 1)
                return;
            // A folder cannot be replaced by a file on any system, as a file that another program has open cannot on Windows.
            File.Delete(_folder.File);
            Directory.CreateDirectory(_folder.File);
            scanner = new Thread(() =>
            {
                SpinWait.SpinUntil(() => File.Exists(_folder.Unfinished));
                Directory.Delete(_folder.File);
            });
            scanner.Start();
        };
        var (bits, history) = CheckpointFolder.Train(options);
        scanner!.Join();
        Assert.All(history, e => Assert.Null(e.CheckpointError));
        CheckNothingIsLeftToDo(bits, epochs: 3);
    }

    [Fact]
    public void A_relative_folder_stays_the_same_where_the_current_one_changes() =>
        Assert.True(Path.IsPathFullyQualified(new Checkpoints("somewhere").Folder));

    private static TrainingOptions Plain(int epochs)
    {
        var options = SmallTraining.Options();
        options.NumberOfEpochs = epochs;
        return options;
    }

    private void CheckNothingIsLeftToDo(int[] expected, int epochs)
    {
        var options = _folder.Options(epochs);
        options.EpochCompleted = _ => Assert.Fail("An epoch was trained again.");
        Assert.Equal(expected, CheckpointFolder.Train(options).Bits);
    }
}
