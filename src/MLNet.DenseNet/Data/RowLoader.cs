using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Reads rows into memory, or makes them ready to be streamed where they do not fit there.</summary>
/// <param name="host">Makes the exceptions.</param>
/// <param name="channel">The log, for what was decided and for rows that were skipped.</param>
/// <param name="options">Say where the rows are to be, and whether to stop.</param>
/// <param name="holdOut">Which rows of a stream are held out. Rows in memory can be held out later.</param>
internal sealed class RowLoader(IHost host, IChannel channel, DenseNeuralNetOptions options, HoldOutPlan holdOut)
{
    // The number of rows by which the memory of all of them is estimated.
    private const int Sample = 1024;

    /// <summary>Loads the rows of one training.</summary>
    /// <param name="training">The rows to learn from.</param>
    /// <param name="validation">Rows to measure with; null for none, or those that are held out.</param>
    /// <exception cref="InvalidOperationException">No row is usable, or they cannot be read; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled: whatever the options say, there is no model yet.</exception>
    public TrainingRows Load(RowColumns training, RowColumns? validation)
    {
        var available = AvailableMemory.Bytes;
        var limit = options.DataCaching switch
        {
            // Of a stream, nobody would know where a group's last row is, nor keep the groups that are held out.
            _ when training.Group is not null => long.MaxValue,
            DataCaching.Memory => long.MaxValue,
            DataCaching.Stream => 0,
            _ => options.DataLimits.InMemory ?? Math.Min(available / 4, (long)Array.MaxLength * sizeof(float)),
        };

        if (TryRead(training, limit) is { } rows)
            return new TrainingRows(RowSubset.All(rows), Load(validation, training, limit));
        if (options.DataCaching == DataCaching.Auto)
            Tell($"The training rows are streamed: in memory they would take more than {Megabytes(limit)} MB of the {Megabytes(available)} MB available ({nameof(options.DataCaching)})");
        return Stream(training, validation);
    }

    private TrainingRows Stream(RowColumns training, RowColumns? validation)
    {
        var heldOut = HoldOut(training);
        var streamed = new StreamedRows(host, channel, training, options, heldOut);
        if (heldOut is { Rows.Rows: > 0 })
            return new TrainingRows(streamed, RowSubset.All(heldOut.Rows.ToDataset(), heldOut.Numbers));
        if (heldOut is not null && !holdOut.MayBeEmpty)
            throw host.Except(FormattableString.Invariant($"The option {nameof(options.ValidationFraction)} is {holdOut.Fraction}, which is less than one of the {streamed.Count} training rows."));
        return new TrainingRows(streamed, Load(validation, training, options.DataLimits.HeldOut));
    }

    private RowSource? Load(RowColumns? validation, RowColumns training, long limit)
    {
        validation?.Storage.Follow(training.Storage);
        return validation is null ? null : TryRead(validation, limit) is { } rows ? RowSubset.All(rows) : new StreamedRows(host, channel, validation, options);
    }

    /// <summary>Reads all rows into memory.</summary>
    /// <returns>The rows in the order of the data view; null where they take more than the limit.</returns>
    private Dataset? TryRead(RowColumns columns, long limit)
    {
        if (limit == 0)
            return null;
        var kept = new RowBuffer(columns);
        var count = columns.View.GetRowCount();
        using var cursor = new RowCursor(host, columns, () => options.IsCanceled);
        while (cursor.MoveNext())
        {
            kept.Add(cursor);
            if (kept.Rows == Sample && count is { } rows)
            {
                if ((double)kept.Bytes / Sample * rows > limit)
                    return null;
                // The length that a data view tells may be wrong, so no more is reserved than there is memory.
                kept.Features.Reserve(Math.Min(rows, AvailableMemory.Bytes / columns.BytesPerRow));
            }

            if (kept.Bytes > limit)
                return null;
        }

        cursor.Counts.ThrowIfCanceled(columns, options);
        cursor.Counts.Report(columns, options, host, channel);
        if (options.DataCaching == DataCaching.Auto)
            Tell($"The {columns.Set} rows are kept in memory: {Megabytes(kept.Bytes)} MB ({nameof(options.DataCaching)})");
        return kept.ToDataset();
    }

    /// <summary>Plans which rows of a stream are held out: as large a share as planned, unless its rows would take too much memory.</summary>
    private HeldOutRows? HoldOut(RowColumns columns)
    {
        if (holdOut.Fraction == 0)
            return null;
        var rows = columns.View.GetRowCount() ?? CountRows(columns.View);
        if (!holdOut.Applies(rows))
            return null;
        var most = Math.Min((double)options.DataLimits.HeldOut / columns.BytesPerRow, HeldOutRows.MostRows);
        var share = Math.Min(holdOut.Fraction, most / Math.Max(1, rows));
        if (share < holdOut.Fraction)
            Tell(FormattableString.Invariant($"The rows held out to measure with are a share of {share:G3} instead of {holdOut.Fraction}, since they are kept in memory: {Megabytes(options.DataLimits.HeldOut)} MB and {HeldOutRows.MostRows} rows at most"));
        return new HeldOutRows(columns, share, holdOut.Seed);
    }

    /// <summary>Counts rows without reading a column, which costs little even where rows are lines of text.</summary>
    private static long CountRows(IDataView view)
    {
        using var cursor = view.GetRowCursor([]);
        var count = 0L;
        while (cursor.MoveNext())
            count++;
        return count;
    }

    private void Tell(string what)
    {
        if (options.Verbosity >= Verbosity.Summary)
            channel.Info(MessageSensitivity.None, what);
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1 << 20):N0}");
}
