using Microsoft.ML;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Tests.Streaming;

/// <summary>Training from streamed rows gives what training from memory gives.</summary>
public class StreamingTests
{
    // Seven rows are left over by batches of 20, and 107 by chunks of two batches.
    private const int Rows = 187;
    private const int BatchSize = 20;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<Sample> _samples = Sample.Rows(Rows);

    public static TheoryData<string, int, bool> TasksAndThreads =>
        new(from task in Tasks.All from threads in (int[])[1, 3] from weighted in (bool[])[false, true] select (task.Data, threads, weighted));

    [Theory]
    [MemberData(nameof(TasksAndThreads))]
    public void Without_shuffling_the_bits_are_those_of_training_from_memory(string task, int threads, bool weighted)
    {
        for (var i = 0; i < Rows; i++)
            _samples[i].Weight = 1 + i % 3;
        // A row that cannot be used shifts all after it.
        _samples[33].Features[1] = float.NaN;
        var (streamed, memory) = (Train(DataCaching.Stream), Train(DataCaching.Memory));
        Assert.Equal(memory.Bits, streamed.Bits);
        Assert.Equal(memory.Epochs.Select(Numbers), streamed.Epochs.Select(Numbers));

        (List<string> Bits, List<EpochSummary> Epochs) Train(DataCaching caching)
        {
            var epochs = new List<EpochSummary>();
            var data = new WatchedDataView(_mlContext.Data.LoadFromEnumerable(_samples));
            var bits = Bits(data, task, o =>
            {
                Small(o);
                (o.DataCaching, o.Shuffle, o.NumberOfThreads, o.EpochCompleted) = (caching, false, threads, epochs.Add);
                o.ExampleWeightColumnName = weighted ? nameof(Sample.Weight) : null;
                o.ClassWeights = task is Tasks.Binary or Tasks.Multiclass ? ClassWeights.Balanced : null;
                o.ValidationSet = task == Tasks.Multiclass ? null : _mlContext.Data.LoadFromEnumerable(_samples);
            });
            Assert.Equal(0, data.OpenCursors);
            return (bits, epochs);
        }

        static object Numbers(EpochSummary e) => (e.Loss, e.Accuracy, e.RSquared, e.ValidationLoss, e.ValidationAccuracy, e.ValidationRSquared);
    }

    [Fact]
    public void Shuffled_rows_come_in_an_order_that_the_seed_decides()
    {
        var view = _mlContext.Data.LoadFromEnumerable(_samples);
        var bits = Train(seed: 1, DataCaching.Stream);
        Assert.Equal(bits, Train(seed: 1, DataCaching.Stream));
        Assert.NotEqual(bits, Train(seed: 2, DataCaching.Stream));
        Assert.NotEqual(bits, Train(seed: 1, DataCaching.Stream, shuffle: false));

        List<string> Train(int seed, DataCaching caching, bool shuffle = true) => Bits(view, Tasks.Regression, o =>
        {
            Small(o);
            (o.DataCaching, o.Seed, o.Shuffle) = (caching, seed, shuffle);
        });
    }

    [Fact]
    public void Rows_that_are_one_block_are_shuffled_as_in_memory()
    {
        Assert.Equal(Train(DataCaching.Memory), Train(DataCaching.Stream));

        List<string> Train(DataCaching caching) =>
            Bits(new WatchedDataView(_mlContext.Data.LoadFromEnumerable(_samples)), Tasks.Regression, o => o.DataCaching = caching);
    }

    [Fact]
    public void A_file_is_shuffled_to_the_same_bits_each_time()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.Create(path))
                _mlContext.Data.SaveAsBinary(_mlContext.Data.LoadFromEnumerable(_samples), file);
            var first = Train();
            Assert.Equal(first, Train());
        }
        finally
        {
            File.Delete(path);
        }

        List<string> Train()
        {
            var data = _mlContext.Data.LoadFromBinary(path);
            return Bits(data, Tasks.Binary, Streamed);
        }
    }

    [Fact]
    public void Each_epoch_reads_the_rows_once_after_a_first_pass()
    {
        var data = new WatchedDataView(_mlContext.Data.LoadFromEnumerable(_samples));
        Tasks.Pipeline(_mlContext, Tasks.Regression, Streamed).Fit(data);
        Assert.Equal(1 + 5, data.Passes);
        Assert.All(data.RowsRead.Values, rows => Assert.Equal(Enumerable.Range(0, Rows).Select(row => (long)row), rows));
    }

    [Fact]
    public void No_more_rows_are_read_ahead_than_three_blocks()
    {
        const int Ahead = 3 * 2 * BatchSize;
        var farthest = 0L;
        // Training begins when the reading cannot go on.
        var loss = new CountingLoss(() => Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref farthest) == Ahead, TimeSpan.FromMinutes(1))));
        var data = new WatchedDataView(_mlContext.Data.LoadFromEnumerable(Sample.Rows(2000)), (pass, row) =>
        {
            if (pass == 2)
                farthest = Math.Max(farthest, row - loss.Count);
            return true;
        });
        Tasks.Pipeline(_mlContext, Tasks.Regression, o =>
        {
            Streamed(o);
            (o.Loss, o.NumberOfEpochs) = (loss, 1);
        }).Fit(data);
        Assert.Equal(Ahead, farthest);
    }

    [Fact]
    public void A_share_is_held_out_that_is_the_same_in_each_epoch_and_never_learned_from()
    {
        var data = new WatchedDataView(_mlContext.Data.LoadFromEnumerable(_samples));
        var model = Trainer(o => o.ValidationFraction = 0.25f).Fit(data).Model;
        var settings = model.History!.Settings;
        Assert.InRange(settings.ValidationRows, 25, 70);
        Assert.Equal(Rows, settings.TrainingRows + settings.ValidationRows);
        Assert.All(model.History, epoch => Assert.NotNull(epoch.ValidationRSquared));

        // One pass counts the rows, the next collects those held out, and the others leave them unread.
        var passes = data.RowsRead.OrderBy(pass => pass.Key).Select(pass => pass.Value.ToArray()).ToArray();
        Assert.Empty(passes[0]);
        Assert.Equal(Rows, passes[1].Length);
        Assert.All(passes[2..], rows => Assert.Equal(passes[2], rows));
        Assert.Equal(settings.TrainingRows, passes[2].Length);
        Assert.NotEqual(passes[2], Enumerable.Range(0, passes[2].Length).Select(row => (long)row));
    }

    [Fact]
    public void A_share_too_large_for_memory_is_made_smaller_and_that_is_told()
    {
        var told = Told();
        var model = Trainer(o => (o.ValidationFraction, o.DataLimits) = (0.5f, o.DataLimits with { HeldOut = 20 * 30 })).Fit(_mlContext.Data.LoadFromEnumerable(_samples)).Model;
        Assert.InRange(model.History!.Settings.ValidationRows, 10, 60);
        Assert.Contains(told, line => line.Contains("a share of 0.16 instead of 0.5", StringComparison.Ordinal));
    }

    [Fact]
    public void A_large_validation_set_is_streamed_too()
    {
        var (streamed, inMemory) = (Measure(100), Measure(1 << 20));
        Assert.Equal(inMemory.Losses, streamed.Losses);
        Assert.Equal(1, inMemory.Passes);
        // One that ends at the limit, the first of the stream, one an epoch, and one for the errors that prediction intervals come from.
        Assert.Equal(2 + 5 + 1, streamed.Passes);

        (IEnumerable<double?> Losses, int Passes) Measure(long limit)
        {
            var validation = new WatchedDataView(_mlContext.Data.LoadFromEnumerable(Sample.Rows(77, seed: 5)));
            var model = Trainer(o => (o.ValidationSet, o.DataLimits) = (validation, o.DataLimits with { HeldOut = limit })).Fit(_mlContext.Data.LoadFromEnumerable(_samples)).Model;
            Assert.Equal(0, validation.OpenCursors);
            return (model.History!.Select(epoch => epoch.ValidationLoss), validation.Passes);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Automatically_rows_are_streamed_where_they_would_take_too_much_memory(bool knownCount)
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Sample.Rows(3000));
        IDataView data = knownCount ? rows : new WatchedDataView(rows);
        var told = Told();
        // 3,000 rows of four features and a label.
        Fit(limit: 3000 * 20);
        Assert.Contains(told, line => line.Contains("training rows are kept in memory", StringComparison.Ordinal));
        told.Clear();
        Fit(limit: 3000 * 20 - 1);
        Assert.Contains(told, line => line.Contains("training rows are streamed", StringComparison.Ordinal));
        told.Clear();
        Fit(limit: null);
        Assert.Contains(told, line => line.Contains("training rows are kept in memory", StringComparison.Ordinal));

        void Fit(long? limit) => Tasks.Pipeline(_mlContext, Tasks.Regression, o => (o.NumberOfEpochs, o.DataLimits) = (1, o.DataLimits with { InMemory = limit })).Fit(data);
    }

    [Fact]
    public void A_training_goes_on_from_its_checkpoint_to_the_same_bits()
    {
        var folder = Directory.CreateTempSubdirectory("streaming");
        try
        {
            var data = new WatchedDataView(_mlContext.Data.LoadFromEnumerable(_samples));
            var whole = Bits(data, Tasks.Regression, Streamed);
            Assert.Throws<TimeoutException>(() => Bits(data, Tasks.Regression, o => Interrupted(o, epoch => _ = epoch.Epoch == 2 ? throw new TimeoutException() : epoch)));
            var goneOn = new List<int>();
            Assert.Equal(whole, Bits(data, Tasks.Regression, o => Interrupted(o, epoch => goneOn.Add(epoch.Epoch))));
            Assert.Equal([2, 3, 4, 5], goneOn);

            // Other rows, or the same in memory, where they come in another order, are another training.
            _samples[3].Number++;
            Assert.Throws<ArgumentException>(() => Bits(data, Tasks.Regression, o => Interrupted(o, null)));
            _samples[3].Number--;
            var error = Assert.Throws<ArgumentException>(() => Bits(data, Tasks.Regression, o =>
            {
                Interrupted(o, null);
                o.DataCaching = DataCaching.Memory;
            }));
            Assert.Contains("streamed", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Interrupted(DenseNeuralNetOptions o, Action<EpochSummary>? completed)
        {
            Streamed(o);
            (o.Checkpoints, o.EpochCompleted) = (new Checkpoints(folder.FullName), completed);
        }
    }

    [Fact]
    public void A_learning_rate_can_be_found()
    {
        var curves = ((DataCaching[])[DataCaching.Stream, DataCaching.Memory]).Select(caching => Trainer(o => (o.DataCaching, o.Shuffle) = (caching, false))
            .FindLearningRate(new WatchedDataView(_mlContext.Data.LoadFromEnumerable(_samples)), steps: 30)).ToArray();
        Assert.Equal(curves[1].Points, curves[0].Points);
    }

    private static void Small(DenseNeuralNetOptions options) => (options.BatchSize, options.DataLimits) = (BatchSize, new DataLimits(Chunk: 2 * BatchSize * 20 + 19));

    private static void Streamed(DenseNeuralNetOptions options)
    {
        Small(options);
        options.DataCaching = DataCaching.Stream;
    }

    private DenseNeuralNetRegressionTrainer Trainer(Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Number), HiddenLayers = [4], NumberOfEpochs = 5, Seed = 1 };
        Streamed(options);
        change(options);
        return _mlContext.Regression.Trainers.DenseNeuralNet(options);
    }

    private List<string> Bits(IDataView data, string task, Action<DenseNeuralNetOptions> change)
    {
        var model = Tasks.Pipeline(_mlContext, task, change).Fit(data);
        return Tasks.ScoreBits(model.Transform(_mlContext.Data.LoadFromEnumerable(Sample.Rows(20, seed: 9))));
    }

    private List<string> Told()
    {
        var lines = new List<string>();
        _mlContext.Log += (_, e) => lines.Add(e.RawMessage);
        return lines;
    }
}
