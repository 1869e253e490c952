using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A range of indices cut for threads. Parts begin at whole units, follow one another, and are as equal as whole units allow.</summary>
/// <param name="Length">How many indices.</param>
/// <param name="Unit">How many of them stay together, at least 1; the last unit may be shorter.</param>
/// <param name="Parts">Into how many parts, at least 1. Where units are fewer, some parts are empty.</param>
internal readonly record struct RangeShares(int Length, int Unit, int Parts)
{
    /// <summary>One of the parts: its first index, and the one after its last.</summary>
    public (int First, int End) this[int part] => Parts == 1 ? (0, Length) : (Start(part), Start(part + 1));

    /// <summary>The length of the largest part.</summary>
    public long Longest
    {
        get
        {
            if (Parts == 1)
                return Length;
            // The last part is one of those with the most units. Where it is the only one, it is shorter by what its last unit lacks.
            long units = Units(Length, Unit);
            return (units + Parts - 1) / Parts * Unit - (units % Parts == 1 ? units * Unit - Length : 0);
        }
    }

    /// <summary>As many parts as asked for, but no more than there are units.</summary>
    public static RangeShares AtMost(int parts, int length, int unit = 1) => new(length, unit, Math.Max(1, Math.Min(parts, Units(length, unit))));

    /// <summary>Whole items for each thread, as that leaves the least to pass between threads. How many threads depends on the work of all items together.</summary>
    /// <param name="items">How many items, such as networks trained side by side.</param>
    /// <param name="multiplyAdds">Of all items together.</param>
    /// <param name="largest">Of the largest product of one item. Where it is worth more threads than there are items, all items are one part, and threads share each product instead.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static RangeShares OfItems(int items, long multiplyAdds, long largest, ThreadTeam? team)
    {
        var threads = items == 1 ? 1 : WorkShares.Threads(team, multiplyAdds);
        if (threads > items)
            threads = WorkShares.Threads(team, largest) > items ? 1 : items;
        return new(items, 1, threads);
    }

    private static int Units(int length, int unit) => (int)(((long)length + unit - 1) / unit);

    private int Start(int part) => part == Parts ? Length : (int)((long)Units(Length, Unit) * part / Parts) * Unit;
}
