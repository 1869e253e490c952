using Microsoft.ML.Runtime;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>Tells ML.NET how training goes, in lines of the log and through its progress channel.</summary>
internal sealed class TrainingLog : IDisposable
{
    private static readonly string[] Metrics = ["Loss", "Accuracy", "R-squared", "Validation loss", "Validation accuracy", "Validation R-squared", "NDCG@10", "Validation NDCG@10"];

    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private readonly Verbosity _verbosity;
    private EpochSummary? _latest;

    // ML.NET keeps every checkpoint until somebody asks for progress, which mostly never happens. So a new one is sent only after the one before was asked for.
    private volatile bool _isAsked = true;
    private bool _isReported;

    /// <param name="host">Offers the progress channel.</param>
    /// <param name="channel">The log.</param>
    /// <param name="verbosity">How many lines.</param>
    public TrainingLog(IHost host, IChannel channel, Verbosity verbosity)
    {
        _channel = channel;
        _verbosity = verbosity;
        _progress = host.StartProgressChannel("Training");
        _progress.SetHeader(new ProgressHeader(Metrics, ["epochs"]), entry =>
        {
            _isAsked = true;
            if (_latest is not { } epoch)
                return;
            entry.SetProgress(0, epoch.Epoch, epoch.NumberOfEpochs);
            var values = ValuesOf(epoch);
            for (var metric = 0; metric < Metrics.Length; metric++)
            {
                if (values[metric] is { } value)
                    entry.SetMetric(metric, value);
            }
        });
    }

    public void Begin(Network network)
    {
        if (_verbosity >= Verbosity.Summary)
            _channel.Info(MessageSensitivity.Schema, $"Training [{network}]");
    }

    public void Report(EpochSummary epoch)
    {
        (_latest, _isReported) = (epoch, _isAsked);
        if (_isReported)
        {
            _isAsked = false;
            Checkpoint(epoch);
        }

        if (epoch.CheckpointError is { } error)
            _channel.Warning(error.Message);
        if (_verbosity < Verbosity.Epochs)
            return;
        if (epoch.AnnealedFrom is { } best)
            _channel.Info(MessageSensitivity.None, FormattableString.Invariant($"Annealing went on from the weights of epoch {best}"));
        _channel.Info(MessageSensitivity.None, Describe(epoch));
    }

    public void End(TrainingHistory history)
    {
        if (_latest is { } latest && !_isReported)
            Checkpoint(latest);
        if (_verbosity < Verbosity.Summary)
            return;
        var restored = history.RestoredEpoch is { } epoch ? $", with the weights of epoch {epoch}" : "";
        var elapsed = history.Count == 0 ? 0 : history[^1].Elapsed.TotalSeconds;
        _channel.Info(MessageSensitivity.None, FormattableString.Invariant($"Training ended ({history.End}) after {history.Count} epochs and {elapsed:F1} s{restored}"));
    }

    public void Dispose() => _progress.Dispose();

    private void Checkpoint(EpochSummary epoch) => _progress.Checkpoint([.. ValuesOf(epoch), epoch.Epoch, epoch.NumberOfEpochs]);

    /// <summary>An epoch's values in the order of <see cref="Metrics"/>.</summary>
    private static double?[] ValuesOf(EpochSummary epoch) =>
        [epoch.Loss, epoch.Accuracy, epoch.RSquared, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ValidationRSquared, epoch.Ndcg, epoch.ValidationNdcg];

    private static string Describe(EpochSummary epoch)
    {
        var text = FormattableString.Invariant($"Epoch {epoch.Epoch} of {epoch.NumberOfEpochs}: loss {epoch.Loss:G6}");
        if (epoch.Metric is { } metric)
            text += FormattableString.Invariant($", {epoch.MetricName} {MetricText.Of(metric, 4)}");
        if (epoch.ValidationLoss is { } loss)
            text += FormattableString.Invariant($", validation loss {loss:G6}");
        if (epoch.ValidationMetric is { } validationMetric)
            text += FormattableString.Invariant($", validation {epoch.MetricName} {MetricText.Of(validationMetric, 4)}");
        return text;
    }
}
