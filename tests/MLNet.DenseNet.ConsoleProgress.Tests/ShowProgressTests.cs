using System.Text.RegularExpressions;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.ConsoleProgress.Tests;

public sealed class ShowProgressTests : IDisposable
{
    private readonly TestOutput _terminal = new(isTerminal: true);
    private readonly TestOutput _file = new(isTerminal: false);

    public void Dispose()
    {
        _terminal.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void A_file_gets_a_line_for_each_epoch_and_the_end()
    {
        var history = Train(_file, classes: true, validates: true);
        var lines = _file.Text.Split('\n');
        Assert.DoesNotContain('\u001b', _file.Text);
        for (var i = 0; i < history.Count; i++)
        {
            Assert.StartsWith($"epoch {i + 1,2}/12: loss {FormattableString.Invariant($"{history[i].Loss:G4}, accuracy {history[i].Accuracy:F4}, validation loss {history[i].ValidationLoss:G4}, accuracy {history[i].ValidationAccuracy:F4}")}, ", lines[i], StringComparison.Ordinal);
            Assert.Contains(" rows/s, 0:0", lines[i], StringComparison.Ordinal);
        }

        Assert.Equal("Done after 12 epochs in 0:00", lines[12][..28]);
        Assert.Equal(history.Verdict.Headline, lines[13]);
    }

    [Fact]
    public void A_regression_without_validation_shows_what_there_is()
    {
        var history = Train(_file, classes: false, validates: false);
        Assert.StartsWith(FormattableString.Invariant($"epoch  1/12: loss {history[0].Loss:G4}, R-squared {history[0].RSquared:F4}, "), _file.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("validation loss", _file.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "NDCG@10")]
    [InlineData(true, "NDCG@10")]
    public void A_ranking_shows_how_well_groups_are_ordered(bool isTerminal, string expected)
    {
        var output = isTerminal ? _terminal : _file;
        var options = Options().ShowProgress(output.Console());
        options.Loss = new ListNetLoss();
        var data = Dataset.FromTargets(1, 1, new float[] { 0, 1, 2, 3 }, new float[] { 0, 1, 2, 0 }).WithGroups([0, 0, 1, 1]);
        var history = new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), options).Train(data, data);
        var latest = history[^1];
        var text = isTerminal ? string.Join('\n', _terminal.Screen()) : _file.Text;
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{latest.ValidationNdcg:F4}"), text, StringComparison.Ordinal);
        Assert.DoesNotContain("R-squared", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_ends_with_one_display_however_often_it_was_drawn()
    {
        var history = Train(_terminal, classes: true, validates: true, batch => Thread.Sleep(batch.Batch == 2 ? 60 : 0));
        Assert.Matches("\u001b\\[[0-9]+A", _terminal.Text);
        var screen = _terminal.Screen();
        var text = string.Join('\n', screen);
        Assert.Single(screen, line => line.StartsWith("epoch", StringComparison.Ordinal) && line.Contains("12/12", StringComparison.Ordinal));
        Assert.DoesNotContain("11/12", text, StringComparison.Ordinal);
        var latest = history[^1];
        Assert.Contains(screen, line => line.Contains("training", StringComparison.Ordinal) && line.Contains(FormattableString.Invariant($"{latest.Loss:G4}"), StringComparison.Ordinal));
        Assert.Contains(screen, line => line.Contains("validation", StringComparison.Ordinal) && line.Contains(FormattableString.Invariant($"{latest.ValidationAccuracy:F4}"), StringComparison.Ordinal));
        var best = history.MinBy(e => e.ValidationLoss)!;
        Assert.Contains($"best: epoch {best.Epoch}", text, StringComparison.Ordinal);
        Assert.Contains("Done after 12 epochs", text, StringComparison.Ordinal);
        Assert.Contains(history.Verdict.Headline, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_ends_early_ends_at_its_epoch()
    {
        var options = Options().ShowProgress(_terminal.Console());
        options.EpochCompleted += epoch =>
        {
            if (epoch.Epoch == 5)
                epoch.Stop();
        };
        Train(options, classes: true, validates: true);
        var bar = Assert.Single(_terminal.Screen(), line => line.StartsWith("epoch", StringComparison.Ordinal));
        Assert.Contains(" 5/12 ", bar, StringComparison.Ordinal);
        Assert.DoesNotContain(" left", bar, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_a_long_epoch_are_shown_with_the_time_left()
    {
        // After a tenth of a second the display is drawn again.
        var seen = "";
        Train(_terminal, classes: true, validates: false, batch =>
        {
            if (batch is { Epoch: 1, Batch: 2 })
                Thread.Sleep(150);
            if (batch is { Epoch: 1, Batch: 3 })
                seen = string.Join('\n', _terminal.Screen());
        });
        Assert.Contains("2/5", seen, StringComparison.Ordinal);
        Assert.Contains("1/12", seen, StringComparison.Ordinal);
        Assert.Contains("rows/s", seen, StringComparison.Ordinal);
        Assert.Contains(" left", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_goes_on_from_a_checkpoint_shows_its_epochs()
    {
        var folder = Directory.CreateTempSubdirectory("progress");
        try
        {
            var first = Options();
            first.Checkpoints = new Checkpoints(folder.FullName);
            first.EpochCompleted = epoch =>
            {
                if (epoch.Epoch == 7)
                    throw new InvalidOperationException("Power cut.");
            };
            Assert.Throws<InvalidOperationException>(() => Train(first, classes: true, validates: true));

            var seen = "";
            var second = Options();
            second.Checkpoints = first.Checkpoints;
            second.BatchCompleted = batch =>
            {
                if (batch is { Epoch: 8, Batch: 2 })
                    Thread.Sleep(150);
                if (batch is { Epoch: 8, Batch: 3 })
                    seen = string.Join('\n', _terminal.Screen());
            };
            Train(second.ShowProgress(_terminal.Console()), classes: true, validates: true);
            Assert.Contains(" 8/12 ", seen, StringComparison.Ordinal);
            Assert.DoesNotContain(" 1/12 ", _terminal.Text, StringComparison.Ordinal);
            // The epoch that was saved is told again, with its losses and the time that it took to be left.
            Assert.Contains("validation", seen, StringComparison.Ordinal);
            Assert.Single(Regex.Matches(seen, " [0-9:]+ left"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(20, 24)]
    [InlineData(34, 24)]
    [InlineData(54, 24)]
    [InlineData(60, 40)]
    [InlineData(80, 4)]
    [InlineData(100, 8)]
    [InlineData(100, 2)]
    [InlineData(200, 50)]
    public void A_terminal_of_any_size_is_drawn_over_too(int width, int height)
    {
        using var terminal = new TestOutput(isTerminal: true, width, height);
        var options = Options().ShowProgress(terminal.Console());
        options.EarlyStopping = new EarlyStopping(patience: 100);
        var during = new List<IReadOnlyList<string>>();
        options.NumberOfEpochs = 6;
        // The second batch takes longer than the interval of drawing. So it is drawn in each epoch, and what is seen at the end of an epoch is no older.
        options.BatchCompleted = (batch => Thread.Sleep(batch.Batch == 2 ? 110 : 0)) + options.BatchCompleted + (batch =>
        {
            if (batch is { Epoch: > 1, Batch: 5 })
                during.Add(terminal.Screen());
        });
        Train(options, classes: true, validates: true);
        // Nothing is wrapped, and no state is found above that was before.
        Assert.Equal(5, during.Count);
        Assert.All(during, screen =>
        {
            Assert.InRange(screen.Count, 1, height);
            Assert.StartsWith("epoch ", screen[0], StringComparison.Ordinal);
            Assert.Single(screen, line => line.StartsWith("epoch", StringComparison.Ordinal));
            Assert.All(screen, line => Assert.InRange(line.Length, 0, width - 1));
            Assert.True(height < 6 || screen.Any(line => line.EndsWith(" left", StringComparison.Ordinal)), string.Join('\n', screen));
            Assert.True(height < 12 || screen.Any(line => line.StartsWith("valid", StringComparison.Ordinal)), string.Join('\n', screen));
        });
        var display = terminal.Screen().TakeWhile(line => !line.StartsWith("Done", StringComparison.Ordinal)).ToArray();
        Assert.Single(display, line => line.StartsWith("epoch", StringComparison.Ordinal));
        Assert.InRange(display.Length, 1, height);
    }

    [Fact]
    public void Lines_that_a_narrower_terminal_has_wrapped_are_written_over()
    {
        Train(_terminal, classes: true, validates: true, batch =>
        {
            if (batch.Batch == 2)
                Thread.Sleep(150);
            if (batch is { Epoch: 3, Batch: 3 })
                _terminal.Width = 40;
        });
        var ups = Regex.Matches(_terminal.Text, "\u001b\\[([0-9]+)A").Select(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        // Of seven lines two had more than 40 characters; before and after that nothing is wrapped.
        Assert.Contains(9, ups);
        Assert.All(ups, up => Assert.InRange(up, 1, 9));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_time_left_is_at_most_that_where_training_may_end_early(bool isTerminal)
    {
        var always = Output(_ => { });
        Assert.Matches(", [0-9:]+ left", always);
        Assert.DoesNotContain("at most", always, StringComparison.Ordinal);

        var early = Output(options => options.EarlyStopping = new EarlyStopping(patience: 100));
        Assert.Matches(", at most [0-9:]+ left", early);
        Assert.DoesNotMatch(", [0-9:]+ left", early);

        // A pipeline finds the number of epochs by early stopping.
        Assert.Matches(", at most [0-9:]+ left", Output(options => options.NumberOfEpochs = null));

        string Output(Action<TrainingOptions> change)
        {
            using var output = new TestOutput(isTerminal);
            var options = Options();
            options.BatchCompleted = batch => Thread.Sleep(batch is { Epoch: 2, Batch: 2 } ? 150 : 0);
            options.ShowProgress(output.Console());
            change(options);
            Train(options, classes: true, validates: true);
            return output.Text;
        }
    }

    [Fact]
    public void The_best_epoch_is_the_one_that_early_stopping_goes_by()
    {
        var options = Options().ShowProgress(_terminal.Console());
        options.EarlyStopping = new EarlyStopping(EarlyStoppingMetric.TaskMetric, patience: 100);
        var history = Train(options, classes: true, validates: true);
        var best = history.MaxBy(e => e.ValidationAccuracy)!.Epoch;
        Assert.NotEqual(best, history.MinBy(e => e.ValidationLoss)!.Epoch);
        Assert.Contains($"best: epoch {best} ", string.Join('\n', _terminal.Screen()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_no_number_is_not_the_best()
    {
        var options = Options().ShowProgress(_terminal.Console());
        foreach (var (loss, i) in ((double[])[double.NaN, 0.5, double.NaN, 0.6]).Select((loss, i) => (loss, i)))
        {
            // It is drawn a few times in a second.
            Thread.Sleep(150);
            options.EpochCompleted!(new EpochSummary(i + 1, 4, 1, null, null, loss, null, null, 0.01f, 1000, TimeSpan.Zero, TimeSpan.Zero));
        }

        Assert.Contains("best: epoch 2 ", string.Join('\n', _terminal.Screen()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_epoch_goes_by_class_weights()
    {
        var options = Options().ShowProgress(_terminal.Console());
        options.ClassWeights = ClassWeights.Given([1, 30]);
        options.LearningRate = 0.1f;
        var history = Train(options, classes: true, validates: true);
        var best = history.MinBy(e => e.MonitoredLoss)!.Epoch;
        Assert.NotEqual(best, history.MinBy(e => e.ValidationLoss)!.Epoch);
        Assert.Contains($"best: epoch {best} ", string.Join('\n', _terminal.Screen()), StringComparison.Ordinal);
    }

    [Fact]
    public void Callbacks_set_before_are_called_too_and_the_second_training_begins_anew()
    {
        var (epochs, batches, ends) = (0, 0, 0);
        var options = Options();
        options.EpochCompleted = _ => epochs++;
        options.BatchCompleted = _ => batches++;
        options.TrainingCompleted = _ => ends++;
        Assert.Same(options, options.ShowProgress(_terminal.Console()));
        for (var run = 0; run < 2; run++)
            Train(options, classes: true, validates: false);
        Assert.Equal((24, 24 * 5, 2), (epochs, batches, ends));
        Assert.Equal(2, _terminal.Screen().Count(line => line.StartsWith("Done after", StringComparison.Ordinal)));
        Assert.Equal(2, _terminal.Screen().Count(line => line.StartsWith("epoch", StringComparison.Ordinal)));
    }

    [Fact]
    public void Several_trainings_at_once_are_all_shown_to_their_end()
    {
        var options = Options().ShowProgress(_terminal.Console());
        options.NumberOfEpochs = 400;
        var data = Dataset.FromTargets(1, 1, new float[] { 0, 1, 2, 3 }, new float[] { 0, 1, 2, 0 });
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, seed => new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed), options).Train(data));
        Assert.Equal(8, Regex.Count(_terminal.Text, "Done after 400 epochs"));
    }

    [Fact]
    public void Progress_changes_no_bit()
    {
        var shown = Options();
        shown.ShowProgress(_terminal.Console());
        Assert.Equal(Train(Options(), classes: true, validates: true)[^1].Loss, Train(shown, classes: true, validates: true)[^1].Loss);
    }

    [Fact]
    public void Missing_options_are_refused() => Assert.Throws<ArgumentNullException>("options", () => default(TrainingOptions)!.ShowProgress());

    private static TrainingOptions Options() => new() { NumberOfEpochs = 12, BatchSize = 10, Seed = 1 };

    private static TrainingHistory Train(TestOutput output, bool classes, bool validates, Action<BatchProgress>? eachBatch = null)
    {
        var options = Options().ShowProgress(output.Console());
        options.BatchCompleted = eachBatch + options.BatchCompleted;
        return Train(options, classes, validates);
    }

    private static TrainingHistory Train(TrainingOptions options, bool classes, bool validates)
    {
        var random = new Random(1);
        var features = Enumerable.Range(0, 100).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var data = classes
            ? Dataset.FromClasses(2, 2, features, Enumerable.Range(0, 50).Select(i => features[2 * i] > 0 ? 1 : 0).ToArray())
            : Dataset.FromTargets(2, 1, features, Enumerable.Range(0, 50).Select(i => features[2 * i]).ToArray());
        var network = Network.Create(2, [classes ? new DenseLayer(2, Activation.Softmax) : new DenseLayer(1)], seed: 1);
        return new NetworkTrainer(network, options).Train(data, validates ? data : null);
    }
}
