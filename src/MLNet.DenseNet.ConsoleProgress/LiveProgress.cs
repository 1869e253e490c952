using System.Diagnostics;
using Spectre.Console;

namespace MLNet.DenseNet.ConsoleProgress;

/// <summary>A display of a training in a terminal, drawn over itself each time.</summary>
/// <param name="console">An ANSI terminal.</param>
/// <param name="options">Say by what the best epoch is chosen, and whether training may end before its last epoch.</param>
internal sealed class LiveProgress(IAnsiConsole console, TrainingOptions options)
{
    // Often enough to look alive, seldom enough to cost nothing.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly OverwrittenLines _lines = new(console);

    // Several trainings may have the same options at once. Their lines take turns.
    private readonly Lock _turn = new();
    private EpochSummary? _epoch;
    private EpochSummary? _best;
    private BatchProgress? _batch;
    private long _epochStart;
    private long _drawn;
    private bool _isOver;

    /// <summary>Shows a batch where the display was not drawn for a while.</summary>
    public void Show(BatchProgress batch)
    {
        using var turn = _turn.EnterScope();
        if (batch.Batch == 1)
        {
            _epochStart = Stopwatch.GetTimestamp();
            // A training before this one left its epochs, as in a cross-validation.
            if (batch.Epoch != _epoch?.Epoch + 1)
            {
                (_epoch, _best) = (null, null);
                _lines.Keep();
            }
        }

        _batch = batch;
        if (Stopwatch.GetElapsedTime(_drawn) >= Interval)
            Draw();
    }

    public void Show(EpochSummary epoch)
    {
        using var turn = _turn.EnterScope();
        (_epoch, _batch) = (epoch, null);
        if (_best is null || double.IsNaN(_best.MonitoredValue(Monitored)) || epoch.MonitoredValue(Monitored) < _best.MonitoredValue(Monitored))
            _best = epoch;
        if (Stopwatch.GetElapsedTime(_drawn) >= Interval)
            Draw();
    }

    public void End(TrainingHistory history)
    {
        using var turn = _turn.EnterScope();
        (_batch, _isOver) = (null, true);
        Draw();
        _lines.Keep();
        _isOver = false;
        console.WriteLine();
        console.WriteLine(ProgressText.End(history));
        var verdict = history.Verdict;
        console.MarkupLineInterpolated($"[{Color(verdict.Fit)}]{verdict.Headline}[/]");
        foreach (var line in verdict.ToString().Split('\n').Skip(1))
            console.WriteLine(line);
    }

    // Options may be set after the display was.
    private EarlyStoppingMetric Monitored => options.EarlyStopping?.Metric ?? EarlyStoppingMetric.Loss;

    /// <summary>Of the validation rows, or of the training rows where there are none.</summary>
    private static double? Metric(EpochSummary epoch) => epoch.ValidationLoss is null ? epoch.Metric : epoch.ValidationMetric;

    private static string Color(TrainingFit fit) => fit switch
    {
        TrainingFit.FitsWell => "green",
        TrainingFit.Diverges or TrainingFit.LearnedNothing => "red",
        _ => "yellow",
    };

    private void Draw()
    {
        if (_epoch is null && _batch is null)
            return;
        _drawn = Stopwatch.GetTimestamp();
        var layout = new ProgressLayout(_lines.Width, _lines.Height, console.Profile.Capabilities.Unicode);
        var numberOfEpochs = _batch?.NumberOfEpochs ?? _epoch!.NumberOfEpochs;
        // A training that goes on from a checkpoint begins at a later epoch.
        var number = _batch?.Epoch ?? (_isOver ? _epoch!.Epoch : Math.Min(_epoch!.Epoch + 1, numberOfEpochs));
        var done = _batch is { } batch ? batch.Epoch - 1 + batch.Batch / (double)batch.NumberOfBatches : _epoch!.Epoch;
        var epochs = ("epoch", number, numberOfEpochs, done / numberOfEpochs, Timing());
        if (_batch is { } current)
            layout.AddBars(epochs, ("batch", current.Batch, current.NumberOfBatches, current.Batch / (double)current.NumberOfBatches, [$"loss {ProgressText.Of(current.Loss)}"]));
        else
            layout.AddBars(epochs);
        if (_epoch is not null)
            layout.AddTable(Losses(_epoch, _best!));
        _lines.Write(layout.Lines);
    }

    /// <summary>Pace and time left: of the epochs so far, or before any is complete of the batches so far.</summary>
    private string[] Timing()
    {
        if (_epoch is { } epoch)
            return _isOver ? [ProgressText.Pace(epoch.RowsPerSecond)] : [ProgressText.Pace(epoch.RowsPerSecond), ProgressText.Left(epoch.EstimatedTimeLeft, options)];
        var (batch, elapsed) = (_batch!.Value, Stopwatch.GetElapsedTime(_epochStart));
        if (batch.Batch < 2)
            return [];
        var batchesLeft = (double)batch.NumberOfBatches * (batch.NumberOfEpochs - batch.Epoch + 1) - batch.Batch;
        return [ProgressText.Pace(batch.Rows / elapsed.TotalSeconds), ProgressText.Left(TimeSpan.FromSeconds(Math.Min(elapsed.TotalSeconds / batch.Batch * batchesLeft, 1e9)), options)];
    }

    private static List<((string Long, string Short) Name, (string Long, string Short)[] Cells)> Losses(EpochSummary latest, EpochSummary best)
    {
        var hasMetric = latest.Metric is not null;
        var shortName = latest switch { { Accuracy: not null } => "acc.", { Ndcg: not null } => "NDCG", _ => "R2" };
        var rate = FormattableString.Invariant($"rate {latest.LearningRate:G3}");
        List<((string Long, string Short) Name, (string Long, string Short)[] Cells)> rows =
        [
            ((rate, ""), hasMetric ? [("loss", "loss"), (latest.MetricName!, shortName)] : [("loss", "loss")]),
        ];
        Add("training", "train", latest.Loss, latest.Metric);
        if (latest.ValidationLoss is { } loss)
            Add("validation", "valid", loss, latest.ValidationMetric);
        Add($"best: epoch {best.Epoch}", $"best {best.Epoch}", best.ValidationLoss ?? best.Loss, Metric(best));
        return rows;

        void Add(string name, string shortName, double loss, double? metric) =>
            rows.Add(((name, shortName), hasMetric ? [Number(ProgressText.Of(loss)), Number(ProgressText.Of(metric))] : [Number(ProgressText.Of(loss))]));

        static (string Long, string Short) Number(string text) => (text, text);
    }
}
