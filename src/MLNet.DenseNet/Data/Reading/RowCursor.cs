using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Data;

/// <summary>Goes over the usable rows of a data view. Which ones are usable is what ML.NET's own trainers say; the others are skipped and counted.</summary>
internal sealed class RowCursor : IDisposable
{
    private readonly IHost _host;
    private readonly RowColumns _columns;
    private readonly Func<bool> _isCanceled;
    private readonly HeldOutRows? _heldOut;
    private readonly DataViewRowCursor _cursor;
    private readonly VectorReader<float> _features;
    private readonly ChannelsLast _channelsLast;
    private readonly ValueGetter<float>? _getWeight;
    private readonly ValueGetter<ulong>? _getGroup;
    private readonly ValueGetter<DataViewRowId>? _getId;
    private float _weight = 1;
    private ulong _group;
    private DataViewRowId _id;

    /// <param name="host">Makes the exceptions.</param>
    /// <param name="columns">The rows.</param>
    /// <param name="isCanceled">Says whether to stop.</param>
    /// <param name="heldOut">Rows to leave out; those whose turn it is are added to them until they are complete. Null for none.</param>
    public RowCursor(IHost host, RowColumns columns, Func<bool> isCanceled, HeldOutRows? heldOut = null)
    {
        _host = host;
        _columns = columns;
        _isCanceled = isCanceled;
        _heldOut = heldOut;
        _cursor = columns.View.GetRowCursor(columns.All);
        try
        {
            _features = new VectorReader<float>(_cursor, columns.Feature);
            _channelsLast = new ChannelsLast(columns.Planes);
            _getWeight = columns.Weight is { } weight ? _cursor.GetGetter<float>(weight) : null;
            _getGroup = columns.Group is { } group ? RowCursorUtils.GetGetterAs<ulong>(NumberDataViewType.UInt64, _cursor, group.Index) : null;
            _getId = heldOut is null ? null : _cursor.GetIdGetter();
            Label = LabelReader.Create(_cursor, columns);
        }
        catch
        {
            _cursor.Dispose();
            throw;
        }
    }

    /// <summary>The counts of the rows so far.</summary>
    public RowCounts Counts { get; } = new();

    /// <summary>The current row's features, as the network takes them.</summary>
    public ref readonly VBuffer<float> Features => ref _channelsLast.Of(in _features.Current);

    /// <summary>Holds the current row's label.</summary>
    public LabelReader Label { get; }

    /// <summary>The current row's weight; 1 without a column of weights.</summary>
    public float Weight => _weight;

    /// <summary>What identifies the current row's group; 0 without a column of groups.</summary>
    public ulong Group => _group;

    /// <summary>Goes to the next usable row.</summary>
    /// <returns>False where there is none, or training was cancelled.</returns>
    /// <exception cref="InvalidOperationException">The data view cannot give a row; the message says how many were read before it.</exception>
    public bool MoveNext()
    {
        try
        {
            while (!_isCanceled() && _cursor.MoveNext())
            {
                var isUsable = TryTake();
                Counts.Read++;
                if (isUsable)
                    return true;
            }

            return false;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw _host.Except(error, $"Reading the {_columns.Set} data failed after {Counts.Read} rows: {error.GetBaseException().Message}");
        }
    }

    public void Dispose() => _cursor.Dispose();

    /// <returns>Whether the current row is for the caller.</returns>
    private bool TryTake()
    {
        _getId?.Invoke(ref _id);
        return _heldOut?.Contains(_id) != true && TryRead() && _heldOut?.TryTake(this, _id) != true;
    }

    /// <returns>Whether the current row can be used.</returns>
    private bool TryRead()
    {
        // All columns are read, even where the features are bad: a value that cannot be read is an error, not a row to skip.
        var number = Counts.Read + 1;
        _features.Read(number);
        var hasLabel = Label.TryRead(number);
        _getWeight?.Invoke(ref _weight);
        _getGroup?.Invoke(ref _group);
        var isComplete = FiniteValues.All(_features.Current.GetValues());
        if (!isComplete && FirstBadSlot() is { } slot)
        {
            Counts.BadFeatures++;
            Counts.FirstBadSlot ??= slot;
        }
        else if (!hasLabel)
            Counts.BadLabels++;
        else if (_weight is not (> 0 and < float.PositiveInfinity))
            Counts.BadWeights++;
        else if (_group == 0 && _columns.Group is { Type: KeyDataViewType })
            Counts.BadGroups++;
        else if (_columns.LookedUpBy is { } embedding && LookedUpNumbers.Problem(in _features.Current, embedding, _columns.Feature) is { } problem)
            throw new InvalidOperationException($"row {number} has {problem}");
        else
        {
            Counts.WithMissing += isComplete ? 0 : 1;
            _columns.Storage.HasMissing |= !isComplete;
            return true;
        }

        return false;
    }

    /// <summary>The first slot of the current row whose feature is infinite, or missing where none may be; null where there is none.</summary>
    private int? FirstBadSlot()
    {
        foreach (var (slot, value) in _features.Current.Items())
        {
            if (!float.IsFinite(value) && !(float.IsNaN(value) && _columns.MayMiss(slot)))
                return slot;
        }

        return null;
    }
}
