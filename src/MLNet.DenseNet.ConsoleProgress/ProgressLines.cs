namespace MLNet.DenseNet.ConsoleProgress;

/// <summary>A plain line for each epoch, for files and pipes.</summary>
/// <param name="writer">Where to.</param>
/// <param name="options">Say whether training may end before its last epoch.</param>
internal sealed class ProgressLines(TextWriter writer, TrainingOptions options)
{
    public void Write(EpochSummary epoch)
    {
        List<string> parts = [$"loss {ProgressText.Of(epoch.Loss)}"];
        if (epoch.Metric is { } metric)
            parts.Add($"{epoch.MetricName} {ProgressText.Of((double?)metric)}");
        if (epoch.ValidationLoss is { } loss)
            parts.Add($"validation loss {ProgressText.Of(loss)}");
        if (epoch.ValidationMetric is { } validationMetric)
            parts.Add($"{epoch.MetricName} {ProgressText.Of((double?)validationMetric)}");
        parts.Add(ProgressText.Pace(epoch.RowsPerSecond));
        parts.Add(ProgressText.Left(epoch.EstimatedTimeLeft, options));
        if (epoch.AnnealedFrom is { } best)
            writer.WriteLine($"annealing went on from the weights of epoch {best}");
        var number = $"{epoch.Epoch}".PadLeft($"{epoch.NumberOfEpochs}".Length);
        writer.WriteLine($"epoch {number}/{epoch.NumberOfEpochs}: {string.Join(", ", parts)}");
    }

    public void End(TrainingHistory history)
    {
        writer.WriteLine(ProgressText.End(history));
        writer.WriteLine(history.Verdict);
    }
}
