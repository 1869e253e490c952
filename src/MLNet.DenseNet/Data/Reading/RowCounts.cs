using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Data;

/// <summary>How many rows were read, and how many of them could not be used and why.</summary>
internal sealed class RowCounts
{
    public long Read { get; set; }

    public long BadFeatures { get; set; }

    /// <summary>The rows that were used although features are missing.</summary>
    public long WithMissing { get; set; }

    /// <summary>The slot of the first feature that was missing or infinite.</summary>
    public int? FirstBadSlot { get; set; }

    public long BadLabels { get; set; }

    public long BadWeights { get; set; }

    /// <summary>The rows whose group is a missing key.</summary>
    public long BadGroups { get; set; }

    private long Skipped => BadFeatures + BadLabels + BadWeights + BadGroups;

    /// <summary>Ends a cancelled training, whatever the options say: there is no model yet.</summary>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public void ThrowIfCanceled(RowColumns columns, TrainingOptions options)
    {
        if (options.IsCanceled)
            throw new OperationCanceledException($"Training was canceled after {Read} rows of the {columns.Set} data were read.", options.CancellationToken);
    }

    /// <summary>Warns of the rows that were skipped, and says how many miss a feature.</summary>
    /// <exception cref="InvalidOperationException">No row is left; the message says why.</exception>
    public void Report(RowColumns columns, DenseNeuralNetOptions options, IHost host, IChannel channel)
    {
        if (Read == 0)
            throw host.Except($"The {columns.Set} data has no rows.");
        if (Skipped == Read)
            throw host.Except($"None of the {Read} rows of the {columns.Set} data can be used: {Reasons(columns)}.");
        if (Skipped > 0)
            channel.Warning($"Skipped {Skipped} of {Read} rows of the {columns.Set} data: {Reasons(columns)}.");
        if (WithMissing > 0 && options.Verbosity >= Verbosity.Summary)
            channel.Info($"{WithMissing} of {Read} rows of the {columns.Set} data miss a feature: it counts as the mean of its column, and an indicator tells the network.");
    }

    private string Reasons(RowColumns columns)
    {
        var reasons = new List<string>();
        var mayMiss = columns.MayMissAll;
        if (BadFeatures > 0)
            reasons.Add($"{BadFeatures} with {(mayMiss ? "an infinite" : "a missing or infinite")} feature in '{columns.Feature.Name}' (the first is {SlotNames.Describe(columns.Feature, FirstBadSlot!.Value)}{(mayMiss ? "" : "; ReplaceMissingValues fills missing ones in")})");
        if (BadLabels > 0)
            reasons.Add($"{BadLabels} with a missing or infinite label in '{columns.Label.Name}' ({WhatToDo(columns)})");
        if (BadWeights > 0)
            reasons.Add($"{BadWeights} with a weight in '{columns.Weight?.Name}' that is not finite and above 0");
        if (BadGroups > 0)
            reasons.Add($"{BadGroups} with a missing group in '{columns.Group?.Name}'");
        return string.Join(", ", reasons);
    }

    /// <summary>Missing features can be filled in, missing labels cannot.</summary>
    private static string WhatToDo(RowColumns columns) => columns.Label.Type is KeyDataViewType
        ? "values that the key lacks; MapValueToKey has keys for the values that it was fitted on, or for those of its keyData; keys that are properties of objects count from 0"
        : "text that is no number is read as missing, so see whether the loader reads the right column as the right type";
}
