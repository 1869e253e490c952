using Microsoft.ML.Runtime;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Reads the usable rows of a data view into memory once.</summary>
/// <param name="host">Makes the exceptions.</param>
/// <param name="channel">Is told of rows that were skipped.</param>
/// <param name="options">Say whether to stop.</param>
internal sealed class RowReader(IHost host, IChannel channel, TrainingOptions options)
{
    /// <summary>The rows in the order of the data view.</summary>
    /// <exception cref="InvalidOperationException">No row is usable; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled: whatever the options say, there is no model yet.</exception>
    public Dataset Read(RowColumns columns)
    {
        var block = new RowBlock(columns);
        if (columns.View.GetRowCount() is { } count)
            block.Features.Reserve(count);
        using var cursor = new RowCursor(columns, options);
        while (cursor.MoveNext())
            block.Add(cursor);
        cursor.Counts.Report(columns, host, channel);
        return block.ToDataset();
    }
}
