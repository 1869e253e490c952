using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Columns;

/// <summary>The names of a vector column's slots, of those that have one.</summary>
/// <param name="Named">The slots that have a name, ascending, with their names.</param>
internal sealed record SlotNames(IReadOnlyList<(int Slot, string Name)> Named)
{
    /// <summary>Reads them from a column.</summary>
    /// <returns>Null where no slot has a name.</returns>
    public static SlotNames? Of(DataViewSchema.Column column)
    {
        var named = Read(column).Items().Where(item => !item.Value.IsEmpty).Select(item => (item.Key, item.Value.ToString())).ToArray();
        return named.Length == 0 ? null : new SlotNames(named);
    }

    /// <summary>The name of every slot, empty for those that have none.</summary>
    /// <returns>Null where the column has no names.</returns>
    public static string[]? All(DataViewSchema.Column column) =>
        Read(column) is { Length: > 0 } names ? [.. names.DenseValues().Select(name => name.ToString())] : null;

    /// <summary>Adds the names to the annotations of a column.</summary>
    /// <param name="annotations">Of the column.</param>
    /// <param name="size">How many slots it has.</param>
    public void AddTo(DataViewSchema.Annotations.Builder annotations, int size)
    {
        var all = new ReadOnlyMemory<char>[size];
        foreach (var (slot, name) in Named)
            all[slot] = name.AsMemory();
        var vector = new VBuffer<ReadOnlyMemory<char>>(size, all);
        annotations.AddSlotNames(size, (ref VBuffer<ReadOnlyMemory<char>> destination) => vector.CopyTo(ref destination));
    }

    /// <summary>A slot by its name and place, for messages.</summary>
    public static string Describe(DataViewSchema.Column column, int slot)
    {
        var names = Read(column);
        var name = slot < names.Length ? names.GetItemOrDefault(slot) : default;
        return name.IsEmpty ? $"in slot {slot}" : $"'{name}' in slot {slot}";
    }

    /// <summary>Looks for a name that stands for another slot here than there: what was learned of one feature would be taken for another. Names that occur twice tell nothing.</summary>
    /// <returns>The first one, with its slot here and there; null where there is none.</returns>
    public (string Name, int Here, int There)? FirstMoved(SlotNames others)
    {
        if (Match(others))
            return null;
        var (here, there) = (Single(), others.Single());
        foreach (var (slot, name) in Named)
        {
            if (here.ContainsKey(name) && there.TryGetValue(name, out var other) && other != slot)
                return (name, slot, other);
        }

        return null;
    }

    /// <summary>Whether these are the other's names of the same slots.</summary>
    public bool Match(SlotNames others) => Named.SequenceEqual(others.Named);

    /// <summary>The names, shortened where they are many or long.</summary>
    public override string ToString() => NameList.Of([.. Named.Select(named => named.Name)]);

    /// <returns>A name for each slot; no names where there are more or fewer than slots.</returns>
    private static VBuffer<ReadOnlyMemory<char>> Read(DataViewSchema.Column column)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        if (!column.HasSlotNames())
            return names;
        column.GetSlotNames(ref names);
        return names.Length == ((VectorDataViewType)column.Type).Size ? names : default;
    }

    private Dictionary<string, int> Single() => Named.GroupBy(named => named.Name).Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.First().Slot);
}
