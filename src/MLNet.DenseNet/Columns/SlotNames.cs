using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Columns;

/// <summary>The names of a vector column's slots, where they have some.</summary>
/// <param name="Named">The slots that have a name, ascending, with their names.</param>
internal sealed record SlotNames(IReadOnlyList<(int Slot, string Name)> Named)
{
    /// <returns>Null where no slot has a name.</returns>
    public static SlotNames? Of(DataViewSchema.Column column)
    {
        if (!column.HasSlotNames())
            return null;
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        var named = names.Items().Where(item => !item.Value.IsEmpty).Select(item => (item.Key, item.Value.ToString())).ToArray();
        return named.Length == 0 ? null : new SlotNames(named);
    }

    /// <summary>A name that stands for another slot here than there: what was learned of the one would be taken for the other. Names that stand twice tell nothing.</summary>
    /// <returns>The first one, with its slot here and there; null where there is none.</returns>
    public (string Name, int Here, int There)? FirstMoved(SlotNames others)
    {
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

    private Dictionary<string, int> Single() => Named.GroupBy(named => named.Name).Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.First().Slot);
}
