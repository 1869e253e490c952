using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Columns;

/// <summary>
/// Keys as features. A network takes them as one-hot encoding has them: for each slot of the column a number for each key, 1 for the key that is there and 0 for all others; of a missing key all are 0. Where an embedding looks features up,
/// it takes them as they are: numbers from 1, and 0 for a missing key.
/// </summary>
/// <param name="Slots">The keys of a row; null where the column is a single key and no vector.</param>
/// <param name="Count">How many keys there are to a slot.</param>
/// <param name="AreNumbers">Whether they come to the network as numbers.</param>
internal sealed record KeyFeatures(int? Slots, int Count, bool AreNumbers)
{
    /// <summary>The features that the network takes.</summary>
    public int Size => AreNumbers ? Length : checked(Length * Count);

    /// <summary>The keys of a row.</summary>
    public int Length => Slots ?? 1;

    /// <summary>The keys of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="areNumbers">Whether an embedding looks them up.</param>
    /// <returns>Null where it has none, or more than there can be features.</returns>
    public static KeyFeatures? Of(DataViewSchema.Column column, bool areNumbers)
    {
        if (column.Type.GetItemType() is not KeyDataViewType key || column.Type is VectorDataViewType { IsKnownSize: false })
            return null;
        var slots = (column.Type as VectorDataViewType)?.Size;
        return key.Count * (double)(areNumbers ? 1 : slots ?? 1) > Array.MaxLength ? null : new KeyFeatures(slots, (int)key.Count, areNumbers);
    }

    /// <param name="host">Makes the exception.</param>
    /// <param name="column">The column.</param>
    /// <param name="areNumbers">Whether an embedding looks them up.</param>
    /// <returns>Null where it has none.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are more keys than there can be features.</exception>
    public static KeyFeatures? Of(IHost host, DataViewSchema.Column column, bool areNumbers)
    {
        if (Of(column, areNumbers) is { } keys)
            return keys;
        return column.Type.GetItemType() is not KeyDataViewType ? null : throw host.ExceptParam(
            "feature", FormattableString.Invariant($"The feature column '{column.Name}' has the type {column.Type}, whose keys would be more than {Array.MaxLength:N0} features. A key has as many values as its type says, whether they occur or not; MapValueToKey makes one of those that occur."));
    }

    /// <summary>Whether columns of these and of other keys are of the same type.</summary>
    public bool Match(KeyFeatures other) => (Slots, Count) == (other.Slots, other.Count);

    /// <summary>The type of the vectors that the network takes.</summary>
    /// <param name="column">The column, whose dimensions numbers keep.</param>
    public VectorDataViewType VectorType(DataViewSchema.Column column) =>
        AreNumbers && column.Type is VectorDataViewType keys ? new(NumberDataViewType.Single, keys.Dimensions) : new(NumberDataViewType.Single, Size);

    /// <summary>Whether the features that the network takes have names.</summary>
    public bool HaveNames(DataViewSchema.Column column) => AreNumbers ? column.HasSlotNames() : KeyValues.TypeOf(column) is not null;

    /// <summary>The names of the features that the network takes: of a value "Red" of the column, or of its slot, "Color" it is "Color.Red".</summary>
    /// <param name="column">The column.</param>
    /// <returns>Null where the keys have no values, or numbers no names of slots.</returns>
    public string[]? Names(DataViewSchema.Column column)
    {
        var slots = SlotNames.All(column);
        if (AreNumbers)
            return slots;
        if (KeyValues.Of(column) is not { } values || values.Values.Count != Count)
            return null;
        return [.. Enumerable.Range(0, Length).SelectMany(slot => values.Values, (slot, value) => $"{NameOf(slot)}.{value}")];

        string NameOf(int slot) => Slots is null ? column.Name : slots is not null && slots[slot].Length > 0 ? slots[slot] : FormattableString.Invariant($"{column.Name}[{slot}]");
    }

    /// <summary>The type of a column of such keys, in words.</summary>
    public override string ToString() => Slots is null
        ? FormattableString.Invariant($"a key of {Count} values")
        : FormattableString.Invariant($"a vector of {Slots} keys of {Count} values");
}
