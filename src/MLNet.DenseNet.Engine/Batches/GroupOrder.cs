using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// How rows in groups are cut into batches of whole groups. Each batch has the same number of groups, as many as have about the rows that are wanted, so that every epoch has the same number of batches, whatever the order.
/// </summary>
internal sealed class GroupOrder
{
    // The rows, group by group, where each group begins in them, and the end.
    private readonly int[] _rows;
    private readonly int[] _starts;
    private readonly int _groupsPerBatch;

    // The groups in the order of the epoch, and where each batch ends in it.
    private readonly int[] _order;
    private readonly int[] _ends;

    private GroupOrder(RowSubset rows, RowGroups groups, int wantedRows)
    {
        var groupOf = groups.OfRows.ToArray();
        // A stable sort: rows of a group keep their order.
        _rows = [.. rows.Rows.ToArray().OrderBy(row => groupOf[row])];
        _starts = [.. Enumerable.Range(0, _rows.Length).Where(i => i == 0 || groupOf[_rows[i]] != groupOf[_rows[i - 1]]), _rows.Length];
        _order = [.. Enumerable.Range(0, _starts.Length - 1)];
        _groupsPerBatch = (int)Math.Clamp(Math.Round(wantedRows / ((double)_rows.Length / _order.Length)), 1, _order.Length);
        _ends = new int[(_order.Length + _groupsPerBatch - 1) / _groupsPerBatch];
        MaxRows = _order.Select(SizeOf).OrderDescending().Take(_groupsPerBatch).Sum();
    }

    /// <summary>The batches of an epoch.</summary>
    public int BatchCount => _ends.Length;

    /// <summary>The most rows that a batch may have.</summary>
    public int MaxRows { get; }

    /// <returns>Null where the rows are in no groups.</returns>
    /// <param name="rows">The rows.</param>
    /// <param name="wantedRows">About how many rows a batch has; at least one group.</param>
    public static GroupOrder? Of(RowSubset rows, int wantedRows) => rows.Data.Groups is { } groups ? new GroupOrder(rows, groups, wantedRows) : null;

    /// <summary>Orders the rows group by group.</summary>
    /// <param name="random">Draws the order of the groups; null for that of their first rows.</param>
    /// <param name="rows">(rows), to be filled.</param>
    public void Fill(RandomBits? random, Span<int> rows)
    {
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        random?.Shuffle(_order);
        var filled = 0;
        for (var i = 0; i < _order.Length; i++)
        {
            var group = _order[i];
            _rows.AsSpan(_starts[group], SizeOf(group)).CopyTo(rows[filled..]);
            filled += SizeOf(group);
            _ends[i / _groupsPerBatch] = filled;
        }
    }

    /// <summary>Where the batch ends that begins with a row of the order.</summary>
    public int EndOfBatch(int first)
    {
        var index = Array.BinarySearch(_ends, first + 1);
        return _ends[index < 0 ? ~index : index];
    }

    private int SizeOf(int group) => _starts[group + 1] - _starts[group];
}
