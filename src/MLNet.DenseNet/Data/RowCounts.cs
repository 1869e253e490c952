using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Data;

/// <summary>How many rows were read, and how many of them could not be used and why.</summary>
internal sealed class RowCounts
{
    public long Read { get; set; }

    public long BadFeatures { get; set; }

    public long BadLabels { get; set; }

    public long BadWeights { get; set; }

    private long Skipped => BadFeatures + BadLabels + BadWeights;

    /// <exception cref="OperationCanceledException">Training was cancelled: whatever the options say, there is no model yet.</exception>
    public void ThrowIfCanceled(RowColumns columns, TrainingOptions options)
    {
        if (options.IsCanceled)
            throw new OperationCanceledException($"Training was canceled after {Read} rows of the {columns.Set} data were read.", options.CancellationToken);
    }

    /// <summary>Warns of the rows that were skipped.</summary>
    /// <exception cref="InvalidOperationException">No row is left; the message says why.</exception>
    public void Report(RowColumns columns, IHost host, IChannel channel)
    {
        if (Read == 0)
            throw host.Except($"The {columns.Set} data has no rows.");
        if (Skipped == Read)
            throw host.Except($"None of the {Read} rows of the {columns.Set} data can be used: {Reasons(columns)}.");
        if (Skipped > 0)
            channel.Warning($"Skipped {Skipped} of {Read} rows of the {columns.Set} data: {Reasons(columns)}.");
    }

    private string Reasons(RowColumns columns)
    {
        var reasons = new List<string>();
        if (BadFeatures > 0)
            reasons.Add($"{BadFeatures} with a missing or infinite feature in '{columns.Feature.Name}' (ReplaceMissingValues fills them in)");
        if (BadLabels > 0)
            reasons.Add($"{BadLabels} with a missing or infinite label in '{columns.Label.Name}'");
        if (BadWeights > 0)
            reasons.Add($"{BadWeights} with a weight in '{columns.Weight?.Name}' that is not finite and above 0");
        return string.Join(", ", reasons);
    }
}
