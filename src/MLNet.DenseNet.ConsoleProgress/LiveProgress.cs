using System.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNet.DenseNet.ConsoleProgress;

/// <summary>A display of a training in a terminal, drawn over itself each time.</summary>
/// <param name="console">An ANSI terminal.</param>
/// <param name="options">Say by what the best epoch is chosen.</param>
internal sealed class LiveProgress(IAnsiConsole console, TrainingOptions options)
{
    private const int LongestBar = 30;
    private const int ShortestBar = 6;

    // What stands beside a bar.
    private const int TextWidth = 48;

    // The lines of bars and losses; what does not fit on the screen cannot be drawn over.
    private const int Lines = 10;

    // Often enough to look alive, seldom enough to cost nothing.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private EpochSummary? _epoch;
    private EpochSummary? _best;
    private BatchProgress? _batch;
    private long _epochStart;
    private long _drawn;
    private int _lines;
    private bool _isOver;

    /// <summary>Shows a batch where the display was not drawn for a while.</summary>
    public void Show(BatchProgress batch)
    {
        if (batch.Batch == 1)
        {
            _epochStart = Stopwatch.GetTimestamp();
            // What a training before this one left, as in a cross-validation.
            if (batch.Epoch != _epoch?.Epoch + 1)
                (_epoch, _best, _lines) = (null, null, 0);
        }

        _batch = batch;
        if (Stopwatch.GetElapsedTime(_drawn) >= Interval)
            Draw();
    }

    public void Show(EpochSummary epoch)
    {
        (_epoch, _batch) = (epoch, null);
        if (_best is null || epoch.MonitoredValue(Monitored) < _best.MonitoredValue(Monitored))
            _best = epoch;
        if (Stopwatch.GetElapsedTime(_drawn) >= Interval)
            Draw();
    }

    public void End(TrainingHistory history)
    {
        (_batch, _isOver) = (null, true);
        Draw();
        (_lines, _isOver) = (0, false);
        console.WriteLine(ProgressText.End(history));
        var verdict = history.Verdict;
        console.MarkupLineInterpolated($"[{Color(verdict.Fit)}]{verdict.Headline}[/]");
        foreach (var line in verdict.ToString().Split('\n').Skip(1))
            console.WriteLine(line);
    }

    private int BarWidth => Math.Clamp(console.Profile.Width - TextWidth, ShortestBar, LongestBar);

    // Options may be set after the display was.
    private EarlyStoppingMetric Monitored => options.EarlyStopping?.Metric ?? EarlyStoppingMetric.Loss;

    /// <summary>Of the validation rows, or of the training rows where there are none.</summary>
    private static double? Metric(EpochSummary epoch) => epoch.ValidationLoss is null ? epoch.Accuracy ?? epoch.RSquared : epoch.ValidationAccuracy ?? epoch.ValidationRSquared;

    private static string Color(TrainingFit fit) => fit switch
    {
        TrainingFit.FitsWell => "green",
        TrainingFit.Diverges => "red",
        _ => "yellow",
    };

    private void Draw()
    {
        if (_epoch is null && _batch is null)
            return;
        _drawn = Stopwatch.GetTimestamp();
        var display = Compose();
        // Up to where the display began, and clear from there: lines that were longer or more leave nothing behind.
        if (_lines > 0)
            console.Write(new ControlCode($"\u001b[{_lines}A\r\u001b[J"));
        console.Write(display);
        _lines = Segment.SplitLines(display.Render(RenderOptions.Create(console), console.Profile.Width)).Count;
    }

    private IRenderable Compose()
    {
        var numberOfEpochs = _batch?.NumberOfEpochs ?? _epoch!.NumberOfEpochs;
        // A training that goes on from a checkpoint begins at a later epoch.
        var number = _batch?.Epoch ?? (_isOver ? _epoch!.Epoch : Math.Min(_epoch!.Epoch + 1, numberOfEpochs));
        var done = _batch is { } batch ? batch.Epoch - 1 + batch.Batch / (double)batch.NumberOfBatches : _epoch!.Epoch;
        var bars = new Grid().AddColumns(4);
        bars.AddRow(new Text("epoch"), Bar(done / numberOfEpochs), new Text($"{number}/{numberOfEpochs}"), new Text(Timing()));
        if (_batch is { } current)
            bars.AddRow(new Text("batch"), Bar(current.Batch / (double)current.NumberOfBatches), new Text($"{current.Batch}/{current.NumberOfBatches}"), new Text($"loss {ProgressText.Of(current.Loss)}"));
        return _epoch is null || console.Profile.Height <= Lines ? bars : new Rows(bars, Losses(_epoch, _best!));
    }

    /// <summary>Pace and time left: of the epochs so far, or before any is complete of the batches so far.</summary>
    private string Timing()
    {
        if (_epoch is { } epoch)
            return ProgressText.Pace(epoch.RowsPerSecond) + (_isOver ? "" : $", {ProgressText.Of(epoch.EstimatedTimeLeft)} left");
        var (batch, elapsed) = (_batch!.Value, Stopwatch.GetElapsedTime(_epochStart));
        if (batch.Batch < 2)
            return "";
        var batchesLeft = (double)batch.NumberOfBatches * (batch.NumberOfEpochs - batch.Epoch + 1) - batch.Batch;
        return $"{ProgressText.Pace(batch.Rows / elapsed.TotalSeconds)}, {ProgressText.Of(TimeSpan.FromSeconds(Math.Min(elapsed.TotalSeconds / batch.Batch * batchesLeft, 1e9)))} left";
    }

    private static Table Losses(EpochSummary latest, EpochSummary best)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(FormattableString.Invariant($"rate {latest.LearningRate:G3}"));
        table.AddColumn(new TableColumn("loss").RightAligned());
        var hasMetric = (latest.Accuracy ?? latest.RSquared) is not null;
        if (hasMetric)
            table.AddColumn(new TableColumn(ProgressText.MetricName(latest)).RightAligned());
        Add("training", latest.Loss, latest.Accuracy ?? latest.RSquared);
        if (latest.ValidationLoss is { } loss)
            Add("validation", loss, latest.ValidationAccuracy ?? latest.ValidationRSquared);
        Add($"best: epoch {best.Epoch}", best.ValidationLoss ?? best.Loss, Metric(best));
        return table;

        void Add(string what, double loss, double? metric) => table.AddRow(hasMetric ? [what, ProgressText.Of(loss), ProgressText.Of(metric)] : [what, ProgressText.Of(loss)]);
    }

    private Markup Bar(double share)
    {
        var done = (int)Math.Round(BarWidth * Math.Clamp(share, 0, 1));
        var (full, empty) = console.Profile.Capabilities.Unicode ? ('\u2501', '\u2500') : ('#', '-');
        return new Markup($"[green]{new string(full, done)}[/][grey]{new string(empty, BarWidth - done)}[/]");
    }
}
