using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Rows of a stream that are kept in memory to measure with. They are chosen in the first pass. Later passes know them by their identity in the data view, since their order may be another.</summary>
/// <param name="columns">What a row has.</param>
/// <param name="share">The share of the rows, in (0, 1).</param>
/// <param name="seed">Determines which ones.</param>
internal sealed class HeldOutRows(RowColumns columns, double share, int seed)
{
    /// <summary>The most rows that are held out: more would measure no better, and their identities alone would take many megabytes.</summary>
    public const int MostRows = 1 << 18;

    private readonly StreamDealing _dealing = new(columns.ClassCount, share, seed);
    private readonly HashSet<DataViewRowId> _ids = [];
    private readonly List<int> _numbers = [];
    private int _usable;

    /// <summary>The rows held out.</summary>
    public RowBuffer Rows { get; } = new(columns);

    /// <summary>The number, from 0, of each of them among all usable rows, ascending.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>Whether all of them have been chosen, so that later passes add none.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Whether a row is one of them; asked in later passes.</summary>
    public bool Contains(DataViewRowId row) => IsComplete && _ids.Contains(row);

    /// <summary>The number, from 0, that a row which is not held out has among all usable rows.</summary>
    /// <param name="learned">Its number among those that are not held out.</param>
    public int NumberOfLearned(int learned)
    {
        // How many rows are held out before it: those that have at most so many others before them.
        var (before, end) = (0, _numbers.Count);
        while (before < end)
        {
            var middle = (before + end) / 2;
            if (_numbers[middle] - middle <= learned)
                before = middle + 1;
            else
                end = middle;
        }

        return learned + before;
    }

    /// <summary>Keeps the cursor's current row if it is its turn; asked in the first pass.</summary>
    /// <param name="row">At a usable row.</param>
    /// <param name="id">Its identity.</param>
    /// <exception cref="InvalidOperationException">An earlier row has the same identity: later passes could not tell the two apart.</exception>
    public bool TryTake(RowCursor row, DataViewRowId id)
    {
        if (IsComplete)
            return false;
        var number = _usable++;
        if (!_dealing.Takes(row.Label.Class))
            return _ids.Contains(id) ? throw SameIdentity() : false;
        if (!_ids.Add(id))
            throw SameIdentity();
        Rows.Add(row);
        _numbers.Add(number);
        return true;
    }

    private static InvalidOperationException SameIdentity() =>
        new("the data view gives several rows the same identity, so that those held out to measure with cannot be told from the others; give a validation set, or hold none out by giving NumberOfEpochs without EarlyStopping");
}
