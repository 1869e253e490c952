using MLNet.DenseNet;
using Spectre.Console;

namespace Digits;

/// <summary>Shows training as it happens: a live table in a terminal, a plain line for each epoch where output is redirected.</summary>
internal sealed class EpochTable : IDisposable
{
    // Of a long training the latest epochs, so that the table fits on a screen.
    private const int VisibleRows = 15;

    private readonly Table _table = new Table().AddColumns("epoch", "loss", "accuracy", "seconds");
    private readonly TaskCompletionSource _finished = new();
    private readonly Task _display = Task.CompletedTask;
    private LiveDisplayContext? _live;

    public EpochTable()
    {
        if (Console.IsOutputRedirected)
            return;

        var started = new TaskCompletionSource();
        _display = AnsiConsole.Live(_table).StartAsync(live =>
        {
            _live = live;
            started.SetResult();
            return _finished.Task;
        });
        Task.WaitAny(started.Task, _display);
    }

    public void Add(EpochSummary epoch)
    {
        if (_live is null)
        {
            Console.WriteLine($"epoch {epoch.Epoch,3} of {epoch.NumberOfEpochs}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:F4}");
            return;
        }

        if (_table.Rows.Count == VisibleRows)
            _table.Rows.RemoveAt(0);
        _table.AddRow($"{epoch.Epoch} of {epoch.NumberOfEpochs}", $"{epoch.Loss:F4}", $"{epoch.Accuracy:F4}", $"{epoch.Elapsed.TotalSeconds:F1}");
        _live.Refresh();
    }

    public void Dispose()
    {
        _finished.SetResult();
        _display.Wait();
    }
}
