using Microsoft.ML;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Tests.Streaming;

/// <summary>However reading ends, the caller is told, and neither a thread nor a cursor is left behind.</summary>
public class BrokenReadingTests
{
    private const int Rows = 200;

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(DataCaching.Memory, 1)]
    [InlineData(DataCaching.Stream, 1)]
    [InlineData(DataCaching.Stream, 2)]
    [InlineData(DataCaching.Stream, 4)]
    public void A_row_that_cannot_be_read_ends_training_with_its_error_and_its_place(DataCaching caching, int pass)
    {
        var broken = new FormatException("no number");
        var data = View((p, row) => p != pass || row != 78 ? true : throw broken);
        var error = Assert.Throws<InvalidOperationException>(() => Fit(data, o => o.DataCaching = caching));
        Assert.Same(broken, error.InnerException);
        Assert.Contains("Reading the training data failed after 77 rows: no number", error.Message, StringComparison.Ordinal);
        CheckLeftBehind(data, caching);
    }

    [Fact]
    public void A_row_of_a_validation_set_that_cannot_be_read_ends_training_too()
    {
        var validation = View((pass, row) => pass != 4 || row != 150 ? true : throw new IOException("gone"));
        var data = View();
        var error = Assert.Throws<InvalidOperationException>(() => Fit(data, o => (o.ValidationSet, o.DataLimits) = (validation, o.DataLimits with { HeldOut = 100 })));
        Assert.Contains("Reading the validation data failed after 149 rows: gone", error.Message, StringComparison.Ordinal);
        CheckLeftBehind(data, DataCaching.Stream);
        CheckLeftBehind(validation, DataCaching.Stream);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Rows_that_are_not_the_same_in_each_pass_are_an_error(int pass, bool fewer)
    {
        var data = View((p, row) => fewer ? p != pass || row < 150 : p >= pass || row < 150);
        var error = Assert.Throws<InvalidOperationException>(() => Fit(data));
        Assert.Contains(
            $"The training data had {(fewer ? 200 : 149)} usable rows when it was read first and now has {(fewer ? "fewer" : "more")}", error.Message, StringComparison.Ordinal);
        CheckLeftBehind(data, DataCaching.Stream);
    }

    /// <summary>As many batches may hold fewer rows, and nobody asks for a chunk behind them.</summary>
    [Theory]
    [InlineData(200, 199, 10)]
    [InlineData(200, 191, 10)]
    [InlineData(200, 10, TrainingOptions.FullBatch)]
    [InlineData(150, 200, TrainingOptions.FullBatch)]
    [InlineData(100, 110, 100)]
    [InlineData(10, 11, 10)]
    public void So_are_rows_that_make_as_many_batches(int rows, int later, int batchSize)
    {
        var data = View((pass, row) => row <= (pass == 1 ? rows : later));
        var error = Assert.Throws<InvalidOperationException>(() => Fit(data, o => o.BatchSize = batchSize));
        Assert.Contains($"had {rows} usable rows when it was read first and now has {(later < rows ? "fewer" : "more")}", error.Message, StringComparison.Ordinal);
        CheckLeftBehind(data, DataCaching.Stream);
    }

    [Theory]
    [InlineData(CancellationBehavior.Throw)]
    [InlineData(CancellationBehavior.ReturnModel)]
    public void Rows_that_stop_by_the_same_token_are_cancelled_and_no_error(CancellationBehavior behavior)
    {
        using var source = new CancellationTokenSource();
        var data = View((pass, row) =>
        {
            if (pass == 4 && row == 30)
            {
                // Until training has taken what was read, and waits.
                Thread.Sleep(200);
                source.Cancel();
            }

            source.Token.ThrowIfCancellationRequested();
            return true;
        });
        var trainer = Trainer(o => (o.CancellationToken, o.CancellationBehavior) = (source.Token, behavior));
        if (behavior == CancellationBehavior.ReturnModel)
            Assert.Equal(TrainingEnd.Canceled, trainer.Fit(data).Model.History!.End);
        else
            Assert.Contains("of 5 epochs", Assert.Throws<OperationCanceledException>(() => trainer.Fit(data)).Message, StringComparison.Ordinal);
        CheckLeftBehind(data, DataCaching.Stream);
    }

    [Theory]
    [InlineData(1, CancellationBehavior.Throw)]
    [InlineData(1, CancellationBehavior.ReturnModel)]
    [InlineData(2, CancellationBehavior.ReturnModel)]
    [InlineData(3, CancellationBehavior.Throw)]
    [InlineData(3, CancellationBehavior.ReturnModel)]
    public void Cancelling_ends_the_reading(int pass, CancellationBehavior behavior)
    {
        using var source = new CancellationTokenSource();
        var after = 0;
        var data = View((p, row) =>
        {
            if (source.IsCancellationRequested)
                after++;
            if (p == pass && row == 30)
                source.Cancel();
            return true;
        });
        var trainer = Trainer(o => (o.CancellationToken, o.CancellationBehavior, o.NumberOfEpochs) = (source.Token, behavior, 1000));
        if (pass <= 2 || behavior == CancellationBehavior.Throw)
            Assert.Throws<OperationCanceledException>(() => trainer.Fit(data));
        else
            Assert.Equal(TrainingEnd.Canceled, trainer.Fit(data).Model.History!.End);
        Assert.InRange(after, 0, Rows);
        CheckLeftBehind(data, DataCaching.Stream);
    }

    [Fact]
    public void Training_that_waits_for_rows_is_cancelled_at_once()
    {
        using var source = new CancellationTokenSource();
        using var goesOn = new ManualResetEventSlim();
        var data = View((pass, row) =>
        {
            if (pass == 2 && row == 90)
            {
                source.Cancel();
                // Until somebody gives up the wait, or for good.
                Assert.True(goesOn.Wait(TimeSpan.FromMinutes(1)));
            }

            return true;
        });
        using var registration = source.Token.Register(() => ThreadPool.QueueUserWorkItem(_ =>
        {
            Thread.Sleep(50);
            goesOn.Set();
        }));
        Assert.Throws<OperationCanceledException>(() => Fit(data, o => o.CancellationToken = source.Token));
        CheckLeftBehind(data, DataCaching.Stream);
    }

    [Fact]
    public void Training_that_fails_ends_the_reading()
    {
        var data = View();
        Assert.Throws<InvalidTimeZoneException>(() => Fit(data, o => o.EpochCompleted = _ => throw new InvalidTimeZoneException()));
        CheckLeftBehind(data, DataCaching.Stream);
    }

    [Fact]
    public void A_share_of_no_row_and_one_of_all_rows_are_refused()
    {
        var none = Assert.Throws<InvalidOperationException>(() => Fit(View(), o => o.ValidationFraction = 1e-6f));
        Assert.Contains("ValidationFraction is 1E-06, which is less than one of the 200 training rows", none.Message, StringComparison.Ordinal);
        var all = Assert.Throws<InvalidOperationException>(() => Fit(View(), o => o.ValidationFraction = 0.999999f));
        Assert.Contains("ValidationFraction is 0.999999, which leaves none of the usable rows to learn from", all.Message, StringComparison.Ordinal);
    }

    private static void CheckLeftBehind(WatchedDataView data, DataCaching caching)
    {
        Assert.Equal(0, data.OpenCursors);
        Assert.Equal(caching == DataCaching.Stream, data.Readers.Any());
        Assert.All(data.Readers, thread => Assert.False(thread.IsAlive));
    }

    private WatchedDataView View(Func<int, long, bool>? moved = null) => new(_mlContext.Data.LoadFromEnumerable(Sample.Rows(Rows)), moved);

    private void Fit(WatchedDataView data, Action<DenseNeuralNetOptions>? change = null) => Trainer(change).Fit(data);

    private DenseNeuralNetRegressionTrainer Trainer(Action<DenseNeuralNetOptions>? change)
    {
        var options = new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(Sample.Number),
            HiddenLayers = [4],
            NumberOfEpochs = 5,
            BatchSize = 10,
            Seed = 1,
            DataCaching = DataCaching.Stream,
            DataLimits = new DataLimits(Chunk: 400),
        };
        change?.Invoke(options);
        return _mlContext.Regression.Trainers.DenseNeuralNet(options);
    }
}
